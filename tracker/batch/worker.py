"""The work on one video: its targets through a session into a table, with record and log."""

from __future__ import annotations

import math
import os
import platform
import socket
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from tracker import __version__
from tracker.address import redacted
from tracker.batch.jobs import Job
from tracker.batch.record import Outcome, Record, Status, described, hash_of, key_of, read_record, settings_hash
from tracker.batch.storage import at_hand, fingerprint
from tracker.config.settings import TrackerConfig
from tracker.errors import BoxError, ConfigError, FrameError, OutputError, SourceError, TargetError, TrackerError
from tracker.evaluation.run import one_thread
from tracker.files import atomic_path, reason, write_atomic
from tracker.output.base import Sink, SinkGroup
from tracker.output.registry import Output, SinkOptions, open_sinks
from tracker.output.text import CsvSink
from tracker.session import Refusal, Session, Step, Target
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import open_source
from tracker.video.span import Position

ALSO: Mapping[str, str] = MappingProxyType({"video": ".mp4", "jsonl": ".jsonl", "mot": ".mot.txt"})
"""The sinks that a video can have beside its table, by name, and what their files end with."""
_DECODER_THREADS = "OPENCV_FFMPEG_THREADS"
_MOST_DEATHS = 2
"""How many processes may die over a video before it is given up; less than Dask's own limit of 3."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job with all that a worker has to know.

    It has slots, and so cannot be referred to weakly: joblib would put what can be on one of Dask's workers, with which
    it would be lost.

    Attributes:
        job: what to do.
        place: where its source is, from any folder.
        name: of its files.
        folder: where they go; every worker must see the same place under this path.
        config: settings of the trackers.
        run: which run this is.
        version: of this program where the run was started.
        again: do it even where a record vouches for the results, and replace files that are not this program's.
        also: what is written beside the table, keys of `ALSO`.
    """

    job: Job
    place: str
    name: str
    folder: str
    config: TrackerConfig
    run: str
    version: str = __version__
    again: bool = False
    also: tuple[str, ...] = ()

    @property
    def others(self) -> Mapping[str, Path]:
        """The files that are written beside the table, by their kind."""
        return {kind: self.file(ALSO[kind]) for kind in self.also}

    def part(self, kind: str) -> Path:
        """Return where a file beside the table is written until it is whole."""
        return Path(self.folder) / f".{self.name}.part{ALSO[kind]}"

    def file(self, suffix: str) -> Path:
        """Return the file of the results that has this suffix."""
        return Path(self.folder) / f"{self.name}{suffix}"

    @property
    def mark(self) -> Path:
        """A file that is there while a worker is at it, and longer by a byte a try."""
        return Path(self.folder) / f".{self.name}.tries"


def work(task: Task) -> Outcome:
    """Follow the targets of one video; whatever goes wrong becomes a failed outcome, and a log says why."""
    began = time.perf_counter()
    log = [
        f"{_now()} {task.job.shown}, by {_worker()}",
        *(f"target {described(target)}" for target in task.job.targets),
    ]
    try:
        outcome = _attempt(task, log)
    except Exception as error:  # one bad video never stops the rest
        known = isinstance(error, TrackerError)
        message = " ".join(str(error).split()) if known else f"{type(error).__name__}: {error or 'no message'}"
        log.append(message if known else traceback.format_exc().rstrip())
        seconds = time.perf_counter() - began
        outcome = Outcome(
            source=task.job.source,
            name=task.name,
            status=Status.FAILED,
            seconds=seconds,
            worker=_worker(),
            error=message,
        )
    finally:
        task.mark.unlink(missing_ok=True)
    return outcome if outcome.status is Status.KEPT else _logged(task, outcome, log)


