"""Sequences with truth, and finding them: clips with a table beside them, OTB folders, or folders of either."""

from __future__ import annotations

import logging
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

_log = logging.getLogger(__name__)

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
        file: the file that the truth was read from, "" where it was not.
    """

    name: str
    source: str
    truth: Array
    first_frame: int = 0
    file: str = ""

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
        SourceError: no truth file can be read; among others that can, it is left out with a warning.
    """
    path = Path(path)
    if not path.exists():
        raise ConfigError(f"{path} does not exist: give a clip or a folder of clips with truth")
    inside = [place for place in path.iterdir() if not place.name.startswith(".")] if path.is_dir() else []
    found = [sequence for read in LAYOUTS for sequence in read(path)]
    refused: list[SourceError] = []
    for place in inside:
        try:
            found += [sequence for read in LAYOUTS for sequence in read(place)]
        except SourceError as error:
            refused.append(error)
    if refused and not found:
        raise refused[0]
    for refusal in refused:
        _log.warning("left out: %s", refusal)
    if not found:
        raise ConfigError(
            f"no sequence in {path}: expected NAME.mp4 with NAME.csv (header x,y,w,h) beside it, "
            f"or folders with {OTB_IMAGES}/ and {OTB_TRUTH}"
        )
    return sorted(found, key=lambda sequence: sequence.name.lower())


def read_table(path: Path) -> Array:
    """Read a comma-separated truth table with the columns x, y, w, h, 0-based; a row a frame where it has no `frame`.

    Raises:
        SourceError: not such a table, or of several targets, or the target is absent in the first frame.
    """
    return _only_truth(path, csv_table.read(path, VideoMeta()))


def read_otb(path: Path) -> Array:
    """Read an OTB truth file: x, y, width, height a line, by comma, tab or space, 1-based; returned 0-based.

    Raises:
        SourceError: not such a file, or the target is absent in the first row.
    """
    return _only_truth(path, otb.read(path, VideoMeta()))


def _only_truth(path: Path, video: AnnotatedVideo) -> Array:
    truths = _truths(path, video)
    if len(truths) > 1:
        raise SourceError(f"{path} holds {len(truths)} targets: give the truth of one")
    if truths[0].first_frame:
        raise SourceError(f"{path}: needs a box in the first row to start the tracker from")
    return truths[0].boxes


@dataclass(frozen=True, slots=True, eq=False)
class _Truth:
    """Boxes of one target, `(n, 4)`, from the frame of its first one on; `name` tells it from others of the file."""

    name: str
    boxes: Array
    first_frame: int


def _truths(path: Path, video: AnnotatedVideo) -> list[_Truth]:
    """Return the truth of each target of a file.

    Raises:
        SourceError: it has none, or one with a single frame.
    """
    rows: dict[int | None, Array] = {}
    labels: dict[int | None, str] = {}
    for one in video.annotations:
        if one.id not in rows:
            rows[one.id] = np.full((video.frame_count, 4), np.nan)
        rows[one.id][one.frame] = tuple(one.box)
        labels[one.id] = one.label or labels.get(one.id, "")
    found = []
    for number, boxes in rows.items():
        first = int(np.flatnonzero(~np.isnan(boxes[:, 0]))[0])
        name = f"-{labels[number] or 'id'}{number}" if len(rows) > 1 else ""
        found.append(_Truth(name, boxes[first:], first))
    if not found or any(len(truth.boxes) < 2 for truth in found):
        raise SourceError(f"{path}: needs two rows or more from the first box on, to start the tracker from it")
    return found


def _clip(path: Path) -> list[TruthSequence]:
    """`NAME.mp4` with `NAME.csv` beside it."""
    if not path.is_file():  # "." has no suffix to change
        return []
    table = path.with_suffix(".csv")
    if not table.is_file() or not holds_video(path):
        return []
    truths = _truths(table, csv_table.read(table, VideoMeta()))
    return [TruthSequence(path.stem + one.name, str(path), one.boxes, one.first_frame, str(table)) for one in truths]


def _otb(path: Path) -> list[TruthSequence]:
    """`img/` with `groundtruth_rect.txt`, or one sequence for each of `groundtruth_rect.1.txt`, `….2.txt`."""
    images = path / OTB_IMAGES
    truths = sorted(path.glob(OTB_TRUTHS)) if images.is_dir() else []
    name = path.resolve().name
    return [
        TruthSequence(
            name if file.name == OTB_TRUTH else f"{name}-{file.stem.rpartition('.')[2]}",
            str(images),
            truth.boxes,
            OTB_FIRST_FRAMES.get(name, 0) + truth.first_frame,
            str(file),
        )
        for file in truths
        for truth in _truths(file, otb.read(file, VideoMeta()))
    ]


LAYOUTS: tuple[Callable[[Path], list[TruthSequence]], ...] = (_clip, _otb)
"""The known layouts, each with the function that reads the sequences right at a path. A new layout is one line."""
