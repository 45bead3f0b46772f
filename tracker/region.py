"""The target in the first frame, as a person writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tracker.errors import BoxError
from tracker.geometry import Box
from tracker.video.base import Frame

FORM = "write X,Y,W,H in pixels (120,80,40,60) or in percent of the frame (10%,20%,5%,8%)"


@dataclass(frozen=True, slots=True)
class Length:
    """A number of pixels, or a share of a side."""

    value: float
    percent: bool

    @classmethod
    def parse(cls, word: str) -> Length:
        """Read `40`, `12.5` or `10%`.

        Raises:
            ValueError: it is none of these.
        """
        word = word.strip()
        return cls(float(word.removesuffix("%")), word.endswith("%"))

    def of(self, side: float) -> float:
        """Return the length in pixels on a side of `side` pixels."""
        return self.value / 100 * side if self.percent else self.value

    def __str__(self) -> str:
        return f"{self.value!r}{'%' if self.percent else ''}"


@dataclass(frozen=True, slots=True)
class Region:
    """A box whose numbers may depend on the size of the frame; chooses itself."""

    x: Length
    y: Length
    width: Length
    height: Length

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `X,Y,W,H`, each in pixels or percent.

        Raises:
            BoxError: not four numbers.
        """
        try:
            lengths = [Length.parse(word) for word in text.split(",")]
        except ValueError:
            lengths = []
        if len(lengths) != 4:
            raise BoxError(f"cannot read the box {text!r}: {FORM}")
        return cls(*lengths)

    @classmethod
    def of(cls, box: Box) -> Self:
        """Return the region that is `box` in every frame."""
        return cls(*(Length(value, percent=False) for value in box))

    def __call__(self, frame: Frame) -> Box:
        """Return the box in `frame`.

        Raises:
            BoxError: it is empty or not finite.
        """
        down, across = frame.image.shape[:2]
        return Box.parse((self.x.of(across), self.y.of(down), self.width.of(across), self.height.of(down)))

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"
