"""One-pass evaluation: start on the first row, then update on every frame, whatever the result.

Times are of `update` alone, on one OpenCV thread; decoding is not counted.
"""

from __future__ import annotations

import multiprocessing
import pickle
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import cv2
import numpy as np

from tracker.errors import ConfigError, TrackerError
from tracker.evaluation.metrics import Array
from tracker.evaluation.results import JITTER, Evaluation, SequenceResult
from tracker.evaluation.sequences import TruthSequence
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import TrackResult, TrackState

JITTER_SEED = 0


class SingleTracker(Protocol):
    """The interface of a tracker that can be evaluated."""

    def init(self, frame: Image, box: Box, /) -> object:
        """Start on `box` in `frame`."""
        ...

    def update(self, frame: Image, timestamp: float, /) -> TrackResult:
        """Find the target in the next frame, `timestamp` seconds from the source's start."""
        ...


MakeTracker: TypeAlias = Callable[[], SingleTracker]


def evaluate(
    sequences: Sequence[TruthSequence],
    make_tracker: MakeTracker,
    *,
    jobs: int = 1,
    starts: int = 0,
    on_result: Callable[[SequenceResult], None] | None = None,
) -> Evaluation:
    """Run a fresh tracker over every sequence.

    A tracker or a source that fails ends its own run only: the result carries the error, and the frames it did not
    reach are scored as misses.

    Args:
        sequences: what to run over.
        make_tracker: returns a new tracker; must be picklable for more than one job.
        jobs: processes; times taken with more than one are disturbed by each other.
        starts: jittered starts to run besides the exact one.
        on_result: called in this process as each of the `len(sequences) * (1 + starts)` runs ends, in any order.

    Raises:
        ConfigError: nothing to run, a count out of range, or `make_tracker` cannot be pickled.
        Exception: whatever `make_tracker` raises when it is first called, before anything is run.
    """
    _check(sequences, make_tracker, jobs, starts)
    tasks = [_Pass(sequence, start) for sequence in sequences for start in range(starts + 1)]
    done: dict[int, SequenceResult] = {}
    for number, result in _run_all(tasks, make_tracker, jobs):
        done[number] = result
        if on_result is not None:
            on_result(result)
    return Evaluation(tuple(done[number] for number in range(len(tasks))), jobs)


def start_box(sequence: TruthSequence, start: int) -> Box:
    """Return the first box of `sequence`, shifted and scaled by 2–3 % for a `start` above 0.

    Depends on the sequence's name and `start` alone, not on the order of runs.
    """
    box = Box.parse(sequence.truth[0])
    if start == 0:
        return box
    random = np.random.default_rng([JITTER_SEED, zlib.crc32(sequence.name.encode()), start])
    across, down, growth = random.uniform(*JITTER, 3) * random.choice((-1.0, 1.0), 3)
    x, y = box.center
    return Box.around(x + across * box.width, y + down * box.height, box.width, box.height).scaled(1 + growth)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let OpenCV use one thread within the block, and as many as before after it."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


@dataclass(frozen=True, slots=True)
class _Pass:
    sequence: TruthSequence
    start: int


def _run(task: _Pass, make_tracker: MakeTracker) -> SequenceResult:
    record = _Record.empty(len(task.sequence.truth) - 1)
    error = ""
    try:
        with one_thread():
            _one_pass(record, make_tracker(), task)
    except Exception as failure:  # of a tracker under test, any exception is a result
        error = f"frame {record.frame}: {_described(failure)}"
    return record.result(task, error)


@dataclass(slots=True)
class _Record:
    """Rows of a run, filled as it goes; row i belongs to frame i + 1."""

    boxes: Array
    confidences: Array
    elapsed: Array
    states: list[TrackState | None]
    frame: int = 0

    @classmethod
    def empty(cls, count: int) -> _Record:
        return cls(np.full((count, 4), np.nan), np.full(count, np.nan), np.full(count, np.nan), [None] * count)

    def add(self, result: TrackResult, elapsed: float) -> None:
        row = self.frame - 1
        self.boxes[row] = tuple(result.box)
        self.confidences[row] = result.confidence
        self.elapsed[row] = elapsed
        self.states[row] = result.state

    def result(self, task: _Pass, error: str) -> SequenceResult:
        return SequenceResult(
            sequence=task.sequence,
            start=task.start,
            boxes=self.boxes,
            confidences=self.confidences,
            states=tuple(self.states),
            elapsed=self.elapsed,
            error=error,
        )


def _one_pass(record: _Record, tracker: SingleTracker, task: _Pass) -> None:
    for record.frame, frame in task.sequence.frames():
        if record.frame == 0:
            tracker.init(frame.image, start_box(task.sequence, task.start))
            continue
        began = time.perf_counter()
        result = tracker.update(frame.image, frame.timestamp)
        record.add(result, time.perf_counter() - began)


def _run_all(tasks: Sequence[_Pass], make_tracker: MakeTracker, jobs: int) -> Iterator[tuple[int, SequenceResult]]:
    """Yield each task's number and result as it ends."""
    if jobs == 1:
        for number, task in enumerate(tasks):
            yield number, _run(task, make_tracker)
        return
    longest_first = sorted(range(len(tasks)), key=lambda number: -len(tasks[number].sequence.truth))
    suspects = []
    for number, result in _in_processes(tasks, longest_first, make_tracker, jobs):
        if result is None:
            suspects.append(number)
        else:
            yield number, result
    # One process that dies ends the whole pool; the run that caused it is found by giving each a pool of its own.
    for number in suspects:
        for _, result in _in_processes(tasks, [number], make_tracker, 1):
            yield number, result or _died(tasks[number])


def _in_processes(
    tasks: Sequence[_Pass], numbers: Sequence[int], make_tracker: MakeTracker, jobs: int
) -> Iterator[tuple[int, SequenceResult | None]]:
    """Yield number and result of the tasks `numbers`, begun in that order; None where a process died."""
    # Spawned, not forked: a fork copies OpenCV's threads in an undefined state.
    pool = ProcessPoolExecutor(min(jobs, len(numbers)), mp_context=multiprocessing.get_context("spawn"))
    try:
        waiting = {pool.submit(_run, tasks[number], make_tracker): number for number in numbers}
        for future in as_completed(waiting):
            try:
                yield waiting[future], future.result()
            except BrokenProcessPool:
                yield waiting[future], None
    finally:
        pool.shutdown(cancel_futures=True)


def _died(task: _Pass) -> SequenceResult:
    error = "the process died in this run (out of memory, or a crash in native code): run it with one job to see where"
    return _Record.empty(len(task.sequence.truth) - 1).result(task, error)


def _check(sequences: Sequence[TruthSequence], make_tracker: MakeTracker, jobs: int, starts: int) -> None:
    if not sequences:
        raise ConfigError("no sequence to evaluate: give at least one")
    if jobs < 1:
        raise ConfigError(f"jobs is {jobs}: give 1 or more")
    if starts < 0:
        raise ConfigError(f"starts is {starts}: give 0 or more")
    make_tracker()  # wrong settings are found here, not once in every clip
    if jobs > 1:
        try:
            pickle.dumps(make_tracker)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise ConfigError(
                f"make_tracker cannot be sent to other processes ({error}): use a module's function or one job"
            ) from error


def _described(failure: Exception) -> str:
    return str(failure) if isinstance(failure, TrackerError) else f"{type(failure).__name__}: {failure}"