def _attempt(task: Task, log: list[str]) -> Outcome:
    if task.version != __version__:
        raise OutputError(f"this worker has version {__version__}, the run {task.version}: install the same everywhere")
    if task.job.error:
        raise ConfigError(task.job.error)
    _count_try(task.mark)
    content = fingerprint(task.place)
    settings = settings_hash(task.config)
    key = key_of(task.job, content, settings, task.also)
    table, certificate = task.file(".csv"), task.file(".json")
    record = read_record(certificate)
    whole = record is not None and record.vouches_for(table, key) and all(map(Path.exists, task.others.values()))
    if record is not None and whole and (record.run == task.run or not task.again):
        # A worker of this run may have finished and died before it could say so.
        status = Status.DONE if record.run == task.run else Status.KEPT
        return record.outcome.model_copy(update={"status": status, "name": task.name})
    foreign = [path for path in (table, certificate, *task.others.values()) if path.exists()]
    if record is None and not task.again and foreign:
        raise OutputError(
            f"{foreign[0]} is there already and not from a batch: choose another folder, or use --overwrite"
        )
    if record is not None and record.settings != settings and record.run != task.run and not task.again:
        raise OutputError(f"{table} holds results of other settings: choose another folder, or use --overwrite")
    with atomic_path(table) as part, _whole(task):
        outcome = _follow(task, part, log)
        _certificate(task, content, settings, key, hash_of(part), outcome).write(certificate)
    return outcome


def _follow(task: Task, part: Path, log: list[str]) -> Outcome:
    job, report = task.job, _Report(log, task.job.refused)
    count = len(job.targets) + len(job.refused)
    began = time.perf_counter()
    try:
        with (
            _one_core(),
            at_hand(task.place) as place,
            open_source(place, start=_common(job, "start"), end=_common(job, "end")) as source,
            CsvSink(part) as table,
            _sinks_beside(task, place, source.info.fps) as others,
            Session(
                source,
                targets=job.targets,
                config=task.config,
                on_refusal=report.refuse,
                sinks=[_UntimedSink(table), _UntimedSink(others)],
            ) as session,
        ):
            _run(session, report)
    except (BoxError, TargetError):  # of the last target, if none is left
        report.check(count)
        raise
    report.check(count)
    rows = report.states.total()
    shares = {state.value: report.states[state] / rows for state in TrackState}
    return Outcome(
        source=job.source,
        name=task.name,
        result=task.file(".csv").name,
        status=Status.DONE,
        targets=count - len(report.refused),
        refused=len(report.refused),
        frames=report.frames,
        bad_frames=source.bad_frames,
        seconds=time.perf_counter() - began,
        worker=_worker(),
        error=report.error,
        **shares,
    )


def _sinks_beside(task: Task, place: str | Path, fps: float | None) -> SinkGroup:
    """Open what is written beside the table; a video keeps the sound of its source."""
    options = SinkOptions(fps=fps or DEFAULT_FPS, overwrite=True, source=place)
    return open_sinks([Output(kind, str(task.part(kind))) for kind in task.also], options, on_first_frame=True)


@contextmanager
def _whole(task: Task) -> Iterator[None]:
    """Put the files beside the table in their places at the end; after an error they are gone."""
    try:
        yield
        for kind, path in task.others.items():
            task.part(kind).replace(path)
    finally:
        for kind in task.also:
            task.part(kind).unlink(missing_ok=True)


def _run(session: Session, report: _Report) -> None:
    """Lead a session to its end.

    Raises:
        TrackerError: the source or a frame cannot be used, or none of the targets can be followed.
    """
    try:
        for step in session:
            report.note(step)
    except FrameError as error:
        number = -1 if session.frame is None else session.frame.index
        raise FrameError(f"frame {number}: {error}") from error
    for target in session.waiting:
        report.miss(target)


