"""Sequences with truth, and finding them: clips with a table beside them, OTB folders, or folders of either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tracker.errors import ConfigError, SourceError
from tracker.evaluation.metrics import Array
from tracker.formats import csv_table, otb
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.video.base import Frame
from tracker.video.kinds import holds_video
from tracker.video.sources import open_source

OTB_IMAGES = "img"
OTB_TRUTH = "groundtruth_rect.txt"
OTB_TRUTHS = "groundtruth_rect*.txt"
OTB_FIRST_FRAMES = {"David": 299}
"""Sequences whose truth does not begin with the first image (0-based; Wu et al. 2013 start David at image 300)."""


@dataclass(frozen=True, slots=True, eq=False)
class TruthSequence:
    """Frames with the true box of the target in each.

    Attributes:
        name: short name.
        source: address that `open_source` takes.
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
    """Read a comma-separated truth table with the columns x, y, w, h, 0-based; a row a frame where it has no `frame`.

    Raises:
        SourceError: not such a table, or the target is absent in the first frame.
    """
    return _truth(path, csv_table.read(path, VideoMeta()))


def read_otb(path: Path) -> Array:
    """Read an OTB truth file: x, y, width, height a line, by comma, tab or space, 1-based; returned 0-based.

    Raises:
        SourceError: not such a file, or the target is absent in the first row.
    """
    return _truth(path, otb.read(path, VideoMeta()))


def _truth(path: Path, video: AnnotatedVideo) -> Array:
    truth = np.full((video.frame_count, 4), np.nan)
    for one in video.annotations:
        truth[one.frame] = tuple(one.box)
    if len(truth) < 2 or np.isnan(truth[0]).any():
        raise SourceError(f"{path}: needs two rows or more, and a box in the first one to start the tracker from")
    return truth


def _clip(path: Path) -> list[TruthSequence]:
    """`NAME.mp4` with `NAME.csv` beside it."""
    table = path.with_suffix(".csv")
    if not table.is_file() or not path.is_file() or not holds_video(path):
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
"""The known layouts, each with the function that reads the sequences right at a path. A new layout is one line."""
