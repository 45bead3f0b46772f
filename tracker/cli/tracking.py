"""One run of the tracker with everything around it: sinks, progress, signals, summary."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from tracker.cli.outputs import OpenedOnWrite
from tracker.cli.terminal import orderly_stop, progress_bar
from tracker.config.settings import TrackerConfig
from tracker.detection import open_finder
from tracker.drawing.style import OverlayStyle
from tracker.errors import ConfigError, TargetLostError
from tracker.files import STDOUT
from tracker.output.base import Sink
from tracker.output.registry import Output, SinkOptions, check_outputs
from tracker.session import BaseSession, Chooser, MultiSession, Newcomers, Population, RunSummary, Session, Target
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import TrackState
from tracker.tracking.tracker import Tracker
from tracker.video.base import FrameSource
from tracker.video.live.camera import CameraMode
from tracker.video.live.source import LivePolicy
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import is_live, open_source
from tracker.video.span import Position, Span, parse_position

_log = logging.getLogger(__name__)

_ALL = Span()


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be followed, how, and where the results go.

    Attributes:
        source: what `open_source` opens.
        roi: what chooses the target in the first frame; None to let the person at the window do it.
        config: the tracker's settings.
        targets: several of them, instead of `roi`.
        several: whether there may be several, even if none is known yet.
        newcomers: who comes and goes by itself, beside `targets`; None for nobody.
        outputs: the sinks.
        span: the frames that are wanted.
        density: whether the video shows the density.
        overwrite: whether existing files may be replaced.
        strict: whether a target that is lost at the end is an error.
        record: where the input goes, None for nowhere.
        live: patience with a camera or stream, None for what suits it.
        mode: what is asked of a camera.
        speed: of a file in a window, in times the true speed; 0 is as fast as it goes.
    """

    source: str
    roi: Chooser | None
    config: TrackerConfig
    targets: tuple[Target, ...] = ()
    several: bool = False
    newcomers: Newcomers | None = None
    outputs: tuple[Output, ...] = ()
    span: Span = _ALL
    density: bool = False
    overwrite: bool = False
    strict: bool = False
    record: str | None = None
    live: LivePolicy | None = None
    mode: CameraMode | None = None
    speed: float = 1.0

    @property
    def is_live(self) -> bool:
        """Whether the source is a camera or stream."""
        return is_live(self.source)

    @property
    def may_be_several(self) -> bool:
        """Whether more than one target may be followed."""
        return self.several or bool(self.targets) or self.newcomers is not None

    @property
    def lacks_target(self) -> bool:
        """Whether nobody is followed unless a person chooses a target."""
        return self.roi is None and not self.targets and self.newcomers is None

    def open(self, start: Position | None = None) -> FrameSource:
        """Open the source, at `start` instead of where the span begins if that is given.

        Raises:
            SourceError: it cannot be opened.
        """
        span = self.span
        begin = span.start if start is None else start
        return open_source(self.source, start=begin, end=span.end, stride=span.stride, live=self.live, mode=self.mode)


def outputs_of(**targets: str | None) -> tuple[Output, ...]:
    """Return the outputs whose target is given, by the names in `tracker.output.registry.SINKS`."""
    return tuple(Output(kind, target) for kind, target in targets.items() if target is not None)


def newcomers_of(auto: Sequence[str]) -> Newcomers | None:
    """Return who comes by itself, as a person wrote it for `--auto`; None for nobody.

    Raises:
        ConfigError: the text cannot be read, or the picture it names, or there is more than one.
    """
    if len(auto) > 1:
        raise ConfigError(f"--auto was given {len(auto)} times: give one, and name other targets with --roi")
    return Population(open_finder(auto[0])) if auto else None


def span_of(start: str | None, end: str | None, stride: int) -> Span:
    """Return the span that a person wrote.

    Raises:
        ConfigError: a position cannot be read, or the span is not possible.
    """
    first, last = (None if text is None else parse_position(text) for text in (start, end))
    return Span(first, last, stride)


def follow(job: Job, *, quiet: bool = False, sinks: Sequence[Sink] = ()) -> RunSummary:
    """Do `job`, with progress and a summary on stderr unless `quiet`; `sinks` get the results as well.

    Raises:
        typer.Exit: with code 130, interrupted; what was done until then is kept.
        TrackerError: what `Session` raises; or the target is lost at the end of a strict job.
    """
    with job.open() as source, session_of(job, source, sinks) as session:
        try:
            _drain(session, source.info.name, source.info.frame_count, quiet=quiet)
        finally:
            if not quiet:
                tell(session.summary, source.info.name, job)
    return settle(session.summary, job)


def session_of(job: Job, source: FrameSource, sinks: Sequence[Sink] = ()) -> BaseSession:
    """Return the session that does `job` in its opened source.

    Raises:
        OutputError: an output cannot be written.
    """
    files, record = _files(job, source)
    if job.may_be_several:
        several = MultiTracker(job.config)
        return MultiSession(
            source, job.targets, tracker=several, newcomers=job.newcomers, sinks=[files, *sinks], record=record
        )
    return Session(source, job.roi, tracker=Tracker(job.config), sinks=[files, *sinks], record=record)


def _files(job: Job, source: FrameSource) -> tuple[Sink, Sink]:
    """Where results and input go."""
    options = SinkOptions(
        fps=(source.info.fps or DEFAULT_FPS) / job.span.stride,
        overwrite=job.overwrite,
        source=Path(job.source).expanduser(),
        style=OverlayStyle(density=job.density, by_target=job.may_be_several),
    )
    recording = outputs_of(record=job.record)
    check_outputs([*job.outputs, *recording], options)
    return OpenedOnWrite(job.outputs, options), OpenedOnWrite(recording, options)


def settle(summary: RunSummary, job: Job) -> RunSummary:
    """Return the summary of a run that ended as it should.

    Raises:
        typer.Exit: with code 130, interrupted.
        TargetLostError: the target is lost at the end of a strict job.
    """
    if summary.stopped:
        raise typer.Exit(130)
    if job.strict and summary.state is TrackState.LOST:
        raise TargetLostError("the target is lost at the end: look at the results, or choose another box or preset")
    return summary


def _drain(session: BaseSession, name: str, total: int | None, *, quiet: bool) -> None:
    with orderly_stop(session.stop), progress_bar(name, total, shown=not quiet) as advance:
        for step in session:
            advance()
            for track in step.tracks:
                _log.debug("frame %d: %s", step.frame.index, track.result.state.value)


def tell(summary: RunSummary, name: str, job: Job) -> None:
    """Say on stderr what a run has done."""
    if not summary.frames:
        return
    written = [*job.outputs, *outputs_of(record=job.record)]
    shares = ", ".join(f"{state.value} {summary.share(state):.1%}" for state in TrackState)
    told = f"  states   {shares}" if summary.targets else "  targets  nothing was found"
    if job.newcomers and summary.targets:
        told = f"  targets  {summary.targets}\n{told}"
    bad = f", {summary.bad_frames} damaged ones passed over" if summary.bad_frames else ""
    end = ", interrupted" if summary.stopped else ""
    speed = f"in {summary.seconds:.1f} s ({summary.fps:.0f} fps)"
    lines = [f"{name}: {summary.frames} frames {speed}{bad}{end}", told]
    lines += [f"  written  {output.target}" for output in written if output.target != STDOUT]
    typer.echo("\n".join(lines), err=True)
