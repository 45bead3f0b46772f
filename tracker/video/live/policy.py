"""How long a live source is waited for, and how often it is tried again."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tracker.errors import ConfigError


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """Patience with a camera or stream.

    Attributes:
        open_timeout: seconds from the attempt to connect until the first picture.
        read_timeout: seconds between two pictures.
        reconnects: attempts in a row to get a lost source back; 0 for none.
        first_pause: seconds before the second attempt in a row; it doubles from there.
        longest_pause: seconds that a pause grows to.

    Raises:
        ConfigError: a time is negative or not finite, a time-out is zero, or `reconnects` is negative.
    """

    open_timeout: float = 10.0
    read_timeout: float = 5.0
    reconnects: int = 10
    first_pause: float = 0.5
    longest_pause: float = 10.0

    def __post_init__(self) -> None:
        for name in ("open_timeout", "read_timeout", "first_pause", "longest_pause"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0 or (value == 0 and name.endswith("timeout")):
                raise ConfigError(f"{name} {value} is not possible: give seconds above 0")
        if self.reconnects < 0:
            raise ConfigError(f"reconnects {self.reconnects} is not possible: give 0 for none, or how many in a row")

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait before the `attempt`-th try in a row to connect again (1 is the first).

        The first one comes at once, as most losses are short.
        """
        if attempt <= 1:
            return 0.0
        return min(self.first_pause * 2.0 ** min(attempt - 2, 32), self.longest_pause)
