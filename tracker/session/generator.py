"""`track()`: the whole job as one generator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tracker.config.reader import load_config
from tracker.config.settings import TrackerConfig
from tracker.session.session import Session
from tracker.session.targets import Chooser
from tracker.tracking.result import TrackResult
from tracker.video.base import Frame
from tracker.video.sources import SourceSpec, open_source
from tracker.video.span import Position


def track(
    source: SourceSpec,
    roi: Iterable[float] | Chooser,
    config: str | Path | TrackerConfig | None = None,
    *,
    start: Position | None = None,
    end: Position | None = None,
    stride: int = 1,
) -> Iterator[tuple[Frame, TrackResult]]:
    """Follow one target through a source; yields every frame with its result, the first one included.

        for frame, result in track("clip.mp4", roi=(x, y, width, height)):
            ...

    The source is opened when the first frame is asked for, and closed when the loop ends or is left.

    Args:
        source: what `open_source` opens.
        roi: the target in the first frame, x, y, width, height in pixels, or what chooses it.
        config: a preset's name, a path to a YAML file, or settings; None for the default preset.
        start: first frame wanted: an int is a frame number, a float is seconds.
        end: first frame no longer wanted, as `start`.
        stride: look at every `stride`-th frame.

    Raises:
        ConfigError: unknown preset or setting, or the span is not possible.
        SourceError: the source cannot be opened or read.
        BoxError: the box cannot be used.
        TargetError: nothing can be learned from it.
        FrameError: a frame is no picture or changes its size.
    """
    settings = load_config(config)
    with Session(open_source(source, start=start, end=end, stride=stride), roi, config=settings) as session:
        for step in session:
            yield step.frame, step.tracks[0].result
