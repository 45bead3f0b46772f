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
_DSHOW_CAMERA = re.compile(r'\[dshow[^\]]*\]\s+"([^"]+)"(?! *\((?:audio|none)\))')
_AVFOUNDATION_CAMERA = re.compile(r"\[AVFoundation[^\]]*\]\s+\[(\d+)\] (.+)")


@dataclass(frozen=True, slots=True)
class Mode:
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
    modes: tuple[Mode, ...] = ()


def list_devices() -> list[Device]:
    """Return the cameras of this machine; none are opened to take pictures."""
    system: str = sys.platform
    if system == "linux":
        return linux_devices(Path("/sys/class/video4linux"), Path("/dev"))
    if system == "darwin":
        return avfoundation_devices(_ask("-f", "avfoundation", "-list_devices", "true", "-i", ""))
    return dshow_devices(_ask("-f", "dshow", "-list_devices", "true", "-i", "dummy"))


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


def v4l2_modes(report: str) -> tuple[Mode, ...]:
    """Read the modes out of what ffmpeg says of a V4L2 device."""
    return tuple(Mode(found[1], tuple(found[2].split())) for found in _V4L2_MODE.finditer(report))


def dshow_devices(report: str) -> list[Device]:
    """Read the cameras out of what ffmpeg says of DirectShow (Windows), which counts them in the same order."""
    cameras = re.split(r"DirectShow audio devices", report)[0]
    return [Device(str(number), name) for number, name in enumerate(_DSHOW_CAMERA.findall(cameras))]


def avfoundation_devices(report: str) -> list[Device]:
    """Read the cameras out of what ffmpeg says of AVFoundation (macOS); screens are no cameras."""
    cameras = report.split("AVFoundation audio devices")[0]
    named = [Device(number, name.strip()) for number, name in _AVFOUNDATION_CAMERA.findall(cameras)]
    return [device for device in named if not device.name.startswith("Capture screen")]


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
