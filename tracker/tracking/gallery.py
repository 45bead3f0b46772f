"""Clean looks of a target: what it has looked like while it was surely seen, and how like them it usually is.

A gallery of appearance descriptors as in Wojke, Bewley & Paulus 2017 ("Simple online and realtime tracking with a deep
association metric", section 2.2), of one target and over all of its past.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tracker.cues.descriptor import THUMBNAIL_SIDE, ColorLayout, Thumbnail
from tracker.values import value

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.presence import GallerySettings

_HALVES: NDArray[np.float32] = np.array(
    [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5], [0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5]], np.float32
)
"""Top, bottom, left and right half as means of quarters."""

_INNER_SIDE = THUMBNAIL_SIDE - 2
_ROWS, _COLUMNS = np.divmod(np.arange(_INNER_SIDE**2), _INNER_SIDE)
_SHIFTED: NDArray[np.intp] = np.stack(
    [(down + _ROWS) * THUMBNAIL_SIDE + across + _COLUMNS for down in range(3) for across in range(3)]
)
"""Pixels, `(9, 144)`, of a flat thumbnail without its margin, moved by up to a pixel each way."""

_FLAT = np.float32(1e-3)
"""Length below which a thumbnail has no structure, gray levels."""


@value
class Likeness:
    """How like the best clean look a color layout is, Bhattacharyya coefficients in [0, 1].

    Attributes:
        whole: of all of the box, its quarters together.
        half: of the half that is most like it, quarter by quarter: one half may be hidden.
    """

    whole: float
    half: float


NO_LIKENESS = Likeness(0.0, 0.0)
"""Of a place that shows nothing."""


class Gallery:
    """Keeps the first look and others, the older the further apart in time.

    Looks wait before they count: an occluder that slides in is noticed only when it covers much.
    """

    def __init__(self, settings: GallerySettings, layout: ColorLayout, thumbnail: Thumbnail, light: float) -> None:
        """Begin with the first look, seen in a frame of mean level `light`."""
        self._settings = settings
        size, inner = settings.size, thumbnail[1:-1, 1:-1]
        # One row a look, zero where none is kept yet: a row of zeros is like nothing.
        self._quarters = np.zeros((4, size, layout.shape[1]), np.float32)
        self._wholes = np.zeros((size, layout.shape[1]), np.float32)
        self._thumbnails = np.zeros((size, *thumbnail.shape), np.float32)
        self._templates = np.zeros((size, inner.size), np.float32)
        self._lights = [light] * size
        self._times: list[int] = []
        self._time = 0
        self._newest = 0
        self._waiting: deque[tuple[ColorLayout, Likeness, Thumbnail | None, float]] = deque()
        self._seen = 0
        self._next = 2
        self._counted = 0
        self._matched = 0
        self._usual_match = 1.0
        self._usual = Likeness(1.0, 1.0)
        self._keep(layout, thumbnail, light)

    def likeness(self, layout: ColorLayout) -> Likeness:
        """Return the likeness to the best look for each."""
        quarters = (self._quarters @ layout[:, :, None])[:, :, 0]
        whole = float((self._wholes @ _whole_of(layout)).max())
        return Likeness(whole, float((_HALVES @ quarters).max()))

    def likenesses(self, layouts: NDArray[np.float32]) -> list[Likeness]:
        """Return the likeness of each of several color layouts, `(n, 4, 512)`."""
        quarters = np.einsum("hq,qsn->hsn", _HALVES, self._quarters @ layouts.transpose(1, 2, 0)).max(axis=(0, 1))
        wholes = (self._wholes @ _whole_of(layouts.transpose(1, 2, 0))).max(axis=0)
        return [Likeness(*each) for each in zip(wholes.tolist(), quarters.tolist(), strict=True)]

    def surplus(self, likeness: Likeness) -> Likeness:
        """Return by how much it is above the usual likeness."""
        if not self._seen:
            return NO_LIKENESS
        return Likeness(likeness.whole - self._usual.whole, likeness.half - self._usual.half)

    def lack(self, thumbnail: Thumbnail) -> float:
        """Return by how much a thumbnail is less like the best look than is usual, in [-1, 1].

        It is weighed by what is usual: a target for which thumbnails tell nothing is not judged by them.
        """
        return (self._usual_match - self._match(thumbnail)) * min(max(self._usual_match, 0.0), 1.0)

    def lacks(self, thumbnails: Sequence[Thumbnail]) -> list[float]:
        """Return the lack of each of several thumbnails."""
        weight = min(max(self._usual_match, 0.0), 1.0)
        return [(self._usual_match - match) * weight for match in self._matches(thumbnails)]

    @property
    def thumbnails(self) -> list[Thumbnail]:
        """The first thumbnail and the newest."""
        return [self._thumbnails[slot] for slot in sorted({0, self._newest})]

    @property
    def lights(self) -> tuple[float, ...]:
        """Mean level of the frame in which the first look was seen, and the newest."""
        first, newest = self._lights[0], self._lights[self._newest]
        return (first,) if first == newest else (first, newest)

    @property
    def wants_thumbnail(self) -> bool:
        """Whether the next look to be remembered may be kept, and has to come with a thumbnail.

        At first more often: the target has not yet shown how much it changes.
        """
        return self._seen + 1 >= self._next

    def remember(self, layout: ColorLayout, likeness: Likeness, thumbnail: Thumbnail | None, light: float) -> None:
        """Take a sure look; it counts once others have followed it."""
        self._seen += 1
        if thumbnail is not None:
            self._next = self._seen + min(1 + self._seen // 4, self._settings.every)
        self._waiting.append((layout, likeness, thumbnail, light))
        if not self._counted:
            self._renew_usual(likeness, 1 / len(self._waiting))
        if len(self._waiting) <= self._settings.quarantine:
            return
        layout, likeness, thumbnail, light = self._waiting.popleft()
        self._time += 1
        self._counted += 1
        if self._counted > 1:
            self._renew_usual(likeness, max(1 / (self._settings.quarantine + self._counted), self._settings.rate))
        if thumbnail is not None:
            self._matched += 1
            rate = max(1 / self._matched, self._settings.match_rate)
            self._usual_match += rate * (self._match(thumbnail) - self._usual_match)
            self._keep(layout, thumbnail, light)

    def forget_waiting(self) -> None:
        """Drop the looks that wait: a doubt has begun, which may have been there before it was noticed."""
        self._waiting.clear()

    def adopt(self, layout: ColorLayout, thumbnail: Thumbnail, light: float) -> None:
        """Take a new look at once: the target has changed."""
        self.forget_waiting()
        self._time += 1
        self._keep(layout, thumbnail, light)

    def _renew_usual(self, likeness: Likeness, rate: float) -> None:
        whole, half = self._usual.whole, self._usual.half
        self._usual = Likeness(whole + rate * (likeness.whole - whole), half + rate * (likeness.half - half))

    def _match(self, thumbnail: Thumbnail) -> float:
        """Greatest correlation, moved by up to a pixel, with any of the looks."""
        shifted = thumbnail.ravel()[_SHIFTED]
        shifted -= shifted.mean(axis=1, keepdims=True)
        lengths = np.sqrt(np.einsum("ij,ij->i", shifted, shifted)) + _FLAT
        return float(((self._templates @ shifted.T) / lengths).max())

    def _matches(self, thumbnails: Sequence[Thumbnail]) -> list[float]:
        """The match of each of several thumbnails."""
        shifted = np.concatenate([thumbnail.ravel()[_SHIFTED] for thumbnail in thumbnails])
        shifted -= shifted.mean(axis=1, keepdims=True)
        lengths = np.sqrt(np.einsum("ij,ij->i", shifted, shifted)) + _FLAT
        found = ((self._templates @ shifted.T) / lengths).max(axis=0)
        matches: list[float] = found.reshape(-1, len(_SHIFTED)).max(axis=1).tolist()
        return matches

    def _keep(self, layout: ColorLayout, thumbnail: Thumbnail, light: float) -> None:
        """Keep a look, in place of the one that is missed least where the gallery is full."""
        slot = len(self._times)
        if slot < self._settings.size:
            self._times.append(self._time)
        else:
            slot = self._superfluous()
            self._times[slot] = self._time
        self._newest = slot
        self._lights[slot] = light
        self._quarters[:, slot] = layout
        self._wholes[slot] = _whole_of(layout)
        self._thumbnails[slot] = thumbnail
        inner = thumbnail[1:-1, 1:-1].ravel()
        inner = inner - inner.mean()
        self._templates[slot] = inner / (np.linalg.norm(inner) + _FLAT)

    def _superfluous(self) -> int:
        """The slot whose neighbors in time are nearest for its age; never that of the first look or of the last."""
        order = sorted(range(len(self._times)), key=self._times.__getitem__)
        times = [self._times[slot] for slot in order]
        room = [(times[i + 1] - times[i - 1]) / (self._time + 1 - times[i]) for i in range(1, len(times) - 1)]
        return order[1 + room.index(min(room))]


def _whole_of(layout: NDArray[np.float32]) -> NDArray[np.float32]:
    """Square roots of the histogram of all quarters, the first axis, together."""
    counts = np.square(layout).sum(axis=0)
    counts *= np.float32(0.25)
    whole: NDArray[np.float32] = np.sqrt(counts, out=counts)
    return whole
