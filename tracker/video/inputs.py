"""What every decoder is told of an input, so that it reads this one and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tracker.errors import SourceError
from tracker.ffmpeg.program import find_ffmpeg, run_ffmpeg

TIMEOUT = 20.0
"""Seconds that ffmpeg is given to look at an input; a healthy file takes 0.02."""

FOLLOWERS = frozenset(
    {
        "hls", "applehttp", "dash", "webm_dash_manifest", "sdp", "concat", "concatf", "imf", "image2",
        "image2_alias_pix", "image2_brender_pix", "avisynth", "vapoursynth", "rtsp", "rtp", "sap", "dvdvideo", "libgme",
    }
)  # fmt: skip
"""Formats that open other files or addresses, named in the input or guessed from its name."""

PROTOCOLS: Mapping[str, str] = MappingProxyType(
    {
        "file": "file,fd",
        "http": "http,https,tcp,tls,httpproxy,crypto",
        "https": "http,https,tcp,tls,httpproxy,crypto",
        "rtsp": "rtsp,rtp,srtp,tcp,udp",
        "rtsps": "rtsp,rtsps,rtp,srtp,tcp,tls,udp",
        "rtmp": "rtmp,tcp",
        "tcp": "tcp",
        "udp": "udp",
        "srt": "srt",
    }
)
"""What may be opened on the way to an input of each scheme. Without it a playlist that a sender answers with has ffmpeg
open local files and other hosts."""


def safe_formats(*extra: str) -> str:
    """Return ffmpeg's list of the formats that an input may have: all but those that follow names, and `extra`.

    Raises:
        SourceError: there is no ffmpeg program.
    """
    return ",".join([*_formats(find_ffmpeg()), *extra])


@cache
def _formats(_program: str) -> tuple[str, ...]:
    listed = run("-demuxers")[1]
    found = re.findall(r"^ D ([ d]) +(\S+)", listed, re.MULTILINE)
    names = {name for device, many in found for name in many.split(",") if device != "d"}
    return tuple(sorted(names - FOLLOWERS))


def file_input(path: Path, demuxer: str = "") -> list[str | bytes]:
    """Return ffmpeg's arguments for a file of any name; `demuxer` is what to read it as, "" for what it is.

    Raises:
        SourceError: there is no ffmpeg program.
    """
    forced = ["-f", demuxer] if demuxer else ["-format_whitelist", safe_formats()]
    # Absolute and with a protocol, as a name may look like one; bytes, as it need not be text.
    return ["-protocol_whitelist", PROTOCOLS["file"], *forced, "-i", b"file:" + os.fsencode(path.absolute())]


def run(*arguments: str | bytes, log_level: str = "info", timeout: float = TIMEOUT) -> tuple[int, str]:
    """Run ffmpeg to its end; return its exit code and its log.

    Raises:
        SourceError: there is no ffmpeg program, it does not start, or it takes longer than `timeout` seconds.
    """
    try:
        done = run_ffmpeg(*arguments, log_level=log_level, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"ffmpeg found nothing within {timeout:g} s: check that the source can be read") from error
    except (OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"cannot start ffmpeg ({error}): reinstall imageio-ffmpeg") from error
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", errors="replace")


def is_plain_name(path: Path) -> bool:
    """Whether OpenCV can be given this name: it is UTF-8, and so is what the interpreter makes of names.

    `cv2.VideoCapture` crashes the process at a name that cannot be encoded.
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in str(path)


@contextmanager
def plain_name(path: Path) -> Iterator[str]:
    """Yield a name under which OpenCV can open the file, for as long as the block lasts.

    Raises:
        SourceError: the name cannot be used, and the system has no links to give it another one.
    """
    path = path.absolute()
    if is_plain_name(path):
        yield str(path)
        return
    if sys.platform == "win32":
        raise SourceError(f"{shown(path)} has a name that is no text: rename it")
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        link = Path(folder) / f"file{path.suffix if path.suffix.isascii() else ''}"
        link.symlink_to(path)
        yield str(link)


def shown(path: Path | str) -> str:
    r"""Return a name that can be written to any terminal and file: what is no text in it becomes `\xNN`."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")
