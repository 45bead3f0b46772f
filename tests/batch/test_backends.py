"""Runs as processes of their own: signals, kills, and a Dask cluster on loopback."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.batch.helpers import Clip, check_whole, hidden_in, render, tables_in, write_manifest
from tracker.batch.record import read_record

LONG = 150
"""Frames of a clip that takes long enough to be interrupted in."""


@contextmanager
def process(*words: object) -> Iterator[subprocess.Popen[str]]:
    """Start a process group, and end it with the block."""
    command = [sys.executable, *map(str, words)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                os.killpg(started.pid, signal.SIGKILL)


def batch(*words: object) -> tuple[object, ...]:
    return ("-m", "tracker", "batch", "-c", "fast", *words)


def wait_until(true: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def done_in(out: Path) -> int:
    return len(list(out.glob("*.json")))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    folder = tmp_path_factory.mktemp("clips")
    return [render(folder / f"clip{seed:02d}.mp4", seed, LONG) for seed in range(12)]


@pytest.fixture(scope="module")
def expected(clips: list[Clip], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The results of one process."""
    folder = tmp_path_factory.mktemp("expected")
    manifest = write_manifest(folder / "manifest.csv", clips)
    with process(*batch(manifest, "--out", folder / "out", "-j", 1, "-q")) as run:
        assert run.wait(timeout=300) == 0
    return tables_in(folder / "out")


@pytest.mark.parametrize(("number", "processes"), [(signal.SIGINT, 2), (signal.SIGTERM, 1), (signal.SIGKILL, 2)])
def test_an_interrupted_run_leaves_whole_files_and_is_taken_up_again(
    number: signal.Signals, processes: int, clips: list[Clip], expected: dict[str, bytes], tmp_path: Path
) -> None:
    manifest, out = write_manifest(tmp_path / "manifest.csv", clips), tmp_path / "out"
    with process(*batch(manifest, "--out", out, "-j", processes)) as run:
        wait_until(lambda: done_in(out) >= 3)
        # As a terminal does: the whole group gets it.
        os.killpg(run.pid, number)
        printed, _ = run.communicate(timeout=300)
    check_whole(out)
    finished = set(tables_in(out))
    assert 3 <= len(finished) < len(clips)
    if number is not signal.SIGKILL:
        assert run.returncode == 130, printed
        assert "interrupted, " in printed
        assert "Traceback" not in printed
        assert hidden_in(out) == []
    with process(*batch(manifest, "--out", out, "-j", 1)) as run:
        printed, _ = run.communicate(timeout=300)
    assert run.returncode == 0, printed
    assert f"{len(clips) - len(finished)} done, {len(finished)} kept" in printed
    assert tables_in(out) == expected
    assert hidden_in(out) == []


def test_an_interrupt_while_the_workers_are_starting(clips: list[Clip], tmp_path: Path) -> None:
    manifest, out = write_manifest(tmp_path / "manifest.csv", clips), tmp_path / "out"
    with process(*batch(manifest, "--out", out, "-j", 2)) as run:
        wait_until(lambda: len(children_of(run.pid)) >= 3)  # two workers, and one that cleans up after them
        time.sleep(0.2)  # into their imports
        os.killpg(run.pid, signal.SIGINT)
        printed, _ = run.communicate(timeout=300)
    assert run.returncode == 130, printed
    assert "Traceback" not in printed
    check_whole(out)
    assert hidden_in(out) == []


def children_of(process_id: int) -> list[str]:
    return Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """Start a Dask scheduler and two workers on loopback; yields its address and the workers."""
    known = folder / "scheduler.json"
    local = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", known)
    with process("-m", "distributed.cli.dask_scheduler", "--port", 0, *local):
        wait_until(lambda: known.exists() and known.read_text().rstrip().endswith("}"))
        address = read_address(known)
        worker = ("-m", "distributed.cli.dask_worker", address, "--nthreads", 1, "--no-nanny", "--no-dashboard")
        with (
            process(*worker, "--local-directory", folder / "one") as one,
            process(*worker, "--local-directory", folder / "two") as two,
        ):
            for started in (one, two):
                assert started.stdout is not None
                assert any("Registered to" in line for line in started.stdout)
            yield address, [one, two]


def read_address(path: Path) -> str:
    address = json.loads(path.read_text())["address"]
    assert isinstance(address, str)
    return address


def test_a_cluster_that_loses_a_worker_gives_every_result_once(
    clips: list[Clip], expected: dict[str, bytes], tmp_path: Path
) -> None:
    manifest, out = write_manifest(tmp_path / "manifest.csv", clips), tmp_path / "out"
    with (
        cluster(tmp_path) as (address, workers),
        process(*batch(manifest, "--out", out, "--dask", address)) as run,
    ):
        both = {str(worker.pid) for worker in workers}
        wait_until(lambda: done_in(out) >= 5 and hands_in(out) == both)
        workers[0].kill()
        assert done_in(out) < len(clips)
        printed, _ = run.communicate(timeout=300)
    assert run.returncode == 0, printed
    with (out / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["source"], row["status"]) for row in rows] == [(str(clip.path), "done") for clip in clips]
    assert tables_in(out) == expected
    check_whole(out)
    assert hidden_in(out) == []


def hands_in(out: Path) -> set[str]:
    """Return the processes that have finished something."""
    records = [read_record(path) for path in out.glob("*.json")]
    return {record.outcome.worker.rpartition(":")[2] for record in records if record is not None}


def test_a_cluster_that_is_not_there(tmp_path: Path, clips: list[Clip]) -> None:
    manifest = write_manifest(tmp_path / "manifest.csv", clips)
    with process(*batch(manifest, "--out", tmp_path / "out", "--dask", "nonsense://a")) as run:
        printed, _ = run.communicate(timeout=300)
    assert run.returncode == 2
    assert "no Dask scheduler answers at nonsense://a" in printed
