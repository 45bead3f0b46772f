"""The last touch to a video: its sound, and its index in front for players that stream it."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import OutputError
from tracker.ffmpeg.containers import Container
from tracker.ffmpeg.program import Ffmpeg, cause_of

_log = logging.getLogger(__name__)

_QUICK = 64 * 2**20
"""Bytes of a file that is rewritten in a part of a second."""
_LOOK_UP = 0.05
"""Seconds after which it is looked up whether a file that is being rewritten is to stay as it is."""
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


def finish_video(
    path: Path,
    container: Container,
    sound: SoundTrack | None = None,
    seconds: float = 0.0,
    hurry: threading.Event | None = None,
) -> None:
    """Rewrite a video with its sound, and with its index in front where the format has one.

    Where that is not possible (no space for a second copy), or would take too long, the file stays as it is: complete
    and playable, and what is missing is said in the log.

    Args:
        path: the video.
        container: its format.
        sound: what it gets, None for nothing.
        seconds: how long the video is.
        hurry: where it is set, a large file stays as it is; where it becomes set meanwhile, any does.
    """
    hurry = hurry or threading.Event()
    sounds = sound is not None and container.has_sound
    if hurry.is_set() and path.stat().st_size > _QUICK:
        if sound is not None and sounds:
            _log.warning("the sound of %s is not kept: the run was ended", sound.name)
        return
    given_up = threading.Event() if hurry.is_set() else hurry
    if sound is not None and sounds:
        copied = container.sound is None or sound.codec in container.sound
        ways = [("-c:a", "copy"), _AAC] if copied else [_AAC]
        cause = ""
        for way in ways:
            cause = _rewrite(path, container, _with_sound(sound, seconds, way), given_up)
            if not cause:
                return
            if given_up.is_set():
                break
        _log.warning("the sound of %s is not kept: %s", sound.name, cause)
    if container.index_to_front and not given_up.is_set():
        _rewrite(path, container, (), given_up)


def _with_sound(sound: SoundTrack, seconds: float, codec: Sequence[str]) -> list[str | bytes]:
    span = ["-seek_timestamp", "1", "-ss", f"{sound.begin:.6f}", "-t", f"{seconds:.6f}"]
    return [*span, *sound.arguments, "-map", "0:v:0", "-map", "1:a", *codec]


def _rewrite(path: Path, container: Container, more: Sequence[str | bytes], given_up: threading.Event) -> str:
    """Rewrite the video with further arguments; return why that failed or was given up, "" where it did not."""
    copy = path.with_name(f".{path.stem}-{uuid.uuid4().hex}{path.suffix}")
    front = ("-movflags", "+faststart") if container.index_to_front else ()
    try:
        words = ["-y", "-i", f"file:{path}", *more, "-c:v", "copy", *front, f"file:{copy}"]
        code, complaints = _run(words, given_up)
        if code is None:
            return "the run was ended"
        if code != 0:
            return cause_of(complaints) or "ffmpeg failed"
        copy.chmod(path.stat().st_mode)
        copy.replace(path)
    except OSError as error:
        return error.strerror or str(error)
    except OutputError as error:  # ffmpeg does not start
        return str(error)
    finally:
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)
    return ""


def _run(words: Sequence[str | bytes], given_up: threading.Event) -> tuple[int | None, list[str]]:
    """Run ffmpeg; return its exit code, None where it was given up, and what it complained of."""
    with tempfile.TemporaryFile() as log:
        process = Ffmpeg(words, failure=OutputError, log_level="error", log=log)
        try:
            while (code := process.ended(_LOOK_UP)) is None:
                if given_up.is_set():
                    return None, []
        finally:
            process.close()
        log.seek(0)
        return code, log.read().decode(errors="replace").splitlines()
