"""Several targets of one video: none stops another, and all are followed as `tracker track` follows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.helpers import Clip, jobs_of, rows_of, statuses
from tracker.batch import Job, Local, Status, Target, run
from tracker.output.text import CsvSink
from tracker.region import Region
from tracker.session import Session
from tracker.tracking.multi import MultiTracker
from tracker.video.sources import open_source
from tracker.video.span import Span

HERE = Local(1)
SCENE = "synth:crossing:frames=30"
OUTSIDE = Region.parse("5000,2,30,40")


def test_several_targets_each_in_its_span(clips: list[Clip], tmp_path: Path) -> None:
    roi = jobs_of(clips)[0].targets[0].roi
    targets = (Target(roi, 4, "late", Span(3, 6)), Target(roi, 1, "all"), Target(roi, 2, "timed", Span(0.2, 0.32)))
    (outcome,) = run([Job(str(clips[0].path), targets)], tmp_path / "out", backend=HERE)
    rows = rows_of(tmp_path / "out" / "clip0.csv")
    frames = {label: [int(row["frame"]) for row in rows if row["label"] == label] for label in ("late", "all", "timed")}
    assert frames == {"late": [3, 4, 5], "all": list(range(12)), "timed": [5, 6, 7]}
    assert {row["id"] for row in rows} == {"4", "1", "2"}
    assert (outcome.frames, outcome.targets) == (12, 3)
    one = replace(targets[0], id=0)
    (outcome,) = run([Job(str(clips[0].path), (one,))], tmp_path / "out", backend=HERE)
    assert outcome.frames == 3  # nothing is read that nobody wants


def test_a_bad_target_is_reported_and_the_others_are_followed(clips: list[Clip], tmp_path: Path) -> None:
    roi = jobs_of(clips)[0].targets[0].roi
    targets = (Target(OUTSIDE, 3, "bad"), Target(roi, 1), Target(roi, 2, "never", Span(50)))
    (outcome,) = run([Job(str(clips[0].path), targets)], tmp_path / "out", backend=HERE)
    assert (outcome.status, outcome.targets, outcome.refused, outcome.frames) == (Status.DONE, 1, 2, 12)
    bad, never = outcome.error.split("; ")
    assert bad.startswith("target 3, frame 0: box (5000, 2, 30, 40) lies outside")
    assert never == "target 2 starts at 50, after the last frame: check its start"
    log = (tmp_path / "out" / "clip0.log").read_text()
    assert f"{bad}\n" in log
    assert f"{never}\n" in log
    assert log.endswith(", 2 targets not followed\n")
    with_it = (tmp_path / "out" / "clip0.csv").read_bytes()
    (outcome,) = run([Job(str(clips[0].path), targets[1:2])], tmp_path / "out", backend=HERE)
    assert (outcome.error, outcome.refused) == ("", 0)
    assert (tmp_path / "out" / "clip0.csv").read_bytes() == with_it


def test_what_is_kept_keeps_its_error(clips: list[Clip], tmp_path: Path) -> None:
    roi = jobs_of(clips)[0].targets[0].roi
    job = Job(str(clips[0].path), (Target(roi), Target(OUTSIDE, 1)))
    (first,) = run([job], tmp_path / "out", backend=HERE)
    (again,) = run([job], tmp_path / "out", backend=HERE)
    assert statuses([first, again]) == ["done", "kept"]
    assert again.error == first.error != ""


def test_a_video_of_which_no_target_can_be_followed_has_failed(clips: list[Clip], tmp_path: Path) -> None:
    job = Job(str(clips[0].path), (Target(OUTSIDE, 7), Target(OUTSIDE, 8, "", Span(50))))
    (outcome,) = run([job], tmp_path / "out", backend=HERE)
    assert (outcome.status, outcome.targets) == (Status.FAILED, 0)
    assert [error.split(":")[0] for error in outcome.error.split("; ")] == [
        "target 7, frame 0",
        "target 8 starts at 50, after the last frame",
    ]
    assert list((tmp_path / "out").glob("*.csv")) == []


@pytest.mark.parametrize("config", ["fast", "accurate"])
def test_results_are_those_of_a_session_with_the_same_targets(tmp_path: Path, config: str) -> None:
    with open_source(SCENE) as source:
        boxes = [source.truth(0, number) for number in range(2)]
    rois = [",".join(f"{value:.2f}" for value in box) for box in boxes]
    targets = [Target(Region.parse(roi), number, f"t{number}") for number, roi in enumerate(rois)]
    late = Target(Region.parse(rois[0]), 5, "late", Span(6))
    run([Job(SCENE, (*targets, late))], tmp_path / "out", config, backend=HERE)
    with Session(
        open_source(SCENE),
        targets=(*targets, late),
        tracker=MultiTracker.from_config(config),
        sinks=[CsvSink(tmp_path / "session.csv")],
    ) as session:
        session.run()
    (table,) = (path for path in (tmp_path / "out").glob("*.csv"))
    assert table.read_bytes() == without_times(tmp_path / "session.csv")


def without_times(path: Path) -> bytes:
    """Return a table with what differs from run to run left out."""
    rows = [line.split(",") for line in path.read_text().split("\n")]
    place = rows[0].index("elapsed_ms")
    return "\n".join(
        ",".join("" if number and place == column else word for column, word in enumerate(row))
        for number, row in enumerate(rows)
    ).encode()
