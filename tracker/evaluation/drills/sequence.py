"""Drilled clips as sequences with truth, which an evaluation runs over like any other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import cv2
import numpy as np

from tracker.errors import SourceError
from tracker.evaluation.drills.base import FOREIGN, DrillClip, Episode, Script, Shot
from tracker.evaluation.drills.registry import DRILLS
from tracker.evaluation.sequences import TruthSequence
from tracker.image import Image
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import open_source

FOREIGN_SCENE = "synth:crowd:frames=60:seed=7"
"""The foreign scene where there is no other clip."""

_OTHER = 7  # clips further on in the list: neighbors in a list of names often show one kind of thing


@dataclass(frozen=True, slots=True, eq=False)
class DrilledSequence(TruthSequence):
    """A clip with a drill in it; `truth` is that of the drilled clip.

    Attributes:
        original: the clip.
        drill: name of the drill.
        foreign: address of a source whose frames are the foreign scene.
        foreign_first: the frame it begins with.
        episode: the rows that the drill is about.
        info: facts of the drilled clip as a source.
    """

    original: TruthSequence = field(kw_only=True)
    drill: str = field(kw_only=True)
    foreign: str = field(kw_only=True)
    foreign_first: int = field(kw_only=True)
    episode: Episode = field(kw_only=True)
    info: SourceInfo = field(kw_only=True)

    def frames(self) -> Iterator[tuple[int, Frame]]:
        """Yield (row, frame) for every row whose frame can be decoded, edited by the drill.

        Raises:
            SourceError: the clip or the foreign scene cannot be read, or the clip ends before its truth does.
        """
        script = _script(self.drill, self.original, self.info)
        interval = 1 / (self.info.fps or DEFAULT_FPS)
        source = self.original.frames()
        at, frame = next(source)
        with _Reel(self, frame.image) as reel:
            for row, wanted in enumerate(script.rows.tolist()):
                if wanted <= FOREIGN:
                    image = reel.foreign(FOREIGN - wanted)
                else:
                    while at < wanted:
                        at, frame = next(source)
                    if at > wanted:  # a damaged frame, which the source passed over
                        continue
                    image = frame.image
                shot = Shot(row, image, reel.first, reel.foreign)
                yield row, Frame(script.edit(shot), row, float(script.ticks[row]) * interval)


def drilled(sequences: Sequence[TruthSequence], name: str) -> list[DrilledSequence]:
    """Return every clip with the drill of that name in it.

    The foreign scene of a clip is the clip seven further on by address, or the next that shows other pictures; a
    rendered scene where there is none.

    Raises:
        SourceError: a clip cannot be opened.
    """
    in_order = sorted(sequences, key=lambda sequence: sequence.source)
    return [_drilled(sequence, name, _foreign(in_order, sequence)) for sequence in sequences]


def _drilled(sequence: TruthSequence, name: str, foreign: tuple[str, int]) -> DrilledSequence:
    with open_source(sequence.source, start=sequence.first_frame) as source:
        info = source.info
    script = _script(name, sequence, info)
    return DrilledSequence(
        sequence.name,
        sequence.source,
        script.truth,
        original=sequence,
        drill=name,
        foreign=foreign[0],
        foreign_first=foreign[1],
        episode=script.episode,
        info=dataclasses.replace(info, frame_count=len(script.truth)),
    )


def _script(name: str, sequence: TruthSequence, info: SourceInfo) -> Script:
    return DRILLS[name](DrillClip(sequence.name, sequence.truth, info.width, info.height))


def _foreign(in_order: Sequence[TruthSequence], sequence: TruthSequence) -> tuple[str, int]:
    here = next(number for number, other in enumerate(in_order) if other is sequence)
    for step in range(len(in_order)):
        other = in_order[(here + _OTHER + step) % len(in_order)]
        if other.source != sequence.source:
            return other.source, other.first_frame
    return FOREIGN_SCENE, 0


class _Reel:
    """The pictures for the edits of one run; keeps one foreign picture at a time. A context manager."""

    def __init__(self, sequence: DrilledSequence, first: Image) -> None:
        self._sequence = sequence
        self._size = (sequence.info.width, sequence.info.height)
        self.first = first.copy()
        self._source: FrameSource | None = None
        self._frames: Iterator[Frame] = iter(())
        self._image = self.first
        self._index = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._source is not None:
            self._source.close()

    def foreign(self, index: int) -> Image:
        """Return the picture of that index at the size of the clip."""
        if index < self._index:
            self._rewind()
            self._index = -1
        while self._index < index:
            self._image = self._next()
            self._index += 1
        return self._image

    def _next(self) -> Image:
        frame = next(self._frames, None)
        if frame is None:  # not opened yet, or at its end: from the beginning
            self._rewind()
            frame = next(self._frames, None)
        if frame is None:
            raise SourceError(f"{self._sequence.foreign} holds no frame for the foreign scene: check it with a player")
        return np.asarray(cv2.resize(frame.image, self._size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def _rewind(self) -> None:
        if self._source is not None:
            self._source.close()
        self._source = open_source(self._sequence.foreign, start=self._sequence.foreign_first)
        self._frames = iter(self._source)
