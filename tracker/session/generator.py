"""`track()`: the whole job as one iterator."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tracker.config.reader import load_config
from tracker.config.settings import TrackerConfig
from tracker.drawing.parts import parse_style
from tracker.drawing.style import OverlayStyle
from tracker.effects.registry import EffectSpec, parse_effect
from tracker.errors import ConfigError
from tracker.output.base import Sink
from tracker.output.registry import Output, SinkOptions, check_outputs, open_sinks
from tracker.region import Region
from tracker.session.session import Session
from tracker.session.step import RunSummary
from tracker.session.targets import Chooser
from tracker.tracking.result import TrackResult
from tracker.video.base import Frame
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import SourceSpec, open_source
from tracker.video.span import Position, Span, parse_position


class TrackRun(Iterator[tuple[Frame, TrackResult]]):
    """One target followed through a source: an iterator over every frame with its result.

    The source is opened when the first frame is asked for. Source and files are finished when the last frame has been
    handed out, or by `close`, which leaving a `with` block calls.
    """

    def __init__(self, frames: Iterator[tuple[Frame, TrackResult]], sessions: list[Session]) -> None:
        """Take over what `track` has prepared; `sessions` gets the session when it has begun."""
        self._frames = frames
        self._sessions = sessions

    def __next__(self) -> tuple[Frame, TrackResult]:
        return next(self._frames)

    def run(self) -> RunSummary:
        """Go on to the end, where only the files are wanted, and return what was done."""
        for _ in self._frames:
            pass
        return self._sessions[0].summary

    def close(self) -> None:
        """Close the source and finish the files; safe to call more than once."""
        close: Any = self._frames
        close.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def track(
    source: SourceSpec,
    roi: Iterable[float] | str | Chooser,
    config: str | Path | TrackerConfig | None = None,
    *,
    start: Position | str | None = None,
    end: Position | str | None = None,
    stride: int = 1,
    output: str | os.PathLike[str] | None = None,
    csv: str | os.PathLike[str] | None = None,
    jsonl: str | os.PathLike[str] | None = None,
    style: str | OverlayStyle | None = None,
    effect: str | EffectSpec | None = None,
    audio: bool = True,
    overwrite: bool = False,
) -> TrackRun:
    """Follow one target through a source; yields every frame with its result, the first one included.

        for frame, result in track("clip.mp4", roi=(x, y, width, height)):
            ...
        track("clip.mp4", "10%,20%,5%,8%", output="out.mp4", csv="box.csv").run()

    The source is opened when the first frame is asked for, and closed when the loop ends or is left.

    Args:
        source: what `open_source` opens.
        roi: the target in the first frame, x, y, width, height in pixels; or as the shell has it, "120,80,40,60" or
            "10%,20%,5%,8%"; or what chooses it.
        config: a preset's name, a path to a YAML file, or settings; None for the default preset.
        start: first frame wanted: an int is a frame number, a float is seconds; or "12.5s", "00:01:02.5".
        end: first frame no longer wanted, as `start`.
        stride: look at every `stride`-th frame.
        output: an annotated video: .mp4, .mkv, .gif, .webp..., or pictures, "out/%06d.png".
        csv: a table with a row a frame.
        jsonl: JSON Lines, an object a frame.
        style: what the video shows, as `tracker track --draw` has it ("box,label"), or an `OverlayStyle`.
        effect: what is done to the pictures of the video first, as `tracker track --effect` has it ("blur").
        audio: whether the video keeps the sound of the source.
        overwrite: whether existing files may be replaced.

    Raises:
        ConfigError: unknown preset or setting, no box, or the span is not possible.
        BoxError: the box cannot be used.
        OutputError: a file cannot be written.
        SourceError: the source cannot be opened or read (when the first frame is asked for, or later).
        TargetError: nothing can be learned from the box (later).
        FrameError: a frame is no picture or changes its size (later).
    """
    if roi is None:
        raise ConfigError("where is the target? Give roi: x, y, width, height in the first frame")
    chooser = Region.parse(roi) if isinstance(roi, str) else roi
    span = Span(_position(start), _position(end), stride)
    settings = load_config(config)
    files = {"video": output, "csv": csv, "jsonl": jsonl}
    outputs = [Output(kind, os.fspath(path)) for kind, path in files.items() if path is not None]
    options = SinkOptions(
        overwrite=overwrite,
        source=source if isinstance(source, str | os.PathLike) else None,
        style=parse_style(style) if isinstance(style, str) else style or OverlayStyle(),
        effects=(parse_effect(effect) if isinstance(effect, str) else effect,) if effect else (),
        audio=audio,
    )
    check_outputs(outputs, options)
    sessions: list[Session] = []
    return TrackRun(_frames(source, span, chooser, settings, outputs, options, sessions), sessions)


def _frames(
    source: SourceSpec,
    span: Span,
    roi: Iterable[float] | Chooser,
    config: TrackerConfig,
    outputs: Sequence[Output],
    options: SinkOptions,
    sessions: list[Session],
) -> Iterator[tuple[Frame, TrackResult]]:
    opened = open_source(source, start=span.start, end=span.end, stride=span.stride)
    with opened:
        rated = replace(options, fps=(opened.info.fps or DEFAULT_FPS) / span.stride, live=opened.info.live)
        sinks: list[Sink] = [open_sinks(outputs, rated, on_first_frame=True)] if outputs else []
        with Session(opened, roi, config=config, sinks=sinks) as session:
            sessions.append(session)
            for step in session:
                yield step.frame, step.tracks[0].result


def _position(value: Position | str | None) -> Position | None:
    return parse_position(value) if isinstance(value, str) else value