class _UntimedSink(Sink):
    """Leaves out the times, which differ from run to run: the same video then gives the same bytes."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        self._sink.write(frame, [replace(track, result=replace(track.result, elapsed=math.nan)) for track in tracks])

    def close(self) -> None:
        self._sink.close()


class _Report:
    """What happened in one video.

    Attributes:
        frames: frames that were read.
        states: how many rows ended in each state.
        refused: why targets could not be followed, a line each.
    """

    def __init__(self, log: list[str], refused: Iterable[str] = ()) -> None:
        """Write what happens into `log`, a line each; `refused`: why targets could not even be read."""
        self.frames = 0
        self.states: Counter[TrackState] = Counter()
        self.refused: list[TrackerError] = []
        self._log = log
        self._last: dict[int, TrackState] = {}
        for why in refused:
            self._add(ConfigError(why))

    @property
    def error(self) -> str:
        """Which targets could not be followed and why, "" if all were."""
        return "; ".join(map(str, self.refused))

    def note(self, step: Step) -> None:
        """Take note of one frame."""
        self.frames += 1
        for track in step.tracks:
            state = track.result.state
            if state is not self._last.get(track.id):
                why = f" ({track.result.reason})" if track.result.reason else ""
                self._log.append(f"frame {step.frame.index}: target {track.id} {state.value}{why}")
            self._last[track.id] = state
            self.states[state] += 1

    def refuse(self, refusal: Refusal) -> None:
        """Take note of a target that cannot be followed."""
        error = refusal.error
        self._add(type(error)(f"target {refusal.target.id}, frame {refusal.frame}: {error}"))

    def miss(self, target: Target) -> None:
        """Take note of a target that has not started when the video ends."""
        start = target.span.start
        self._add(SourceError(f"target {target.id} starts at {start}, after the last frame: check its start"))

    def check(self, targets: int) -> None:
        """Check that one of so many targets was followed.

        Raises:
            TrackerError: none was, the first because of such an error.
        """
        if len(self.refused) == targets:
            raise type(self.refused[0])(self.error)

    def _add(self, error: TrackerError) -> None:
        self.refused.append(error)
        self._log.append(str(error))


def _common(job: Job, end: Literal["start", "end"]) -> Position | None:
    """Return the start, or end, of all targets where they have the same, else None: as far as the video goes."""
    positions = {repr(position): position for target in job.targets for position in [getattr(target.span, end)]}
    return next(iter(positions.values())) if len(positions) == 1 else None


@contextmanager
def _one_core() -> Iterator[None]:
    """Let OpenCV and its decoder have one thread each, so that as many processes as cores do not compete."""
    before = os.environ.get(_DECODER_THREADS)
    os.environ[_DECODER_THREADS] = "1"
    try:
        with one_thread():
            yield
    finally:
        if before is None:
            del os.environ[_DECODER_THREADS]
        else:
            os.environ[_DECODER_THREADS] = before


def _certificate(task: Task, content: str, settings: str, key: str, digest: str, outcome: Outcome) -> Record:
    import cv2
    import numpy as np

    versions = {
        "tracker": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "opencv": cv2.__version__,
    }
    targets = tuple(described(target) for target in task.job.targets)
    return Record(
        key=key,
        run=task.run,
        content=content,
        targets=targets,
        settings=settings,
        versions=versions,
        sha256=digest,
        outcome=outcome,
    )


def _count_try(mark: Path) -> None:
    """Count a try, and refuse when too many processes have died in theirs."""
    try:
        with mark.open("ab") as file:
            deaths = file.tell()
            file.write(b".")
    except OSError as error:
        raise OutputError(
            f"cannot write into {mark.parent} on {socket.gethostname()} ({reason(error)}): every worker must see the "
            "folder of the results under the same path"
        ) from error
    if deaths >= _MOST_DEATHS:
        raise OutputError(
            f"{deaths} processes died over this video (out of memory, or a crash in native code): "
            "run it alone with tracker track to see where"
        )


def _logged(task: Task, outcome: Outcome, log: list[str]) -> Outcome:
    """Write the log; a log that cannot be written makes a failure of what is not one yet."""
    refused = f", {outcome.refused} of its targets not followed" if outcome.refused else ""
    done = f"{outcome.frames} frames in {outcome.seconds:.1f} s ({outcome.fps:.0f} fps){refused}"
    end = f"{_now()} {outcome.status.value}: {done}"
    try:
        write_atomic(task.file(".log"), redacted("".join(f"{line}\n" for line in [*log, end])))
    except OutputError as error:
        if outcome.status is not Status.FAILED:
            return outcome.model_copy(update={"status": Status.FAILED, "error": str(error)})
    return outcome


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
