"""Effects on the pixels of a target, or of everything else: blur, pixelate, solid, spotlight, none."""

from tracker.effects.base import Area, Effect
from tracker.effects.coverage import Coverage, CoverageSettings
from tracker.effects.registry import EFFECTS, EffectSpec, parse_effect
from tracker.effects.stage import EffectStage, apply_effect

__all__ = [
    "EFFECTS",
    "Area",
    "Coverage",
    "CoverageSettings",
    "Effect",
    "EffectSpec",
    "EffectStage",
    "apply_effect",
    "parse_effect",
]
