"""What the tests of batches share."""

from __future__ import annotations

import csv
import os
import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2

from tracker.batch.jobs import Job
from tracker.batch.record import Outcome, read_record
from tracker.batch.worker import Task
from tracker.config.reader import load_config
from tracker.geometry import Box
from tracker.region import Region
from tracker.video.base import Frame
from tracker.video.sources import open_source


@dataclass(frozen=True)
class Clip:
    path: Path
    roi: str


def render(path: Path, seed: int, frames: int = 12) -> Clip:
    """Render a small clip with a moving target."""
    with open_source(f"synth:smooth:frames={frames}:size=160x120:seed={seed}") as source:
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, (160, 120))
        for frame in source:
            writer.write(frame.image)
        writer.release()
        roi = ",".join(f"{value:.1f}" for value in source.truth(0))
    return Clip(path, roi)


def write_manifest(path: Path, clips: list[Clip]) -> Path:
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["source", "roi"])
        table.writerows([clip.path, clip.roi] for clip in clips)
    return path


def tables_in(folder: Path) -> dict[str, bytes]:
    """Return the results in a folder by their names."""
    return {path.name: path.read_bytes() for path in folder.glob("*.csv") if path.name != "summary.csv"}


def check_whole(folder: Path) -> None:
    """Check that every table is the one that the record beside it vouches for."""
    for path in folder.glob("*.csv"):
        if path.name != "summary.csv":
            record = read_record(path.with_suffix(".json"))
            assert record is not None, path
            assert record.vouches_for(path, record.key), path


def hidden_in(folder: Path) -> list[str]:
    return [path.name for path in folder.glob(".*")]


@dataclass(frozen=True, slots=True)
class Deadly(Region):
    """Kills the process that looks for its target."""

    def __call__(self, frame: Frame) -> Box:
        os.kill(os.getpid(), signal.SIGKILL)
        return Region.__call__(self, frame)


def jobs_of(clips: list[Clip]) -> list[Job]:
    return [Job.of(clip.path, clip.roi) for clip in clips]


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status.value for outcome in outcomes]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def task_of(clip: Clip, folder: Path, **more: Any) -> Task:
    job = Job.of(clip.path, clip.roi)
    task = Task(job, str(clip.path), clip.path.stem, str(folder), load_config(), run="run")
    return replace(task, **more)
