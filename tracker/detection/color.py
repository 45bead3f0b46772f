"""Detection of a color, or of the colors of a picture."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.config.detection import ColorDetectorSettings
from tracker.config.settings import ColorSettings, ModelSettings
from tracker.cues.color import BinMap, Quantizer
from tracker.cues.histogram import likelihood
from tracker.cues.target_model import Histogram, normalized
from tracker.density import Density
from tracker.detection.base import Detector, Foreground, whole_frame
from tracker.detection.blobs import boxes_of_modes, mask_of_things
from tracker.errors import ConfigError, FrameError
from tracker.geometry import Box
from tracker.image import Image, as_image

_log = logging.getLogger(__name__)

COLOR_NAMES = MappingProxyType(
    {
        "red": "E01818", "orange": "FF8800", "yellow": "F0D000", "green": "18A030", "cyan": "10C0D0", "blue": "1858E0",
        "purple": "8020C0", "magenta": "E020C0", "pink": "F878A8", "brown": "8A5020",
    }
)  # fmt: skip
"""Colors that have a name, as they are in daylight."""
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_DARKEST, _BRIGHTEST = 0, 255


class ColorDetector(Detector):
    """Back-projection of a color histogram on each picture (Swain & Ballard 1991), cut up into things by mean shift.

    A pixel counts as much as its color is more usual for the thing than for the frame as a whole. Where a picture says
    what the thing looks like, what is found must have its colors in about their shares.
    """

    name = "color"

    def __init__(
        self,
        thing: Image,
        weights: NDArray[np.float64] | None = None,
        settings: ColorDetectorSettings | None = None,
        *,
        shades: bool = False,
    ) -> None:
        """Learn the colors of a thing.

        Args:
            thing: a picture of it.
            weights: `(h, w)`, ≥ 0: how much each pixel of the picture counts; None for all alike.
            settings: what is found; None for the defaults.
            shades: whether the picture holds shades of one color, of which a thing need not have more than one.
        """
        self._settings = settings or ColorDetectorSettings()
        self._bins = self._settings.bins
        self._quantizer = Quantizer(ColorSettings(bins=(self._bins,) * 3))
        prior = self._settings.color_prior if shades else self._settings.picture_prior
        self._model = ModelSettings(prior=prior)
        self._similarity = 0.0 if shades else self._settings.similarity
        steps = np.arange(self._bins)[:, None] - np.arange(self._bins)[None]
        near = np.exp(-0.5 * np.square(steps * 256 / self._bins / self._settings.spread))
        self._near = (near / near.sum(axis=0)).astype(np.float32)
        self._thing = self._histogram(self._quantizer.bins(thing), weights)
        self._foreground: Foreground | None = None

    @classmethod
    def of_color(cls, text: str, settings: ColorDetectorSettings | None = None) -> Self:
        """Return the detector of a color written as RRGGBB, #RRGGBB or by its name, in light and in shade.

        Raises:
            ConfigError: the text is no such color.
        """
        match = _HEX.fullmatch(COLOR_NAMES.get(text.strip().lower(), text))
        if match is None:
            names = ", ".join(COLOR_NAMES)
            raise ConfigError(f"{text!r} is no color: write six hexadecimal digits, e.g. FF8800, or one of {names}")
        settings = settings or ColorDetectorSettings()
        color = np.array([int(match[1][i : i + 2], 16) for i in (4, 2, 0)])
        shades = np.rint(color * np.array(settings.shades)[:, None]).clip(_DARKEST, _BRIGHTEST)
        return cls(shades.astype(np.uint8)[None], settings=settings, shades=True)

    @classmethod
    def of_picture(cls, path: str | Path, settings: ColorDetectorSettings | None = None) -> Self:
        """Return the detector of what a picture file shows: cut out (transparent around it), or filling its middle.

        Warns where the picture has hardly any color.

        Raises:
            ConfigError: the file is no picture that can be read, or is transparent all over.
        """
        picture = _read(Path(path).expanduser())
        image = as_image(picture)
        if picture.ndim == 3 and picture.shape[2] == 4:
            weights = (picture[:, :, 3] > np.iinfo(picture.dtype).max // 2).astype(float)
            if not weights.any():
                raise ConfigError(f"{path} is transparent all over: give a picture in which something can be seen")
        else:
            weights = _middle(*image.shape[:2])
        settings = settings or ColorDetectorSettings()
        chroma = np.ptp(image, axis=2)
        if weights[chroma >= settings.chroma].sum() < settings.colored * weights.sum():
            _log.warning(
                "%s has hardly any color: much else may be taken for what it shows; if so, give a box with --roi", path
            )
        return cls(image, weights, settings)

    def detect(self, image: Image, held: Sequence[Box] = ()) -> tuple[Box, ...]:
        """Return what has the colors; see `Detector.detect`."""
        patch = whole_frame(image, self._settings.extent.working_area)
        bins = self._quantizer.bins(patch.image)
        density = self._back_projection(bins)
        mask = mask_of_things(density, self._settings)
        self._foreground = Foreground(mask, patch.geometry)
        boxes = boxes_of_modes(density, mask, self._settings)
        return tuple(patch.geometry.box_to_frame(box) for box in boxes if self._is_like_it(bins, box))

    def is_present(self, box: Box) -> bool:
        """See `Detector.is_present`."""
        return self._foreground is not None and self._foreground.share_of(box) >= self._settings.extent.filled

    def _back_projection(self, bins: BinMap) -> Density:
        table = likelihood(self._thing, self._histogram(bins), self._model)
        table[self._thing < self._settings.typical * self._thing.max()] = 0.0
        density: Density = table.take(bins)
        return density

    def _is_like_it(self, bins: BinMap, box: Box) -> bool:
        """Whether a box holds the colors of the thing in about their shares (Comaniciu et al. 2003, eq. 6)."""
        if not self._similarity:
            return True
        left, top, width, height = box.rounded()
        histogram = self._histogram(bins[top : top + height, left : left + width])
        return float(np.sqrt(histogram) @ np.sqrt(self._thing)) >= self._similarity

    def _histogram(self, bins: BinMap, weights: NDArray[np.float64] | None = None) -> Histogram:
        """Return the histogram of some pixels, in which each color also counts, a little, for those near it."""
        flat = None if weights is None else weights.ravel()
        counts = np.bincount(bins.ravel(), flat, minlength=self._quantizer.size)
        cube = counts.astype(np.float32).reshape((self._bins,) * 3)
        for axis in range(3):
            cube = np.moveaxis(np.tensordot(self._near, cube, (1, axis)), 0, axis)
        return normalized(cube)


def _read(path: Path) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Return the picture in `path` with whatever channels it has.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        data = np.fromfile(path, np.uint8)  # not cv2.imread: it cannot open every name on Windows, and prints
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}): check the path") from error
    picture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    try:
        as_image(picture)
    except FrameError as error:
        raise ConfigError(f"{path} is no picture that can be read: give a PNG or JPEG file") from error
    return picture  # type: ignore[return-value]


def _middle(height: int, width: int) -> NDArray[np.float64]:
    """Epanechnikov weights: 1 in the middle, 0 from the ellipse that touches the edges on (Comaniciu et al. 2003)."""
    y, x = (np.linspace(-1, 1, 2 * side + 1)[1::2] for side in (height, width))
    return np.maximum(1.0 - np.square(y)[:, None] - np.square(x)[None], 0.0)
