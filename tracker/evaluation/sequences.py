"""Finding sequences with truth: clips with a table beside them, OTB folders, or folders of either."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tracker.errors import ConfigError, SourceError
from tracker.evaluation.metrics import Array
from tracker.video.base import Frame
from tracker.video.sources import open_source

VIDEO_SUFFIXES = frozenset({".mp4", ".avi", ".mkv", ".mov", ".webm"})
COLUMNS = ("x", "y", "w", "h")
OTB_IMAGES = "img"
OTB_TRUTH = "groundtruth_rect.txt"
OTB_TRUTHS = "groundtruth_rect*.txt"
OTB_FIRST_FRAMES = {"David": 299}
"""Sequences whose truth does not begin with the first image (0-based; Wu et al. 2013 start David at image 300)."""


@dataclass(frozen=True, slots=True, eq=False)
class TruthSequence:
    """Frames and where the target is in each.

    Attributes:
        name: short, for people.
        source: what `open_source` opens.
        truth: `(n, 4) float64` x, y, width, height in px, 0-based; nan where the target is absent, never in the
            first row.
        first_frame: index of the source's frame that the first row belongs to.
    """

    name: str
    source: str
    truth: Array
    first_frame: int = 0

    def frames(self) -> Iterator[tuple[int, Frame]]:
        """Yield (row, frame) for every row of the truth whose frame can be decoded.

        Raises:
            SourceError: the source cannot be read, or it ends before the truth does.
        """
        with open_source(self.source, start=self.first_frame, end=self.first_frame + len(self.truth)) as source:
            row = -1
            for frame in source:
                row = frame.index - self.first_frame
                yield row, frame
        if row + 1 < len(self.truth):
            raise SourceError(
                f"{self.source} has {row + 1} frames for {len(self.truth)} rows of truth: do they belong together?"
            )


def find_sequences(path: str | Path) -> list[TruthSequence]:
    """Return the sequences at `path`, sorted by name.

    `path` is one clip (`NAME.mp4` with `NAME.csv` beside it), an OTB folder (`img/` and `groundtruth_rect.txt`), or a
    folder of any of these.

    Raises:
        ConfigError: nothing is there, or no sequence in it.
        SourceError: a truth file cannot be read.
    """
    path = Path(path)
    if not path.exists():
        raise ConfigError(f"{path} does not exist: give a clip or a folder of clips with truth")
    inside = [place for place in path.iterdir() if not place.name.startswith(".")] if path.is_dir() else []
    found = [sequence for place in (path, *inside) for read in LAYOUTS for sequence in read(place)]
    if not found:
        raise ConfigError(
            f"no sequence in {path}: expected NAME.mp4 with NAME.csv (header x,y,w,h) beside it, "
            f"or folders with {OTB_IMAGES}/ and {OTB_TRUTH}"
        )
    return sorted(found, key=lambda sequence: sequence.name.lower())


def read_table(path: Path) -> Array:
    """Read a comma-separated truth table with the columns x, y, w, h (others are passed over), 0-based.

    Raises:
        SourceError: not such a table, or the target is absent in the first row.
    """
    table = csv.DictReader(_lines(path), skipinitialspace=True)
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        raise SourceError(f"{path} has no column {', '.join(missing)}: its first line must be x,y,w,h")
    return _truth(path, [_numbers(path, table.line_num, [row[name] for name in COLUMNS]) for row in table])


def read_otb(path: Path) -> Array:
    """Read an OTB truth file: x, y, width, height a line, by comma, tab or space, 1-based; returned 0-based.

    Raises:
        SourceError: not such a file, or the target is absent in the first row.
    """
    fields = [
        (number, re.split(r"[,\s]+", line.strip())) for number, line in enumerate(_lines(path), 1) if line.strip()
    ]
    return _truth(path, [_numbers(path, number, values) for number, values in fields]) - (1.0, 1.0, 0.0, 0.0)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read the truth file {path} ({error}): it must be a readable text file") from error


def _numbers(path: Path, line: int, fields: Sequence[str | None]) -> list[float]:
    try:
        numbers = [float(field or "") for field in fields]
    except ValueError:
        numbers = []
    if len(numbers) != len(COLUMNS):
        raise SourceError(f"{path}, line {line}: expected four numbers x, y, width, height (nan where absent)")
    return numbers


def _truth(path: Path, rows: list[list[float]]) -> Array:
    truth = np.array(rows, dtype=np.float64).reshape(-1, 4)
    truth[~(np.isfinite(truth).all(axis=1) & (truth[:, 2:] > 0).all(axis=1))] = np.nan
    if len(truth) < 2 or np.isnan(truth[0]).any():
        raise SourceError(f"{path}: needs two rows or more, and a box in the first one to start the tracker from")
    return truth


def _clip(path: Path) -> list[TruthSequence]:
    """`NAME.mp4` with `NAME.csv` beside it."""
    table = path.with_suffix(".csv")
    if path.suffix.lower() not in VIDEO_SUFFIXES or not table.is_file():
        return []
    return [TruthSequence(path.stem, str(path), read_table(table))]


def _otb(path: Path) -> list[TruthSequence]:
    """`img/` with `groundtruth_rect.txt`, or one sequence for each of `groundtruth_rect.1.txt`, `….2.txt`."""
    images = path / OTB_IMAGES
    truths = sorted(path.glob(OTB_TRUTHS)) if images.is_dir() else []
    name = path.resolve().name
    return [
        TruthSequence(
            name if file.name == OTB_TRUTH else f"{name}-{file.stem.rpartition('.')[2]}",
            str(images),
            read_otb(file),
            OTB_FIRST_FRAMES.get(name, 0),
        )
        for file in truths
    ]


LAYOUTS: tuple[Callable[[Path], list[TruthSequence]], ...] = (_clip, _otb)
"""One reader for each known layout: what it finds right at a path. A new layout is one more line."""
