"""Which cameras there are, by name, and what they can do."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tracker.ffmpeg.program import run_ffmpeg

_TIMEOUT = 10.0
"""Seconds that ffmpeg is given to ask a camera or system for what it has."""

_V4L2_MODE = re.compile(r"(?:Raw|Compressed)\s*:\s*(\S+) : .*? :((?: \d+x\d+)+)")


@dataclass(frozen=True, slots=True)
class DeviceMode:
    """A pixel format (as ffmpeg calls it) and the sizes it comes in, as `WIDTHxHEIGHT`."""

    pixel_format: str
    sizes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Device:
    """A camera.

    Attributes:
        source: what `open_source` opens it by.
        name: what its maker calls it.
        stable: a path that stays when cameras are plugged in another order; "" where there is none.
        modes: what it can do, as far as it says.
    """

    source: str
    name: str
    stable: str = ""
    modes: tuple[DeviceMode, ...] = ()


def list_devices() -> list[Device]:
    """Return the cameras of this machine; none are opened to take pictures."""
    system: str = sys.platform
    if system == "linux":
        return linux_devices(Path("/sys/class/video4linux"), Path("/dev"))
    return desktop_devices()


def desktop_devices() -> list[Device]:
    """Return the cameras of Windows and macOS by OpenCV's own numbers, in which the backend is included.

    The order of a list from elsewhere need not be that in which OpenCV counts, and differs between its backends.
    """
    try:
        from cv2_enumerate_cameras import enumerate_cameras, supported_backends
    except ImportError:  # it is there to name them, no more
        return []
    backend = next(iter(supported_backends))
    return [Device(str(camera.index + backend), camera.name) for camera in enumerate_cameras(backend)]


def linux_devices(system: Path, devices: Path) -> list[Device]:
    """Return the cameras that the kernel lists below `system`, with their device files below `devices`."""
    if not system.is_dir():
        return []
    links = {link.resolve(): link for link in sorted((devices / "v4l" / "by-id").glob("*"))}
    found = []
    for entry in sorted(system.glob("video*"), key=lambda path: _number(path.name)):
        if _text(entry / "index") not in ("", "0"):
            continue  # a camera's second device carries metadata, no pictures
        device = devices / entry.name
        stable = links.get(device.resolve())
        modes = v4l2_modes(_ask("-f", "v4l2", "-list_formats", "all", "-i", str(device))) if device.exists() else ()
        name = _text(entry / "name") or entry.name
        found.append(Device(str(_number(entry.name)), name, str(stable or ""), modes))
    return found


def v4l2_modes(report: str) -> tuple[DeviceMode, ...]:
    """Read the modes out of what ffmpeg says of a V4L2 device."""
    return tuple(DeviceMode(found[1], tuple(found[2].split())) for found in _V4L2_MODE.finditer(report))


def _ask(*arguments: str) -> str:
    """Return what ffmpeg says of a device; "" where it cannot be asked. Only names are lost then."""
    try:
        done = run_ffmpeg(*arguments, timeout=_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stderr.decode(errors="replace")


def _number(name: str) -> int:
    digits = name.removeprefix("video")
    return int(digits) if digits.isdecimal() else -1


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""
