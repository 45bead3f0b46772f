"""`tracker doctor`: the versions, wheels and devices that the program depends on; opens no camera."""

from __future__ import annotations

import importlib
import os
import platform
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from tracker import __version__
from tracker.cli.options import Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)

OPENCV_WHEELS = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
"""Wheels that install the same module `cv2`, each over the other."""

LIBRARIES = ("numpy", "scipy", "pydantic", "PyYAML", "typer", "rich", "imageio-ffmpeg")
CAMERAS = Path("/sys/class/video4linux")


@app.command()
def doctor(
    file: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Say what this source is and how it is read, as `tracker probe` does."),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Check what this program depends on: versions, OpenCV wheels, display, cameras, ffmpeg."""
    set_verbosity(verbose=verbose)
    if file is not None:
        from tracker.cli.probe import tell

        tell(file)
        return
    found = findings()
    for finding in found:
        typer.echo(f"{'BROKEN' if finding.broken else 'ok':<6}  {finding.topic:<14}  {finding.text}")
    if any(finding.broken for finding in found):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one topic; `broken` if the program cannot work with it."""

    topic: str
    text: str
    broken: bool = False


def findings() -> list[Finding]:
    """Run every check; a check that fails is a finding, not an error."""
    return [check() for check in CHECKS]


def _program() -> Finding:
    system = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("tracker", f"{__version__}, {system}")


def _libraries() -> Finding:
    versions = {name: _version(name) for name in LIBRARIES}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        return Finding("libraries", f"{', '.join(missing)} missing: pip install meanshift-tracker", broken=True)
    return Finding("libraries", ", ".join(f"{name} {version}" for name, version in versions.items()))


def _wheels() -> Finding:
    installed = [f"{name} {version}" for name in OPENCV_WHEELS if (version := _version(name))]
    if len(installed) > 1:
        names = " and ".join(installed)
        remedy = f"pip uninstall {' '.join(OPENCV_WHEELS)}, then install one"
        return Finding("OpenCV wheels", f"{names} overwrite each other: {remedy}", broken=True)
    return Finding("OpenCV wheels", installed[0] if installed else "none; cv2 comes from somewhere else")


def _opencv() -> Finding:
    try:
        cv2 = importlib.import_module("cv2")
        version = cv2.__version__
        capture = cv2.VideoCapture
    except ImportError as error:
        remedy = "install the system's libGL and libglib, or opencv-python-headless"
        return Finding("cv2", f"cannot be imported ({error}): {remedy}", broken=True)
    except AttributeError:
        remedy = "pip install --force-reinstall opencv-python"
        return Finding("cv2", f"an empty shell, left by a removed wheel: {remedy}", broken=True)
    return Finding("cv2", f"{version} with {capture.__name__}, {cv2.getNumThreads()} threads")


def _display() -> Finding:
    from tracker.errors import DisplayError
    from tracker.viewer.desktop import check_display, screen_size

    try:
        check_display()
    except (DisplayError, ImportError, AttributeError) as error:
        return Finding("display", f"none ({error})")
    if sys.platform in {"darwin", "win32"}:
        return Finding("display", "the desktop's")
    size = screen_size()
    return Finding("display", f"DISPLAY={os.environ['DISPLAY']}" + (f", {size[0]}x{size[1]}" if size else ""))


def _cameras() -> Finding:
    if not CAMERAS.is_dir():
        return Finding("cameras", "none found")
    named = [f"{device.name} {_text(device / 'name')}".strip() for device in sorted(CAMERAS.iterdir())]
    return Finding("cameras", ", ".join(named) or "none found")


def _ffmpeg() -> Finding:
    try:
        ffmpeg = importlib.import_module("imageio_ffmpeg")
        return Finding("ffmpeg", f"{ffmpeg.get_ffmpeg_version()}, {ffmpeg.get_ffmpeg_exe()}")
    except (ImportError, RuntimeError, OSError) as error:
        return Finding(
            "ffmpeg", f"no video output ({error}): pip install --force-reinstall imageio-ffmpeg", broken=True
        )


def _extras() -> Finding:
    """Say which extras are there, and how to get the others."""
    try:
        wanted = metadata.requires("meanshift-tracker") or []
    except metadata.PackageNotFoundError:
        return Finding("extras", "not known: the package is not installed, only its folder is used")
    needs: dict[str, list[str]] = {}
    for requirement in wanted:
        extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", requirement)
        name = re.match(r"[\w.-]+", requirement)
        if extra and name and extra[1] != "dev":
            needs.setdefault(extra[1], []).append(name[0])
    there = [extra for extra, names in needs.items() if all(map(_version, names))]
    missing = [extra for extra in needs if extra not in there]
    told = ", ".join(there) or "none"
    return Finding("extras", told + (f"; missing: {', '.join(map(_install, missing))}" if missing else ""))


def _install(extra: str) -> str:
    return f"{extra} (pip install 'meanshift-tracker[{extra}]')"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""


CHECKS: tuple[Callable[[], Finding], ...] = (
    _program,
    _libraries,
    _extras,
    _wheels,
    _opencv,
    _display,
    _cameras,
    _ffmpeg,
)
"""All checks, in the order of their findings. A new one is a function and an entry here."""
