"""From two histograms to what a colour is worth: the tables that back-projection looks pixels up in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from tracker.config.settings import ModelSettings
from tracker.cues.target_model import Histogram


def likelihood(target: Histogram, background: Histogram, settings: ModelSettings) -> Histogram:
    """Posterior probability that a pixel of each colour is the target's, in [0, 1].

    Bayes with prior π and a floor ε for colours never seen: (πq + επ) / (πq + (1 − π)b + ε).
    """
    prior, floor = np.float32(settings.prior), np.float32(settings.floor)
    mine = (target + floor) * prior
    other = background * (np.float32(1) - prior)
    other += mine
    other += floor * (np.float32(1) - prior)
    mine /= other
    return mine


def ratio(target: Histogram, background: Histogram, settings: ModelSettings) -> Histogram:
    """Ratio histogram min(q / b, 1) (Swain & Ballard 1991): a loose box's background colours weigh little."""
    table = target / np.maximum(background, np.float32(settings.floor))
    return np.minimum(table, np.float32(1), out=table)


BACK_PROJECTIONS: Mapping[str, Callable[[Histogram, Histogram, ModelSettings], Histogram]] = MappingProxyType(
    {"likelihood": likelihood, "ratio": ratio}
)
"""The tables by name. A new one is a function and a line here (and its name in `ModelSettings`)."""
