"""The cues by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tracker.cues.base import ColoredCue
from tracker.cues.histogram import ColorHistogramCue
from tracker.cues.target_model import TargetModel

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import TrackerConfig


def _color(config: TrackerConfig, model: TargetModel | None) -> ColorHistogramCue:
    return ColorHistogramCue(config.color, config.model, model)


def _fused(config: TrackerConfig, model: TargetModel | None) -> ColoredCue[Any]:
    # Fourier transforms take a while to import; color alone does without.
    from tracker.cues.fused import FusedCue
    from tracker.cues.template import TemplateCue

    return FusedCue(TemplateCue(config.template, config.model.ring), _color(config, model), config.fusion)


CUES: Mapping[str, Callable[[TrackerConfig, TargetModel | None], ColoredCue[Any]]] = MappingProxyType(
    {"color": _color, "fused": _fused}
)
"""Makers of a cue from the settings and, where one is given, a color model learned earlier.

A new cue is a file and a line here (and its name in `TrackerConfig`)."""
