"""Tables of tracks, measured: what `tracker measure` and `tracker plot` share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import ConfigError
from tracker.formats.annotation import VideoMeta
from tracker.formats.registry import format_by_content, format_of
from tracker.measure import (
    Calibration,
    Motion,
    MotionSink,
    Smoothing,
    measure,
    parse_point,
    parse_scale,
    trajectories,
)
from tracker.measure.calibration import PIXELS
from tracker.measure.motion import usual_smoothing


@dataclass(frozen=True, slots=True)
class MeasureOptions:
    """How a table is measured; see the options of `tracker measure`."""

    table_format: str | None = None
    scale: str | None = None
    origin: str | None = None
    y_up: bool = False
    fps: float | None = None
    window: int | None = None
    order: int = 3
    point: str = "center"
    targets: tuple[str, ...] = ()


def calibration_of(scale: str | None, origin: str | None, *, y_up: bool) -> Calibration:
    """Return the units that are written as --scale, --origin and --y-up.

    Raises:
        ConfigError: one of them cannot be read.
    """
    pixels, unit = parse_scale(scale) if scale else (1.0, PIXELS)
    return Calibration(pixels, unit, parse_point(origin) if origin else (0.0, 0.0), y_up)


def motion_sink(
    path: str | None, units: Calibration, fps: float | None, *, overwrite: bool, inputs: Collection[str] = ()
) -> list[MotionSink]:
    """Return the sink that is written as --motion, none where it is not given.

    Raises:
        ConfigError: units are given without it.
        OutputError: it cannot be written.
    """
    if path is None:
        if units != Calibration() or fps is not None:
            raise ConfigError(
                "--scale, --origin, --y-up and --fps-true are for the table of motion: give --motion, too"
            )
        return []
    return [MotionSink(path, units, fps=fps, overwrite=overwrite, inputs=inputs)]


def read_motions(table: Path, wanted: MeasureOptions) -> tuple[Motion, ...]:
    """Read a table and measure its targets.

    Raises:
        ConfigError: an option is not possible, the format is not known, or no target has such a name or number.
        SourceError: the table cannot be read.
        DataError: it holds no target with a number.
    """
    units = calibration_of(wanted.scale, wanted.origin, y_up=wanted.y_up)
    if wanted.fps is not None and not 0 < wanted.fps < float("inf"):
        raise ConfigError(f"--fps-true {wanted.fps:g} is not possible: give frames per second above 0")
    fixed = Smoothing(wanted.window, wanted.order) if wanted.window is not None else None
    kind = format_by_content(table) if wanted.table_format is None else format_of(table, wanted.table_format, "--from")
    tracks = trajectories(kind.read(table, VideoMeta()), fps=wanted.fps)
    if wanted.targets:
        known = [name for track in tracks for name in {track.label, str(track.id)} if name]
        missing = [name for name in wanted.targets if name not in known]
        if missing:
            raise ConfigError(f"the table has no target {missing[0]!r}: choose from {', '.join(sorted(known))}")
        tracks = tuple(track for track in tracks if {track.label, str(track.id)} & set(wanted.targets))
    return tuple(
        measure(track, units, fixed or usual_smoothing(track, wanted.order), point=wanted.point) for track in tracks
    )
