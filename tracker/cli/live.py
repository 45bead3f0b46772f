"""What a person wrote about a camera or stream."""

from __future__ import annotations

import re

from tracker.errors import ConfigError
from tracker.video.live.camera import CameraMode
from tracker.video.live.source import LivePolicy


def policy_of(reconnect: int | None) -> LivePolicy | None:
    """Return the patience asked for, None where nothing was.

    Raises:
        ConfigError: the number is negative.
    """
    return None if reconnect is None else LivePolicy(reconnects=reconnect)


def mode_of(size: str | None, fps: float | None, pixel_format: str | None) -> CameraMode:
    """Return what is asked of a camera.

    Raises:
        ConfigError: the size cannot be read, or something is not possible.
    """
    if size is None:
        return CameraMode(fps=fps, pixel_format=pixel_format)
    numbers = re.fullmatch(r"(\d+)x(\d+)", size.strip())
    if numbers is None:
        raise ConfigError(f"cannot read the camera size {size!r}: write WIDTHxHEIGHT, e.g. 1280x720")
    return CameraMode(int(numbers[1]), int(numbers[2]), fps, pixel_format)
