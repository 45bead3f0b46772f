"""The target model: what colors the target has, what colors are around it, and a file to keep it in."""

from __future__ import annotations

import copy
import math
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.errors import ModelFileError, OutputError

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import ColorSettings

Histogram: TypeAlias = NDArray[np.float32]
"""`(n,) float32`, ≥ 0, sums to 1; or all zero where there was nothing to count."""

_FORMAT = 1


def normalized(counts: NDArray[Any], total: float | None = None) -> Histogram:
    """Return `counts` (any shape) as a flat histogram that sums to 1; all zero stays all zero.

    `total`: the sum of the counts where the caller knows it.
    """
    flat = counts.astype(np.float32).reshape(-1)
    total = float(flat.sum()) if total is None else total
    if total > 0.0:
        flat /= np.float32(total)
    return flat


class TargetModel:
    """Color histograms of a target, of its surroundings, and of its first look.

    Attributes:
        color: the color space and bins the histograms are over.
        target: histogram of the target, follows its look slowly.
        background: histogram of what surrounds it, follows quickly.
        first: the target's first histogram, frozen: an adapted model is a bad judge of itself.
    """

    def __init__(self, color: ColorSettings, target: Histogram, background: Histogram) -> None:
        self.color = color
        self.target = target
        self.background = background
        self.first = target
        self._root_of_first = np.sqrt(target)

    def copied(self) -> Self:
        """Return a copy that learns on its own; the histograms are shared, since a lesson makes new ones."""
        return copy.copy(self)

    def __repr__(self) -> str:
        return f"<TargetModel: {len(self.target)} bins of {self.color.space}>"

    def similarity(self, histogram: Histogram) -> float:
        """Bhattacharyya coefficient Σ √(p·q) to the target's first histogram, in [0, 1] (Comaniciu 2003, eq. 6)."""
        return min(float(np.sqrt(histogram) @ self._root_of_first), 1.0)

    def update(self, target: Histogram, background: Histogram, target_rate: float, background_rate: float) -> None:
        """Renew the given share of each histogram; an empty new one is left out."""
        self.target = _renewed(self.target, target, target_rate)
        self.background = _renewed(self.background, background, background_rate)

    def save(self, path: str | Path) -> None:
        """Write the model as one compressed file (numpy .npz), readable under any OpenCV version.

        Raises:
            OutputError: the file cannot be written.
        """
        try:
            with Path(path).open("wb") as file:
                np.savez_compressed(
                    file,
                    format=np.int64(_FORMAT),
                    color=np.array(self.color.model_dump_json()),
                    target=self.target,
                    background=self.background,
                    first=self.first,
                )
        except OSError as error:
            raise OutputError(f"cannot write the model to {path}: {error.strerror or error}") from error

    @classmethod
    def load(cls, path: str | Path) -> TargetModel:
        """Read a model that `save` wrote.

        Raises:
            ModelFileError: missing, not a model file, of a later format, or damaged.
        """
        from tracker.config.settings import ColorSettings  # see above

        try:
            with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as data:
                version = int(data["format"])
                if version > _FORMAT:
                    raise ModelFileError(f"{path} has model format {version}; this release reads {_FORMAT}: update it")
                color = ColorSettings.model_validate_json(str(data["color"]))
                target, background, first = (normalized(data[name]) for name in ("target", "background", "first"))
        except FileNotFoundError as error:
            raise ModelFileError(f"no model file {path}: check the path") from error
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError) as error:
            if isinstance(error, ModelFileError):
                raise
            raise ModelFileError(f"{path} is not a target model: make one with Tracker.model.save") from error
        if not (len(target) == len(background) == len(first) and all(map(_is_histogram, (target, first)))):
            raise ModelFileError(f"{path} is a damaged target model: save it again")
        model = cls(color, target, background)
        model.first, model._root_of_first = first, np.sqrt(first)
        return model


def _renewed(old: Histogram, new: Histogram, rate: float) -> Histogram:
    # The square of a histogram is above zero unless nothing was counted; a third of the time of its sum.
    if rate <= 0.0 or new @ new <= 0.0:
        return old
    renewed: Any = cv2.addWeighted(old, 1.0 - rate, new, rate, 0.0)
    return np.asarray(renewed, np.float32).reshape(-1)


def _is_histogram(values: Histogram) -> bool:
    return bool(np.isfinite(values).all() and (values >= 0).all() and math.isclose(values.sum(), 1.0, abs_tol=1e-3))
