"""Options that do nothing for a source or without another option: they are said, not passed over in silence."""

from __future__ import annotations

import logging
from collections.abc import Collection

import typer

_log = logging.getLogger("tracker.cli")

_LIVE = ("reconnect", "reconnect_pause", "camera_size", "camera_fps", "camera_format")
_WINDOW = ("speed", "loop", "flip", "several")
_VIDEO = ("draw", "density", "audio")
_PICTURES = ("fps",)

_WRITTEN = {"audio": "--audio or --no-audio"}
"""Options that are not written as their parameter is called."""


def given_options(context: typer.Context) -> list[str]:
    """Return the names of the parameters that do not have their default."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return [name for name, source in sources.items() if source is not None and source.name != "DEFAULT"]


def warn_of_unused(given: Collection[str], source: str, *, live: bool, window: bool, video: bool, rate: bool) -> None:
    """Warn of each option of `tracker track` that was given and has no effect.

    Args:
        given: the names of the parameters that were given.
        source: what is followed.
        live: whether that is a camera or stream.
        window: whether a window opens.
        video: whether a video is written.
        rate: whether the source has a frame rate of its own.
    """
    for names, used, why in (
        (_LIVE, live, f"{source} is no camera or stream"),
        (_WINDOW, window, "no window opens"),
        (_VIDEO, video, "no video is written: give --output"),
        (_PICTURES, not rate, f"{source} has a frame rate of its own"),
    ):
        for name in names:
            if name in given and not used:
                _log.warning("%s has no effect: %s", _WRITTEN.get(name, f"--{name.replace('_', '-')}"), why)
