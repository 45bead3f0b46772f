"""What every tracker is made from: settings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

from tracker.config.reader import load_config
from tracker.config.settings import TrackerConfig


class Configured:
    """A tracker for which settings are enough to be made."""

    def __init__(self, config: TrackerConfig | None = None) -> None:
        """Make a tracker with these settings; None means the default preset."""
        self._config = load_config(config)

    @classmethod
    def from_config(cls, source: str | Path | TrackerConfig | None = None, overrides: Iterable[str] = ()) -> Self:
        """Make a tracker from a preset's name, a path to a YAML file or settings, changed by `key=value` words.

        Raises:
            ConfigError: unknown preset or key, unreadable file, wrong type or range.
        """
        return cls(load_config(source, overrides))

    @property
    def config(self) -> TrackerConfig:
        """The settings in force, frozen."""
        return self._config
