"""What every tracker is made with: settings, by name, file or value."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tracker.cues.registry import load_cue
from tracker.tracking.scale_registry import load_scale_estimator

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import TrackerConfig


class Configured:
    """A tracker for which settings are enough to be made."""

    def __init__(self, config: str | Path | TrackerConfig | None = None) -> None:
        """Make a tracker with a preset's name, a path to a YAML file, or settings; None means the default preset.

        Raises:
            ConfigError: unknown preset or key, unreadable file, wrong type or range.
        """
        from tracker.config.reader import load_config  # see above

        self._config = load_config(config)
        load_cue(self._config.cue), load_scale_estimator(self._config.size.method)  # imports: not in the first frame

    @classmethod
    def from_config(cls, source: str | Path | TrackerConfig | None = None, overrides: Iterable[str] = ()) -> Self:
        """Make a tracker from a preset's name, a path to a YAML file or settings, changed by `key=value` words.

        Raises:
            ConfigError: unknown preset or key, unreadable file, wrong type or range.
        """
        from tracker.config.reader import load_config

        return cls(load_config(source, overrides))

    @property
    def config(self) -> TrackerConfig:
        """The settings in force, frozen."""
        return self._config
