"""Runs over several videos, in this process or in processes of this machine."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

import tracker.batch.worker
from tests.batch.helpers import (
    Clip,
    Deadly,
    check_whole,
    hidden_in,
    jobs_of,
    render,
    rows_of,
    statuses,
    tables_in,
    task_of,
)
from tracker.batch import Job, Local, Outcome, Status, Target, run
from tracker.batch.jobs import jobs_from
from tracker.batch.runner import write_summary
from tracker.batch.worker import work
from tracker.errors import BoxError, ConfigError, OutputError
from tracker.region import Length
from tracker.session import Session, Step, track
from tracker.video.base import Frame
from tracker.video.span import Span

HERE = Local(1)


def test_results_are_those_of_tracking_alone(clips: list[Clip], tmp_path: Path) -> None:
    outcomes = run(jobs_of(clips), tmp_path / "out", backend=HERE)
    assert statuses(outcomes) == ["done"] * 3
    for clip, outcome in zip(clips, outcomes, strict=True):
        rows = rows_of(tmp_path / "out" / outcome.result)
        box = [float(word) for word in clip.roi.split(",")]
        expected = [result.box for _, result in track(clip.path, box)]
        assert [float(row["x"]) for row in rows] == pytest.approx([found.x for found in expected], abs=6e-4)
        assert {row["elapsed_ms"] for row in rows} == {""}  # what differs from run to run is not in the results
        assert (outcome.frames, outcome.targets, outcome.bad_frames) == (12, 1, 0)
        assert outcome.tracking + outcome.occluded + outcome.lost == pytest.approx(1)
        assert outcome.fps > 0
        assert outcome.source == str(clip.path)
    assert hidden_in(tmp_path / "out") == []


def test_results_never_replace_what_the_targets_were_read_from(clips: list[Clip], tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    shutil.copy(clips[0].path, folder / "a.mp4")
    table = folder / "a.csv"
    table.write_text(f"frame,x,y,w,h\n2,{clips[0].roi}\n")
    before = table.read_bytes()
    with pytest.raises(OutputError, match=r"a\.csv is an input of this run"):
        run(jobs_from(str(folder)), folder, backend=HERE, again=True)
    assert table.read_bytes() == before
    (outcome,) = run(jobs_from(str(folder)), tmp_path / "out", backend=HERE)
    assert rows_of(tmp_path / "out" / outcome.result)[0]["frame"] == "2"


def test_results_beside_the_videos_are_no_start(clips: list[Clip], tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    shutil.copy(clips[0].path, folder / "a.mp4")
    jobs = jobs_from(str(folder), clips[0].roi)
    assert statuses(run(jobs, folder, backend=HERE)) == ["done"]
    assert jobs_from(str(folder), clips[0].roi) == jobs
    assert statuses(run(jobs_from(str(folder), clips[0].roi), folder, backend=HERE)) == ["kept"]


def test_what_is_done_is_kept_until_something_changes(clips: list[Clip], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(jobs_of(clips), out, backend=HERE)
    before = tables_in(out)
    assert statuses(run(jobs_of(clips), out, backend=HERE)) == ["kept"] * 3
    others = run(jobs_of(clips), out, "fast", backend=HERE)
    assert statuses(others) == ["failed"] * 3
    assert "holds results of other settings: choose another folder, or use --overwrite" in others[0].error
    assert tables_in(out) == before, "results of another preset are replaced only where that is said"
    assert statuses(run(jobs_of(clips), out, "fast", backend=HERE, again=True)) == ["done"] * 3
    assert statuses(run(jobs_of(clips), out, backend=HERE, again=True)) == ["done"] * 3
    render(clips[0].path, seed=9)
    assert statuses(run(jobs_of(clips), out, backend=HERE)) == ["done", "kept", "kept"]
    (out / "clip1.csv").write_text("cut off")
    (out / "clip2.csv").unlink()
    assert statuses(run(jobs_of(clips), out, backend=HERE)) == ["kept", "done", "done"]
    assert {name: tables_in(out)[name] for name in ("clip1.csv", "clip2.csv")} == {
        name: before[name] for name in ("clip1.csv", "clip2.csv")
    }
    elsewhere = replace(jobs_of(clips)[0], targets=(Target(jobs_of(clips)[0].targets[0].roi, 5),))
    assert statuses(run([elsewhere], out, backend=HERE)) == ["done"]
    assert statuses(run([elsewhere], out, backend=HERE, again=True)) == ["done"]


def test_another_version_does_it_again(clips: list[Clip], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(jobs_of(clips[:1]), tmp_path / "out", backend=HERE)
    monkeypatch.setattr("tracker.batch.record.__version__", "99.0")
    assert statuses(run(jobs_of(clips[:1]), tmp_path / "out", backend=HERE)) == ["done"]


def test_one_bad_video_never_stops_the_rest(clips: list[Clip], tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    jobs = [
        Job.of(tmp_path / "missing.mp4", "1,2,3,4"),
        Job.of(tmp_path / "text.mp4", "1,2,30,40"),
        *jobs_of(clips[:1]),
        Job.of(clips[1].path, "500,2,30,40"),
        Job(str(clips[2].path), (Target(jobs_of(clips)[0].targets[0].roi, span=Span(50)),)),
    ]
    outcomes = run(jobs, tmp_path / "out", backend=HERE)
    assert statuses(outcomes) == ["failed", "failed", "done", "failed", "failed"]
    assert "missing.mp4 (No such file" in outcomes[0].error
    assert "text.mp4" in outcomes[1].error
    assert "target 0, frame 0: box (500, 2, 30, 40) lies outside" in outcomes[3].error
    assert "before the start frame 50" in outcomes[4].error
    assert [path.name for path in (tmp_path / "out").glob("*.csv")] == ["clip0.csv"]
    assert outcomes[3].error in (tmp_path / "out" / "clip1.log").read_text()
    assert hidden_in(tmp_path / "out") == []


def test_a_name_that_is_no_text_is_a_name_like_others(clips: list[Clip], tmp_path: Path) -> None:
    strange = Path(os.fsdecode(os.fsencode(clips[0].path.parent) + b"/q\xff.mp4"))
    clips[0].path.rename(strange)
    jobs = [Job.of(strange, clips[0].roi), *jobs_of(clips[1:])]
    outcomes = run(jobs, tmp_path / "out", backend=HERE)
    assert statuses(outcomes) == ["done"] * 3
    assert outcomes[0].source.endswith(r"q\xff.mp4")
    assert statuses(run(jobs, tmp_path / "out", backend=HERE)) == ["kept"] * 3
    write_summary(outcomes, tmp_path / "summary.csv")
    assert r"q\xff.mp4" in (tmp_path / "summary.csv").read_text()


def test_what_nobody_expected_is_a_failure_with_its_traceback(
    clips: list[Clip], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker.batch.worker, "Session", None)
    (outcome,) = run(jobs_of(clips[:1]), tmp_path / "out", backend=HERE)
    assert outcome.error.startswith("TypeError: ")
    assert "Traceback" in (tmp_path / "out" / "clip0.log").read_text()


def test_a_worker_takes_one_core_and_gives_the_rest_back(
    clips: list[Clip], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    class Watched(Session):
        def process(self, frame: Frame) -> Step:
            seen.append((cv2.getNumThreads(), os.environ.get("OPENCV_FFMPEG_THREADS")))
            return super().process(frame)

    monkeypatch.setattr(tracker.batch.worker, "Session", Watched)
    before = cv2.getNumThreads()
    for given in ("7", None):
        monkeypatch.setenv("OPENCV_FFMPEG_THREADS", given) if given else monkeypatch.delenv("OPENCV_FFMPEG_THREADS")
        assert work(task_of(clips[0], tmp_path, again=True, run=str(given))).status is Status.DONE
        assert os.environ.get("OPENCV_FFMPEG_THREADS") == given
    assert set(seen) == {(1, "1")}
    assert cv2.getNumThreads() == before


def test_files_of_others_are_not_touched(clips: list[Clip], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "clip0.csv").write_text("mine")
    outcomes = run(jobs_of(clips), out, backend=HERE)
    assert statuses(outcomes) == ["failed", "done", "done"]
    assert "not from a batch" in outcomes[0].error
    assert (out / "clip0.csv").read_text() == "mine"
    assert statuses(run(jobs_of(clips), out, backend=HERE, again=True)) == ["done"] * 3


def test_settings_and_record_say_how_it_was_made(clips: list[Clip], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(jobs_of(clips[:1]), out, "accurate", backend=HERE)
    record = json.loads((out / "clip0.json").read_text())
    assert set(record["versions"]) == {"tracker", "python", "numpy", "opencv"}
    (settings,) = out.glob("settings-*.yaml")
    assert settings.name == f"settings-{record['settings']}.yaml"
    assert statuses(run(jobs_of(clips[:1]), out, settings, backend=HERE)) == ["kept"]
    assert (out / "clip0.log").read_text().splitlines()[2] == "frame 0: target 0 tracking"


def test_processes_give_the_same_bytes_and_one_that_dies_costs_one_video(clips: list[Clip], tmp_path: Path) -> None:
    jobs = jobs_of(clips)
    run(jobs, tmp_path / "here", backend=HERE)
    shutil.copy(clips[0].path, tmp_path / "deadly.mp4")
    numbers = [Length(value, percent=False) for value in (10.0, 10.0, 30.0, 30.0)]
    deadly = Job(str(tmp_path / "deadly.mp4"), (Target(Deadly(*numbers)),))
    seen: list[Outcome] = []
    outcomes = run([deadly, *jobs], tmp_path / "out", backend=Local(2), on_outcome=seen.append)
    assert statuses(outcomes) == ["failed", "done", "done", "done"]
    assert outcomes[0].error.startswith("2 processes died over this video")
    assert sorted(outcome.source for outcome in seen) == sorted(job.source for job in [deadly, *jobs])
    assert tables_in(tmp_path / "out") == tables_in(tmp_path / "here")
    check_whole(tmp_path / "out")
    assert hidden_in(tmp_path / "out") == []


def test_a_result_that_a_dead_worker_had_finished_is_done_not_kept(clips: list[Clip], tmp_path: Path) -> None:
    task = task_of(clips[0], tmp_path)
    assert work(task).status is Status.DONE
    assert work(task).status is Status.DONE
    assert work(replace(task, run="another")).status is Status.KEPT


def test_a_worker_that_does_not_see_the_folder_says_so(clips: list[Clip], tmp_path: Path) -> None:
    outcome = work(task_of(clips[0], tmp_path / "elsewhere"))
    assert outcome.status is Status.FAILED
    assert "every worker must see the folder" in outcome.error


def test_workers_of_another_version_refuse(clips: list[Clip], tmp_path: Path) -> None:
    outcome = work(task_of(clips[0], tmp_path, version="0.0"))
    assert "install the same everywhere" in outcome.error


def test_what_is_not_possible(clips: list[Clip], tmp_path: Path) -> None:
    out = tmp_path / "out"
    (job,) = jobs_of(clips[:1])
    with pytest.raises(ConfigError, match="no video to work on"):
        run([], out)
    with pytest.raises(ConfigError, match="is in two jobs"):
        run([job, job], out)
    with pytest.raises(ConfigError, match="has no target"):
        run([Job("a.mp4", ())], out)
    with pytest.raises(ConfigError, match="2 targets of the number 0"):
        run([Job("a.mp4", job.targets * 2)], out)
    with pytest.raises(ConfigError, match="stride"):
        run([Job("a.mp4", (replace(job.targets[0], span=Span(stride=2)),))], out)
    with pytest.raises(ConfigError, match="is live"):
        run([Job("rtsp://camera/1", job.targets)], out)
    with pytest.raises(ConfigError, match="is live"):
        run([Job("0", job.targets)], out)
    with pytest.raises(ConfigError, match="no preset"):
        run([job], out, "slow")
    with pytest.raises(BoxError, match="cannot read the box"):
        Job.of("a.mp4", "1,2,3")
    assert not out.exists()
    with pytest.raises(ConfigError, match="0 processes"):
        run([job], out, backend=Local(0))
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot make the folder"):
        run([job], tmp_path / "file" / "out")
