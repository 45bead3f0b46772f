"""Changing the main settings while watching."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.config.reader import load_config
from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting by its place in the settings, and the factor that one press changes it by."""

    key: str
    factor: float

    def value(self, config: TrackerConfig) -> float:
        """Return the setting's value."""
        section, name = self.key.split(".")
        return float(getattr(getattr(config, section), name))

    def turned(self, config: TrackerConfig, steps: int) -> TrackerConfig:
        """Return the settings with this one raised (or lowered, where `steps` is negative).

        Raises:
            ConfigError: the setting goes no further.
        """
        value = float(f"{self.value(config) * self.factor**steps:.4g}")
        return load_config(config, [f"{self.key}={value}"])


KNOBS: tuple[Knob, ...] = (
    Knob("search.margin", 1.1),
    Knob("search.motion_sigma", 1.2),
    Knob("model.prior", 1.25),
    Knob("model.target_rate", 1.5),
    Knob("size.damping", 1.2),
    Knob("confidence.occluded_below", 1.1),
)
"""The settings that matter most to someone whose target gets lost."""


class Tuner:
    """One knob at a time."""

    def __init__(self) -> None:
        self._chosen: int | None = None

    def choose_next(self, config: TrackerConfig) -> str:
        """Go to the next knob; return what to tell the person."""
        self._chosen = 0 if self._chosen is None else (self._chosen + 1) % len(KNOBS)
        return self.describe(config)

    def turn(self, config: TrackerConfig, steps: int) -> TrackerConfig:
        """Return the settings with the chosen knob turned; the same settings where it goes no further."""
        knob = KNOBS[self._chosen or 0]
        self._chosen = self._chosen or 0
        try:
            return knob.turned(config, steps)
        except ConfigError:
            return config

    def describe(self, config: TrackerConfig) -> str:
        """Return the chosen knob and its value."""
        knob = KNOBS[self._chosen or 0]
        return f"{knob.key} = {knob.value(config):g}"
