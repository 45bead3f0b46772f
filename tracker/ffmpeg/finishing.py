"""The last touch to a video: its sound, and its index in front for players that stream it."""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.ffmpeg.containers import Container
from tracker.ffmpeg.program import cause_of, run_ffmpeg

_log = logging.getLogger(__name__)

_AAC = ("-c:a", "aac", "-b:a", "192k")


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """The sound that a video gets.

    Attributes:
        name: of the file that it comes from, for messages.
        arguments: ffmpeg's arguments that describe that file.
        codec: ffmpeg's name for what it is encoded with.
        begin: time in that file, seconds, that the video's first picture is shown at.
    """

    name: str
    arguments: tuple[str | bytes, ...]
    codec: str
    begin: float


def finish_video(path: Path, container: Container, sound: SoundTrack | None = None, seconds: float = 0.0) -> None:
    """Rewrite a video with its sound, and with its index in front where the format has one.

    Where that is not possible (no space for a second copy), the file stays as it is: complete and playable, and what
    is missing is said in the log.

    Args:
        path: the video.
        container: its format.
        sound: what it gets, None for nothing.
        seconds: how long the video is.
    """
    if sound is not None and container.has_sound:
        copied = container.sound is None or sound.codec in container.sound
        ways = [("-c:a", "copy"), _AAC] if copied else [_AAC]
        cause = ""
        for way in ways:
            cause = _rewrite(path, container, _with_sound(sound, seconds, way))
            if not cause:
                return
        _log.warning("the sound of %s is not kept: %s", sound.name, cause)
    if container.index_to_front:
        _rewrite(path, container, ())


def _with_sound(sound: SoundTrack, seconds: float, codec: Sequence[str]) -> list[str | bytes]:
    span = ["-seek_timestamp", "1", "-ss", f"{sound.begin:.6f}", "-t", f"{seconds:.6f}"]
    return [*span, *sound.arguments, "-map", "0:v:0", "-map", "1:a", *codec]


def _rewrite(path: Path, container: Container, more: Sequence[str | bytes]) -> str:
    """Rewrite the video with further arguments; return why that failed, "" where it did not."""
    copy = path.with_name(f".{path.stem}-{uuid.uuid4().hex}{path.suffix}")
    front = ("-movflags", "+faststart") if container.index_to_front else ()
    try:
        done = run_ffmpeg(
            "-y", "-i", f"file:{path}", *more, "-c:v", "copy", *front, f"file:{copy}", log_level="error"
        )  # fmt: skip
        if done.returncode != 0:
            return cause_of(done.stderr.decode(errors="replace").splitlines()) or "ffmpeg failed"
        copy.chmod(path.stat().st_mode)
        copy.replace(path)
    except OSError as error:
        return error.strerror or str(error)
    finally:
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)
    return ""
