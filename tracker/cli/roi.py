"""The target in the first frame, as a person writes it."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.cli.roi_file import read_roi_file
from tracker.errors import BoxError, ConfigError
from tracker.geometry import Box
from tracker.session import Chooser
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


@dataclass(frozen=True, slots=True)
class Region:
    """A box whose numbers may depend on the size of the frame; chooses itself."""

    x: Length
    y: Length
    width: Length
    height: Length

    def __call__(self, frame: Frame) -> Box:
        """Return the box in `frame`.

        Raises:
            BoxError: it is empty or not finite.
        """
        down, across = frame.image.shape[:2]
        return Box.parse((self.x.of(across), self.y.of(down), self.width.of(across), self.height.of(down)))


def parse_roi(text: str) -> Region:
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
    return Region(*lengths)


def chooser(roi: str | None, roi_file: str | None) -> Chooser | None:
    """Return what chooses the target for `--roi` or `--roi-file`; None where neither is given.

    Raises:
        BoxError: the text is no box.
        ConfigError: both are given, or the file cannot be read.
    """
    if roi is not None and roi_file is not None:
        raise ConfigError("--roi and --roi-file both say where the target is: give one of them")
    if roi is not None:
        return parse_roi(roi)
    if roi_file is not None:
        return read_roi_file(roi_file)
    return None
