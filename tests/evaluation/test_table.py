from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from tests.evaluation.drills.runs import drilled_run
from tests.evaluation.fakes import run
from tracker.evaluation import Evaluation
from tracker.evaluation.table import SortBy, drills_table, peers_table, results_table
from tracker.tracking.result import TrackState


def shown(table, width=120) -> str:
    text = io.StringIO()
    Console(width=width, file=text).print(table)
    return text.getvalue()


def test_the_table_shows_each_clip_the_means_and_what_went_wrong():
    evaluation = Evaluation(
        (
            run("clip[a]", [0.0] * 4),
            run("clip[a]", [3.0] * 4, start=1),
            run("b", [40.0, np.nan], error="frame 2: [bold]odd", state=TrackState.LOST),
            run("b", [40.0] * 2, start=1),
        ),
        jobs=2,
    )
    text = shown(results_table(evaluation, "fast"))
    (row,) = [line for line in text.splitlines() if "clip[a]" in line]
    assert [cell.strip() for cell in row.split("│")[1:-1]] == [
        "clip[a]",
        "4",
        "0.952",
        "1.000",
        "1.000",
        "0%",
        "1.00",
        "1.00",
    ]
    assert "mean of 2" in text
    assert "jittered start 1: AUC 0.286" in text
    assert "2 jobs ran side by side" in text
    assert "b, start 0: frame 2: [bold]odd" in text


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (SortBy.NAME, ["Alpha", "beta", "gone", "slow"]),
        (SortBy.AUC, ["beta", "slow", "Alpha", "gone"]),
        (SortBy.PRECISION, ["beta", "Alpha", "slow", "gone"]),
        (SortBy.SUCCESS, ["beta", "Alpha", "slow", "gone"]),
        (SortBy.TIME, ["Alpha", "beta", "gone", "slow"]),
        (SortBy.LOST, ["Alpha", "beta", "gone", "slow"]),
    ],
)
def test_rows_are_ordered_as_asked_unknown_ones_last(sort, order):
    evaluation = Evaluation(
        (
            run("slow", [1.0], elapsed=[0.009], state=TrackState.LOST),
            run("gone", [0.0], still=[0]),
            run("beta", [40.0]),
            run("Alpha", [0.0]),
        )
    )
    text = shown(results_table(evaluation, sort=sort))
    rows = [line.split("│")[1].strip() for line in text.splitlines() if line.startswith("│")]
    assert rows[:4] == order


def test_the_caption_holds_the_diagnosis():
    text = " ".join(shown(results_table(Evaluation((run("a", [0.0] * 4), run("b", [40.0] * 4))))).split())
    assert "overlap < 0.1 in 50.0% of the frames, 0 in 50.0%" in text
    assert "log error of size: 0.000, signed +0.000 (grown –, steady +0.000, shrunk –)" in text
    assert "AUC with the true center 0.952, area 0.476, size 0.476" in text


def test_drills_have_a_row_each_that_fits_a_terminal():
    runs = (
        drilled_run("T" * 10 + "L" * 20 + "T" * 5, [0.0] * 35, (11, 31)),
        drilled_run("T" * 35, [0.0] * 10 + [40.0] * 25, (11, 31), drill="lookalike", error="frame 2: [bold]odd"),
    )
    text = shown(drills_table(Evaluation(runs), "fast"), width=80)
    rows = {line.split("│")[1].strip(): line for line in text.splitlines() if line.startswith("│")}
    cells = [cell.strip() for cell in rows["cover"].split("│")[1:-1]]
    assert cells == ["cover", "1/1", "1.00", "–", "1.00", "0.00", "0.00", "0", "0", "0.50"]
    assert "never" in rows["lookalike"]
    assert "block, start 0: frame 2: [bold]odd" in text


def test_peers_have_a_row_each_for_one_drill():
    evaluations = {
        name: Evaluation(
            (drilled_run(states, [0.0] * 35, (11, 31)), drilled_run(states, [0.0] * 35, (11, 31), drill="cut"))
        )
        for name, states in (("ours", "T" * 10 + "L" * 20 + "T" * 5), ("theirs", "T" * 35))
    }
    text = shown(peers_table(evaluations, "cut"))
    assert "cut: Fifty frames" in text
    rows = {line.split("│")[1].strip(): line for line in text.splitlines() if line.startswith("│")}
    assert [rows[name].split("│")[3].strip() for name in ("ours", "theirs")] == ["1.00", "0.00"]
