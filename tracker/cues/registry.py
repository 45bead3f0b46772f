"""The cues by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker.cues.base import ColoredCue
from tracker.cues.histogram import ColorHistogramCue
from tracker.cues.target_model import TargetModel

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import TrackerConfig


CueMaker: TypeAlias = "Callable[[TrackerConfig, TargetModel | None], ColoredCue[Any]]"
"""Makes a cue from the settings and, where one is given, a color model learned earlier."""


def _color(config: TrackerConfig, model: TargetModel | None) -> ColorHistogramCue:
    return ColorHistogramCue(config.color, config.model, model)


def _load_fused() -> CueMaker:
    # Fourier transforms take a while to import; color alone does without.
    from tracker.cues.fused import FusedCue
    from tracker.cues.template import TemplateCue

    def fused(config: TrackerConfig, model: TargetModel | None) -> FusedCue:
        return FusedCue(TemplateCue(config.template, config.model.ring), _color(config, model), config.fusion)

    return fused


CUES: Mapping[str, Callable[[], CueMaker]] = MappingProxyType({"color": lambda: _color, "fused": _load_fused})
"""What imports each cue and returns its maker. A new one is a file and a line here, and its name in `TrackerConfig`."""


def load_cue(name: str) -> CueMaker:
    """Return the maker of a cue; all that it needs is imported then."""
    return CUES[name]()
