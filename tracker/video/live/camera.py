"""Cameras, through OpenCV."""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import cv2
from cv2.typing import MatLike

from tracker.errors import ConfigError, SourceError
from tracker.image import Image, as_image
from tracker.video.live.slot import Connect, Feed
from tracker.video.opencv import quiet_decoder

_log = logging.getLogger(__name__)

DEVICES = Path("/dev")
WARM_UP = 0.5
"""Seconds in which a webcam finds its exposure; its pictures are black or pale until then."""

_FAILURES = 5
"""Failed reads in a row that are put down to a bad cable rather than to a camera that is gone."""
_RETRY = 0.02
"""Seconds between two of them."""


class Capture(Protocol):
    """The part of `cv2.VideoCapture` that is used here."""

    def isOpened(self) -> bool: ...  # noqa: N802, D102
    def read(self) -> tuple[bool, MatLike]: ...  # noqa: D102
    def get(self, propId: int, /) -> float: ...  # noqa: N803, D102
    def set(self, propId: int, value: float, /) -> bool: ...  # noqa: N803, D102
    def release(self) -> None: ...  # noqa: D102


OpenCapture: TypeAlias = Callable[[int | str], Capture]


@dataclass(frozen=True, slots=True)
class CameraMode:
    """What is asked of a camera; None leaves it its own choice.

    Attributes:
        width: pixels.
        height: pixels.
        fps: frames per second.
        pixel_format: four characters such as MJPG or YUYV.

    Raises:
        ConfigError: a number is not above 0, one of width and height is missing, or the format has not 4 characters.
    """

    width: int | None = None
    height: int | None = None
    fps: float | None = None
    pixel_format: str | None = None

    def __post_init__(self) -> None:
        for name in ("width", "height", "fps"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 1e5:
                raise ConfigError(f"camera {name} {value} is not possible: give a number above 0")
        if (self.width is None) != (self.height is None):
            raise ConfigError("a camera's size is a width and a height: give both")
        if self.pixel_format is not None and len(self.pixel_format) != 4:
            raise ConfigError(f"pixel format {self.pixel_format!r} is not possible: give four characters, e.g. MJPG")


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera, by number or path.

    Attributes:
        name: for messages.
        target: what the backend opens: a number, or on Linux the device's path.
        device: the device's path, None where there is none to look at.
    """

    name: str
    target: int | str
    device: Path | None

    @classmethod
    def parse(cls, spec: int | str, devices: Path = DEVICES) -> Camera:
        """Read a number (`0`, also as text) or a path (`/dev/video0`, `/dev/v4l/by-id/...`).

        Raises:
            SourceError: a negative number, which crashes some backends.
        """
        if isinstance(spec, str) and not re.fullmatch(r"-?\d+", spec):
            device = Path(spec)
            return cls(device.name, str(device.resolve()), device)
        number = int(spec)
        if number < 0:
            raise SourceError(f"camera {number} is not possible: cameras count from 0; `tracker devices` lists them")
        device = devices / f"video{number}"
        on_linux = sys.platform == "linux"
        return cls(f"camera {number}", str(device) if on_linux else number, device if on_linux else None)


class CameraFeed(Feed):
    """One connection to a camera. OpenCV cannot interrupt a read, so `abort` does nothing."""

    warm_up = WARM_UP

    def __init__(self, camera: Camera, mode: CameraMode, open_capture: OpenCapture) -> None:
        """Open the camera in the mode asked for, or in the nearest that it has.

        Raises:
            SourceError: there is no such camera, no permission to use it, or it is in use.
        """
        _check_device(camera)
        self._name = camera.name
        self._capture = open_capture(camera.target)
        if not self._capture.isOpened():
            self._capture.release()
            raise SourceError(
                f"{camera.name} cannot be opened: another program may be using it, or it is no camera; "
                "close the other program, or see `tracker devices`"
            )
        _request(self._capture, mode, camera.name)
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if 0 < fps < 1000 else None

    def read(self) -> Image:
        """Wait for the next picture.

        Raises:
            SourceError: the camera is gone.
        """
        for _ in range(_FAILURES):
            ok, image = self._capture.read()
            if ok and image is not None:
                return as_image(image)
            time.sleep(_RETRY)
        raise SourceError(f"{self._name} gives no more pictures: it may have been unplugged")

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()


def camera(spec: Camera, mode: CameraMode | None = None, open_capture: OpenCapture | None = None) -> Connect:
    """Return what connects to a camera.

    Args:
        spec: which one.
        mode: what is asked of it.
        open_capture: opens the backend; None for OpenCV's.
    """
    return lambda: CameraFeed(spec, mode or CameraMode(), open_capture or _open_capture)


def _open_capture(target: int | str) -> Capture:
    with quiet_decoder():
        return cv2.VideoCapture(target, cv2.CAP_V4L2 if sys.platform == "linux" else cv2.CAP_ANY)


def _check_device(camera: Camera) -> None:
    """Say what the file system knows; OpenCV only ever says that it did not work."""
    device = camera.device
    if device is None:
        return
    if not device.exists():
        raise SourceError(f"there is no {camera.name} ({device}): plug it in; `tracker devices` lists those there are")
    if not os.access(device, os.R_OK | os.W_OK):
        raise SourceError(f"no permission to use {camera.name} ({device}): add yourself to the group that owns it")


def _request(capture: Capture, mode: CameraMode, name: str) -> None:
    """Ask for a mode and say what came instead.

    Drivers reset size and rate when the format changes, and the rate when the size does: hence this order.
    """
    if mode.pixel_format is not None:
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*mode.pixel_format))
    if mode.width is not None and mode.height is not None:
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, mode.width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, mode.height)
    if mode.fps is not None:
        capture.set(cv2.CAP_PROP_FPS, mode.fps)
    for what, asked, got in _differences(capture, mode):
        _log.warning("%s gives %s %s instead of %s", name, what, got, asked)


def _differences(capture: Capture, mode: CameraMode) -> list[tuple[str, str, str]]:
    code = int(capture.get(cv2.CAP_PROP_FOURCC))
    got_format = "".join(chr(code >> shift & 0xFF) for shift in (0, 8, 16, 24))
    size = f"{capture.get(cv2.CAP_PROP_FRAME_WIDTH):g}x{capture.get(cv2.CAP_PROP_FRAME_HEIGHT):g}"
    asked_size = None if mode.width is None else f"{mode.width}x{mode.height}"
    asked_fps = None if mode.fps is None else f"{mode.fps:g}"
    compared = (
        ("pixel format", mode.pixel_format, got_format),
        ("size", asked_size, size),
        ("frames per second", asked_fps, f"{capture.get(cv2.CAP_PROP_FPS):g}"),
    )
    return [(what, asked, got) for what, asked, got in compared if asked is not None and asked != got]
