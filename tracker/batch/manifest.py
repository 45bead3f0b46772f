"""Jobs from what a person names: a manifest, a folder of videos, or a pattern."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from tracker.batch.content import is_address
from tracker.batch.jobs import Job, Target
from tracker.errors import ConfigError, SourceError, TrackerError
from tracker.formats.annotation import VideoMeta
from tracker.formats.csv_table import read as read_table
from tracker.formats.text_lines import read_text
from tracker.region import FORM, Region
from tracker.video.images import is_glob
from tracker.video.opencv import VIDEO_SUFFIXES
from tracker.video.span import Position, Span, parse_position
from tracker.video.synthetic.source import PREFIX

COLUMNS = ("source", "roi", "start", "end", "id", "label")
_TABLE = ".csv"


def jobs_from(place: str, roi: str | None = None) -> list[Job]:
    """Return the jobs that a person means.

    Args:
        place: a manifest (a CSV with the columns `COLUMNS`, of which only source is needed), a folder of videos, or a
            pattern such as `clips/*.mp4`.
        roi: where the target is in every video of which nothing better is known; None for nowhere. What is known
            better is the manifest's roi, and a table NAME.csv with columns x, y, w, h beside NAME.mp4, whose first box
            counts.

    Raises:
        ConfigError: there is nothing, a row cannot be read, or nobody says where a target is.
        BoxError: `roi` is no box.
    """
    default = None if roi is None else Region.parse(roi)
    path = Path(place).expanduser()
    if path.is_file() and path.suffix.lower() == _TABLE:
        return list(_manifest(path, default))
    if path.is_dir():
        videos = [file for file in path.iterdir() if not file.name.startswith(".")]
    else:
        # Path.glob takes no pattern that begins at the root.
        found = glob(str(path), recursive=True) if is_glob(place) else []  # noqa: PTH207
        videos = [Path(name) for name in found]
    videos = sorted(file for file in videos if file.suffix.lower() in VIDEO_SUFFIXES)
    if not videos:
        raise ConfigError(f"no videos in {place}: give a manifest ({', '.join(COLUMNS)}), a folder or a pattern")
    return [Job(str(video), (Target(_region(str(video), default), 0),)) for video in videos]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a manifest; relative paths in it begin at the manifest."""

    place: str
    folder: Path
    cells: Mapping[str, str]

    @property
    def source(self) -> str:
        given = self.cells["source"]
        if not given:
            raise ConfigError(f"{self.place}: no source")
        if is_address(given) or given.startswith(PREFIX):
            return given
        return str(self.folder / Path(given).expanduser())

    def target(self, number: int, default: Region | None) -> Target:
        """Return the target of this row, the `number`-th of its source."""
        try:
            given = self.cells["roi"]
            span = Span(self._position("start"), self._position("end"))
            region = Region.parse(given) if given else _region(self.source, default)
        except TrackerError as error:
            raise ConfigError(f"{self.place}: {error}") from error
        return Target(region, self._id(number), self.cells["label"], span)

    def _position(self, column: str) -> Position | None:
        return parse_position(self.cells[column]) if self.cells[column] else None

    def _id(self, number: int) -> int:
        given = self.cells["id"]
        if given and not given.isdecimal():
            raise ConfigError(f"{self.place}: id {given!r} is no number from 0")
        return int(given) if given else number


def _manifest(path: Path, default: Region | None) -> Iterator[Job]:
    """Yield a job for every source, with a target for each of its rows."""
    rows: dict[str, list[_Row]] = {}
    for row in _rows(path):
        rows.setdefault(row.source, []).append(row)
    if not rows:
        raise ConfigError(f"{path} has no rows: write one a target")
    for source, targets in rows.items():
        yield Job(source, tuple(row.target(number, default) for number, row in enumerate(targets)))


def _rows(path: Path) -> Iterator[_Row]:
    try:
        text = read_text(path)
    except SourceError as error:
        raise ConfigError(str(error)) from error
    table = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
    names = table.fieldnames or ()
    unknown = [name for name in names if name not in COLUMNS]
    if "source" not in names or unknown:
        what = f"unknown columns {', '.join(unknown)}" if unknown else "no column source"
        raise ConfigError(f"{path}, line 1: {what}; a manifest has the columns {', '.join(COLUMNS)}")
    for cells in table:
        place = f"{path}, line {table.line_num}"
        if None in cells:
            raise ConfigError(f'{place}: more cells than columns; write a box in quotes: "10,20,30,40"')
        yield _Row(place, path.parent, {name: (cells.get(name) or "").strip() for name in COLUMNS})


def _region(source: str, default: Region | None) -> Region:
    """Return where the target of a video is, by the table beside it or else by default."""
    table = Path(source).with_suffix(_TABLE)
    if not is_address(source) and table.is_file():
        found = read_table(table, VideoMeta()).annotations
        if found:
            return Region.of(found[0].box)
    if default is None:
        raise ConfigError(f"where is the target in {source}? Put a table {table.name} beside it, or give --roi: {FORM}")
    return default
