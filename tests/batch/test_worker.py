"""Several targets of one video: none stops another, and all are followed as `tracker track` follows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.helpers import Clip, hidden_in, jobs_of, rows_of, statuses
from tests.cli.helpers import count_frames
from tracker.batch import Job, Local, Status, Target, run
from tracker.errors import ConfigError, OutputError
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
    assert log.endswith(", 2 of its targets not followed\n")
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


def test_other_files_beside_the_table(clips: list[Clip], tmp_path: Path) -> None:
    jobs, out = jobs_of(clips)[:1], tmp_path / "out"
    assert statuses(run(jobs, out, backend=HERE)) == ["done"]
    table = (out / "clip0.csv").read_bytes()
    assert statuses(run(jobs, out, backend=HERE, also=["video", "mot", "jsonl"])) == ["done"]
    assert count_frames(out / "clip0.mp4") == 12
    assert len((out / "clip0.mot.txt").read_text().splitlines()) == 12
    assert len((out / "clip0.jsonl").read_text().splitlines()) == 12
    assert (out / "clip0.csv").read_bytes() == table
    assert statuses(run(jobs, out, backend=HERE, also=["mot", "jsonl", "video"])) == ["kept"]
    (out / "clip0.mp4").unlink()
    assert statuses(run(jobs, out, backend=HERE, also=["mot", "jsonl", "video"])) == ["done"]
    assert hidden_in(out) == []


def test_a_video_of_others_is_not_replaced(clips: list[Clip], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "clip0.mp4").write_text("mine")
    (outcome,) = run(jobs_of(clips)[:1], tmp_path / "out", backend=HERE, also=["video"])
    assert "clip0.mp4 is there already and not from a batch" in outcome.error
    assert (tmp_path / "out" / "clip0.mp4").read_text() == "mine"


def test_a_video_is_never_its_own_result(clips: list[Clip], tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is the input itself"):
        run(jobs_of(clips)[:1], clips[0].path.parent, backend=HERE, also=["video"])
    assert count_frames(clips[0].path) == 12


def test_a_file_that_is_not_known_is_told(clips: list[Clip], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'gif' cannot be written for each video: choose from video"):
        run(jobs_of(clips)[:1], tmp_path / "out", backend=HERE, also=["gif"])


def test_after_a_failure_no_file_beside_the_table_is_left(clips: list[Clip], tmp_path: Path) -> None:
    job = Job(str(clips[0].path), (Target(OUTSIDE),))
    assert statuses(run([job], tmp_path / "out", backend=HERE, also=["video", "mot"])) == ["failed"]
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".log", ".yaml"]
