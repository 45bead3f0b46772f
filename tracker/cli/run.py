"""One run of the tracker, at a window or without: source, targets, sinks, progress, signals, summary."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from tracker.cli.terminal import as_line, counted, orderly_stop, progress_bar
from tracker.config.reader import read_mapping
from tracker.config.settings import TrackerConfig
from tracker.detection import open_detector
from tracker.drawing.parts import parse_style, style_of
from tracker.drawing.style import OverlayStyle
from tracker.effects import EffectSpec, parse_effect
from tracker.errors import ConfigError, DisplayError, TargetLostError
from tracker.files import STDOUT
from tracker.output.base import Sink
from tracker.output.live_recording import LiveRecording
from tracker.output.registry import Output, SinkOptions, check_outputs, open_sinks
from tracker.region import FORM
from tracker.session import Chooser, RunSummary, Session, Target, TrackInitiation, TrackManager
from tracker.tracking.result import TrackState
from tracker.value_range import ValueRange
from tracker.video.ahead import DecodedAhead
from tracker.video.base import FrameSource
from tracker.video.live.camera import CameraMode
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.playback import check_speed, playback_of
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import is_live, open_source
from tracker.video.span import Position, Span, parse_position
from tracker.viewer.desktop import check_display
from tracker.viewer.player import AtEnd, Player
from tracker.viewer.window import Window

_log = logging.getLogger(__name__)

_ALL = Span()
_STYLE = OverlayStyle()


@dataclass(frozen=True, slots=True)
class TrackJob:
    """What is followed, how, and where the results go.

    Attributes:
        source: what `open_source` opens.
        roi: what chooses the target in the first frame; None where that is done in the window.
        config: the tracker's settings.
        targets: several of them, instead of `roi`.
        label: the name of the only target, "" for none.
        first_id: its number.
        inputs: the files that are read beside the source, which no output may replace.
        several: whether there may be several, even if none is known yet.
        initiation: starts further tracks by itself, beside `targets`; None for none.
        outputs: the sinks.
        span: the frames that are wanted.
        style: what the video shows.
        effects: what is done to the pictures of the video.
        audio: whether the video and the recording keep the sound.
        overwrite: whether existing files may be replaced.
        strict: whether a target that is lost at the end is an error.
        record: where the input goes, None for nowhere.
        motion: where the table of motion goes, None for nowhere; its sink is handed over beside the job.
        live: time-outs and reconnection of a camera or stream, None for what suits it.
        mode: what is asked of a camera.
        speed: of a file in a window, in times the true speed; 0 is as fast as it goes.
        fps: frames per second of pictures, which have no rate of their own.
        value_range: what becomes black and white in pictures of more than 8 bits, None to find it.
        at_end: what the window does after the last frame.
        mirrored: whether left and right change places in the window.
    """

    source: str
    roi: Chooser | None
    config: TrackerConfig
    targets: tuple[Target, ...] = ()
    label: str = ""
    first_id: int = 0
    inputs: tuple[str, ...] = ()
    several: bool = False
    initiation: TrackInitiation | None = None
    outputs: tuple[Output, ...] = ()
    span: Span = _ALL
    style: OverlayStyle = _STYLE
    effects: tuple[EffectSpec, ...] = ()
    audio: bool = True
    overwrite: bool = False
    strict: bool = False
    record: str | None = None
    motion: str | None = None
    live: LivePolicy | None = None
    mode: CameraMode | None = None
    speed: float = 1.0
    fps: float = DEFAULT_FPS
    value_range: ValueRange | None = None
    at_end: AtEnd = AtEnd.STAY
    mirrored: bool = False

    @property
    def is_live(self) -> bool:
        """Whether the source is a camera or stream."""
        return is_live(self.source)

    @property
    def may_be_several(self) -> bool:
        """Whether more than one target may be followed."""
        return self.several or bool(self.targets) or self.initiation is not None

    @property
    def lacks_target(self) -> bool:
        """Whether a target has to be chosen in the window."""
        return self.roi is None and not self.targets and self.initiation is None

    def open(self, start: Position | None = None) -> FrameSource:
        """Open the source, at `start` instead of where the span begins if that is given.

        Raises:
            SourceError: it cannot be opened.
        """
        span = self.span
        begin = span.start if start is None else start
        return open_source(
            self.source,
            start=begin,
            end=span.end,
            stride=span.stride,
            live=self.live,
            mode=self.mode,
            fps=self.fps,
            value_range=self.value_range,
        )


def outputs_of(**targets: str | None) -> tuple[Output, ...]:
    """Return the outputs whose target is given, by the names in `tracker.output.registry.SINKS`."""
    return tuple(Output(kind, target) for kind, target in targets.items() if target is not None)


def initiation_of(auto: Sequence[str]) -> TrackInitiation | None:
    """Return what starts tracks by itself, as it is written for `--auto`; None for nothing.

    Raises:
        ConfigError: the text cannot be read, or the picture it names, or there is more than one.
    """
    if len(auto) > 1:
        raise ConfigError(f"--auto was given {len(auto)} times: give one, and name other targets with --roi")
    return TrackManager(open_detector(auto[0])) if auto else None


def style_of_video(text: str | None, *, density: bool, several: bool) -> OverlayStyle:
    """Return what the video shows, as it is written for `--draw`: names, or a YAML file.

    Raises:
        ConfigError: it cannot be read.
    """
    base = OverlayStyle(by_target=several)
    if text is None:
        style = base
    elif Path(text).suffix.lower() in (".yaml", ".yml"):
        style = style_of(read_mapping(Path(text).expanduser()), base)
    else:
        style = parse_style(text, base)
    return replace(style, density=True) if density else style


def effects_of(texts: Sequence[str], outputs: Sequence[Output]) -> tuple[EffectSpec, ...]:
    """Return the effects that are written as `--effect`.

    Raises:
        ConfigError: one cannot be read, or there is no video to put them on.
    """
    effects = tuple(parse_effect(text) for text in texts)
    if effects and not any(output.kind == "video" for output in outputs):
        raise ConfigError("--effect changes the pictures of the video: give --output, too")
    return effects


def span_of(start: str | None, end: str | None, stride: int) -> Span:
    """Return the span that is written as `--start`, `--end` and `--vid-stride`.

    Raises:
        ConfigError: a position cannot be read, or the span is not possible.
    """
    first, last = (None if text is None else parse_position(text) for text in (start, end))
    return Span(first, last, stride)


def policy_of(reconnect: str | None, pause: float | None = None) -> LivePolicy | None:
    """Return the reconnection that is written as `--reconnect` and `--reconnect-pause`, None where neither is given.

    Raises:
        ConfigError: the number cannot be read or is negative.
    """
    if reconnect is None and pause is None:
        return None
    usual = LivePolicy()
    if reconnect is not None and reconnect != "forever" and not re.fullmatch(r"-?\d+", reconnect):
        raise ConfigError(f"--reconnect {reconnect} cannot be read: write how many attempts, or forever")
    attempts = usual.reconnects if reconnect is None else math.inf if reconnect == "forever" else int(reconnect)
    longest = usual.longest_pause if pause is None else pause
    return LivePolicy(reconnects=attempts, first_pause=min(usual.first_pause, longest), longest_pause=longest)


def mode_of(size: str | None, fps: float | None, pixel_format: str | None) -> CameraMode:
    """Return the mode that is written as `--camera-size`, `--camera-fps` and `--camera-format`.

    Raises:
        ConfigError: the size cannot be read, or something is not possible.
    """
    if size is None:
        return CameraMode(fps=fps, pixel_format=pixel_format)
    numbers = re.fullmatch(r"(\d+)x(\d+)", size.strip())
    if numbers is None:
        raise ConfigError(f"cannot read the camera size {size!r}: write WIDTHxHEIGHT, e.g. 1280x720")
    return CameraMode(int(numbers[1]), int(numbers[2]), fps, pixel_format)


def follow(job: TrackJob, *, quiet: bool = False, sinks: Sequence[Sink] = ()) -> RunSummary:
    """Do `job`, with progress and a summary on stderr unless `quiet`; `sinks` get the results as well.

    Raises:
        typer.Exit: with code 130, interrupted; what was done until then is kept.
        TrackerError: what `Session` raises; or the target is lost at the end of a strict job.
    """
    opened = job.open()
    with opened if job.is_live else DecodedAhead(opened) as source, session_of(job, source, sinks) as session:
        try:
            _drain(session, source.info.name, source.info.frame_count, quiet=quiet)
        finally:
            if not quiet:
                print_summary(session.summary, source.info.name, job)
    return finish(session.summary, job)


def wants_window(asked: bool | None, job: TrackJob) -> bool:
    """Return whether `job` gets a window.

    Args:
        asked: what was asked for; None opens a window where there is a display and a target has to be chosen, or the
            source is live.
        job: the run.

    Raises:
        DisplayError: a window was asked for and there is no display.
        ConfigError: a target has to be chosen and there is no window.
    """
    if asked:
        check_display()
        return True
    reason = "with --no-display there is no window to choose it in"
    if asked is None and (job.lacks_target or job.is_live):
        try:
            check_display()
        except DisplayError as error:
            reason = str(error).rpartition(": ")[0]
        else:
            return True
    if job.lacks_target:
        raise ConfigError(f"where is the target? Give --roi or --roi-file ({reason}); for --roi {FORM}")
    return False


def watch(job: TrackJob, *, quiet: bool = False, sinks: Sequence[Sink] = ()) -> RunSummary:
    """Do `job` in a window, with a summary on stderr unless `quiet`.

    Raises:
        typer.Exit: with code 130, interrupted; what was done until then is kept.
        TrackerError: what `Player.run` raises; or the target is lost at the end of a strict job.
    """
    screen = Window(f"tracker: {job.source}")
    check_speed(job.speed)
    with job.open() as opened:
        playback = playback_of(opened, job.open, job.speed)
        files, record = _files(job, playback.source)
        recording = record if isinstance(record, LiveRecording) else None
        with _session(job, playback.source, [files, *sinks], record) as session, orderly_stop(session.stop):
            try:
                player = Player(
                    session, playback, screen, recording=recording, at_end=job.at_end, mirrored=job.mirrored
                )
                player.run()
            finally:
                if not quiet:
                    print_summary(session.summary, opened.info.name, job)
    return finish(session.summary, job)


def session_of(job: TrackJob, source: FrameSource, sinks: Sequence[Sink] = ()) -> Session:
    """Return the session that does `job` in its opened source.

    Raises:
        OutputError: an output cannot be written.
    """
    # The recording of a file has its frames before; crops, and what else is given, may have them after the video.
    alone = not (source.info.live or sinks or any(output.kind == "crops" for output in job.outputs))
    files, record = _files(job, source, in_place=alone)
    return _session(job, source, [files, *sinks], record)


def _session(job: TrackJob, source: FrameSource, sinks: Sequence[Sink], record: Sink) -> Session:
    targets = job.targets if job.may_be_several else None
    return Session(
        source,
        job.roi,
        targets=targets,
        initiation=job.initiation,
        config=job.config,
        sinks=sinks,
        record=record,
        label=job.label,
        first_id=job.first_id,
    )


def sink_options(job: TrackJob, source: FrameSource) -> SinkOptions:
    """Return what the sinks of `job` are opened with, for its opened source."""
    return SinkOptions(
        fps=(source.info.fps or DEFAULT_FPS) / job.span.stride,
        overwrite=job.overwrite,
        source=Path(job.source).expanduser(),
        inputs=job.inputs,
        style=job.style,
        live=source.info.live,
        effects=job.effects,
        audio=job.audio,
        total=None if job.span == _ALL else source.info.total,
    )


def _files(job: TrackJob, source: FrameSource, *, in_place: bool = False) -> tuple[Sink, Sink]:
    """Where results and input go; `in_place` lets the video draw on the frames, after all that look at them."""
    options = replace(sink_options(job, source), in_place=in_place)
    recording = outputs_of(record=job.record)
    check_outputs([*job.outputs, *recording], options)
    files = open_sinks(job.outputs, options, on_first_frame=True)
    if job.record is not None and isinstance(source, LiveSource):
        return files, LiveRecording(job.record, source, overwrite=job.overwrite, inputs=job.inputs)
    return files, open_sinks(recording, options, on_first_frame=True)


def finish(summary: RunSummary, job: TrackJob) -> RunSummary:
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


def _drain(session: Session, name: str, total: int | None, *, quiet: bool) -> None:
    with orderly_stop(session.stop), progress_bar(name, total, shown=not quiet) as advance:
        for step in session:
            advance()
            for track in step.tracks:
                _log.debug("frame %d: %s", step.frame.index, track.result.state.value)


def print_summary(summary: RunSummary, name: str, job: TrackJob) -> None:
    """Say on stderr what a run has done."""
    if not summary.frames:
        return
    written = [output.target for output in [*job.outputs, *outputs_of(record=job.record, motion=job.motion)]]
    shares = ", ".join(f"{state.value} {summary.share(state):.1%}" for state in TrackState)
    told = f"  states   {shares}" if summary.targets else "  targets  nothing was found"
    if job.initiation and summary.targets:
        told = f"  targets  {summary.targets}\n{told}"
    bad = f", {counted(summary.bad_frames, 'damaged one')} passed over" if summary.bad_frames else ""
    bad += f", {summary.left_out} left out of the video: the encoder was behind" if summary.left_out else ""
    end = ", interrupted" if summary.stopped else ""
    speed = f"in {summary.seconds:.1f} s ({summary.fps:.0f} fps)"
    lines = [f"{as_line(name)}: {counted(summary.frames, 'frame')} {speed}{bad}{end}", told]
    lines += [f"  written  {as_line(target)}" for target in written if target != STDOUT]
    lines += [f"  written  {as_line(names)} beside it, from frame {first} on" for first, names in summary.anew]
    if not written:
        lines.append("  written  nothing: -o keeps a video, --csv a table")
    typer.echo("\n".join(lines), err=True)
