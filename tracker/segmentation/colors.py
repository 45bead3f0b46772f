"""The color spaces in which regions are told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.image import Image

Planes: TypeAlias = NDArray[np.float32]
"""`(3, H, W) float32`, one plane a channel."""

ColorName: TypeAlias = Literal["luv", "lab", "bgr"]


@dataclass(frozen=True, slots=True)
class ColorSpace:
    """A color space: to and from BGR in [0, 1], `(H, W, 3) float32`."""

    name: str
    from_bgr: Callable[[Planes], Planes]
    to_bgr: Callable[[Planes], Planes]


def _converter(code: int) -> Callable[[Planes], Planes]:
    return lambda picture: np.asarray(cv2.cvtColor(picture, code), dtype=np.float32)


COLOR_SPACES: Mapping[str, ColorSpace] = MappingProxyType(
    {
        space.name: space
        for space in (
            ColorSpace("luv", _converter(cv2.COLOR_BGR2Luv), _converter(cv2.COLOR_Luv2BGR)),
            ColorSpace("lab", _converter(cv2.COLOR_BGR2Lab), _converter(cv2.COLOR_Lab2BGR)),
            ColorSpace("bgr", lambda picture: picture * np.float32(255), lambda picture: picture / np.float32(255)),
        )
    }
)
"""`luv` and `lab` (CIE 1976, L from 0 to 100: distances are close to what an eye sees), `bgr` from 0 to 255."""


def to_planes(image: Image, space: ColorSpace) -> Planes:
    """Return the picture in a color space, plane by plane."""
    picture = space.from_bgr(image.astype(np.float32) / np.float32(255))
    return np.ascontiguousarray(picture.transpose(2, 0, 1))


def to_image(colors: NDArray[np.float32], space: ColorSpace) -> Image:
    """Return `(H, W, 3)` colors of a space as a BGR picture."""
    picture = space.to_bgr(np.ascontiguousarray(colors, dtype=np.float32))
    return np.asarray(np.rint(np.clip(picture, 0, 1) * 255), dtype=np.uint8)
