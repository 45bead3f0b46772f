"""The table of sinks that write to a path, and how several are opened together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tracker.drawing.parts import parse_style
from tracker.drawing.style import OverlayStyle
from tracker.effects.registry import EffectSpec, parse_effect
from tracker.effects.stage import EffectStage
from tracker.errors import ConfigError, OutputError
from tracker.ffmpeg.containers import CONTAINERS
from tracker.files import STDOUT, check_distinct, check_output
from tracker.formats.registry import FORMATS
from tracker.formats.text_lines import ResultLines
from tracker.output.base import Sink, SinkGroup
from tracker.output.image_files import IMAGE_SUFFIXES, CropFilesSink, ImageFilesSink, check_pattern
from tracker.output.staged import StagedSink
from tracker.output.text import TextSink
from tracker.output.video_file import RecordingSink, VideoFileSink, check_no_terminal


@dataclass(frozen=True, slots=True)
class SinkOptions:
    """What sinks are opened with.

    Attributes:
        fps: frames per second of a video.
        overwrite: whether existing files may be replaced.
        source: the video that is read, which must not be overwritten.
        inputs: what else is read and must not be overwritten: start boxes, truth, settings, a model.
        style: what the overlay shows.
        live: whether a video leaves frames out rather than wait for its encoder, and effects look at no later frames.
        effects: what is done to the pictures of an annotated video before anything is drawn.
        audio: whether a video keeps the sound of `source`.
        total: frames of the whole video where a run takes only some of them, None where it takes all.
        in_place: whether an annotated video may draw on the frames themselves, as nothing looks at them afterwards.
    """

    fps: float = 25.0
    overwrite: bool = False
    source: str | os.PathLike[str] | None = None
    inputs: tuple[str | os.PathLike[str], ...] = ()
    style: OverlayStyle = field(default_factory=OverlayStyle)
    live: bool = False
    effects: tuple[EffectSpec, ...] = ()
    audio: bool = True
    total: int | None = None
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class SinkKind:
    """A kind of sink.

    Attributes:
        open: opens it on a target.
        suffixes: of its files; any where empty.
        check: raises an error for a target that it cannot have, beside what `check_output` looks at.
    """

    open: Callable[[str, SinkOptions], Sink]
    suffixes: tuple[str, ...] = ()
    check: Callable[[str], None] = lambda _: None


_OTHERS: Mapping[str, tuple[str, ...]] = MappingProxyType({"csv": (".json", ".jsonl"), "jsonl": (".csv",)})
"""Suffixes that would have a table taken for one of another kind."""


def _text(name: str, lines: Callable[[], ResultLines]) -> SinkKind:
    def check(target: str) -> None:
        suffix = Path(target).suffix.lower()
        if suffix in (*CONTAINERS, *IMAGE_SUFFIXES, *_OTHERS.get(name, ())):
            raise OutputError(f"{target} is named like something else than a {name} table: choose another suffix")

    def open_text(target: str, options: SinkOptions) -> Sink:
        return TextSink(
            target,
            lines(),
            overwrite=options.overwrite,
            source=options.source,
            inputs=options.inputs,
            total=options.total,
            rewinds=not options.live,
        )

    return SinkKind(open_text, check=check)


def _open_video(target: str, options: SinkOptions) -> Sink:
    if target != STDOUT and Path(target).suffix.lower() in IMAGE_SUFFIXES:
        sink: Sink = ImageFilesSink(
            target,
            overwrite=options.overwrite,
            source=options.source,
            inputs=options.inputs,
            style=options.style,
        )
    else:
        sink = VideoFileSink(
            target,
            options.fps,
            overwrite=options.overwrite,
            source=options.source,
            inputs=options.inputs,
            style=options.style,
            live=options.live,
            audio=options.audio,
            in_place=options.in_place and not options.effects,
        )
    stages = [EffectStage(spec, live=options.live) for spec in options.effects]
    return StagedSink(stages, sink) if stages else sink


def _open_recording(target: str, options: SinkOptions) -> Sink:
    return RecordingSink(
        target,
        options.fps,
        overwrite=options.overwrite,
        source=options.source,
        inputs=options.inputs,
        audio=options.audio,
    )


def _open_crops(target: str, options: SinkOptions) -> Sink:
    return CropFilesSink(target, overwrite=options.overwrite, source=options.source, inputs=options.inputs)


def _check_video(target: str) -> None:
    if target == STDOUT:
        check_no_terminal()
    check_pattern(target)


SINKS: Mapping[str, SinkKind] = MappingProxyType(
    {
        "video": SinkKind(_open_video, (*CONTAINERS, *IMAGE_SUFFIXES), _check_video),
        "crops": SinkKind(_open_crops, IMAGE_SUFFIXES, check_pattern),
        "record": SinkKind(_open_recording, tuple(CONTAINERS)),
        **{name: _text(name, kind.lines) for name, kind in FORMATS.items() if kind.lines is not None},
    }
)
"""The sinks by name. A new one is a file and a line here; a text format that has `lines` comes by itself."""


@dataclass(frozen=True, slots=True)
class Output:
    """A sink that is asked for: its name in `SINKS`, and its path ("-" is standard output)."""

    kind: str
    target: str


_KINDS_BY_SUFFIX = {".csv": "csv", ".jsonl": "jsonl"}


def open_sink(
    path: str | os.PathLike[str],
    kind: str | None = None,
    *,
    fps: float = 25.0,
    style: OverlayStyle | str | None = None,
    effects: Sequence[EffectSpec | str] = (),
    overwrite: bool = False,
    source: str | os.PathLike[str] | None = None,
    audio: bool = True,
) -> Sink:
    """Open a sink for results: a video, or a table.

        with open_sink("out.mp4", fps=30) as video, open_sink("box.csv") as table:
            for step in Session(open_source("clip.mp4"), roi):
                video.write(step.frame, step.tracks)
                table.write(step.frame, step.tracks)

    Args:
        path: the file; its suffix tells the kind, where it is that of a video, .csv or .jsonl.
        kind: a key of `SINKS`: video, record, csv, jsonl, mot, otb, got10k...
        fps: usual frames per second of a video.
        style: what a video shows, as `tracker track --draw` has it ("box,label"), or an `OverlayStyle`.
        effects: what is done to the pictures of a video first, as `tracker track --effect` has it ("blur").
        overwrite: whether an existing file may be replaced.
        source: the video that is read: it must not be overwritten, and gives a video its sound.
        audio: whether a video keeps the sound of `source`.

    Raises:
        ConfigError: the suffix does not tell the kind, there is no such kind, style or effect.
        OutputError: the file cannot be written.
    """
    suffix = Path(path).suffix.lower()
    name = kind or _KINDS_BY_SUFFIX.get(suffix, "video" if suffix in SINKS["video"].suffixes else None)
    if name is None or name not in SINKS:
        asked = f"there is no sink {kind!r}" if kind else f"the name {path} does not tell what to write"
        raise ConfigError(f"{asked}: give kind with one of {', '.join(SINKS)}")
    options = SinkOptions(
        fps=fps,
        overwrite=overwrite,
        source=source,
        style=parse_style(style) if isinstance(style, str) else style or OverlayStyle(),
        effects=tuple(parse_effect(one) if isinstance(one, str) else one for one in effects),
        audio=audio,
    )
    return open_sinks([Output(name, os.fspath(path))], options)


def open_sinks(outputs: Sequence[Output], options: SinkOptions, *, on_first_frame: bool = False) -> SinkGroup:
    """Open all of `outputs` as one sink; none is touched unless all can be written.

    Args:
        outputs: what to open.
        options: what to open them with.
        on_first_frame: whether they are only checked now, and opened with the first frame.

    Raises:
        OutputError: one of them cannot be opened, or two go to the same place.
    """
    if not on_first_frame:
        return SinkGroup(_open_all(outputs, options))
    check_outputs(outputs, options)
    return SinkGroup(lambda: _open_all(outputs, options))


def _open_all(outputs: Sequence[Output], options: SinkOptions) -> list[Sink]:
    check_outputs(outputs, options)
    with ExitStack() as stack:
        sinks = [stack.enter_context(SINKS[output.kind].open(output.target, options)) for output in outputs]
        stack.pop_all()
        return sinks


def check_outputs(outputs: Sequence[Output], options: SinkOptions) -> None:
    """Check all of `outputs` as `open_sinks` does; nothing on disk is changed.

    Raises:
        OutputError: one of them cannot be written, or two go to the same place.
    """
    for output in outputs:
        kind = SINKS[output.kind]
        if output.target != STDOUT:
            check_output(
                output.target,
                overwrite=options.overwrite,
                source=options.source,
                inputs=options.inputs,
                suffixes=kind.suffixes,
            )
        kind.check(output.target)
    check_distinct(*(output.target for output in outputs))
