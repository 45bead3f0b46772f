"""The main settings as tunables: changed by factors, one key press at a time, while a video plays."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.config.reader import load_config
from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Tunable:
    """A setting by its key, and the factor of one step."""

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


TUNABLES: tuple[Tunable, ...] = (
    Tunable("search.margin", 1.1),
    Tunable("search.motion_sigma", 1.2),
    Tunable("model.prior", 1.25),
    Tunable("model.target_rate", 1.5),
    Tunable("size.damping", 1.2),
    Tunable("confidence.occluded_below", 1.1),
)
"""The settings that matter most when a target gets lost."""


class Tuner:
    """Steps one tunable at a time."""

    def __init__(self) -> None:
        self._chosen: int | None = None

    def choose_next(self, config: TrackerConfig) -> str:
        """Choose the next tunable; return its description."""
        self._chosen = 0 if self._chosen is None else (self._chosen + 1) % len(TUNABLES)
        return self.describe(config)

    def turn(self, config: TrackerConfig, steps: int) -> TrackerConfig:
        """Return the settings with the chosen tunable stepped; the same settings where it goes no further."""
        tunable = TUNABLES[self._chosen or 0]
        self._chosen = self._chosen or 0
        try:
            return tunable.turned(config, steps)
        except ConfigError:
            return config

    def describe(self, config: TrackerConfig) -> str:
        """Return the chosen tunable and its value, as `key = value`."""
        tunable = TUNABLES[self._chosen or 0]
        return f"{tunable.key} = {tunable.value(config):g}"
