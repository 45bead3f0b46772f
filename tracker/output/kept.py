"""What a video keeps of the file that it was made from: the shape of its pixels, and its sound."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import SourceError
from tracker.ffmpeg.finishing import SoundTrack
from tracker.video.inputs import file_input, shown
from tracker.video.probe import probe

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept.

    Attributes:
        pixel_shape: width to height of one pixel, as the pictures are shown, as a fraction.
        sound: the sound from the first picture on, None where there is none.
    """

    pixel_shape: tuple[int, int] = (1, 1)
    sound: SoundTrack | None = None


def kept_of(source: str | os.PathLike[str] | None, first: float, *, sound: bool = True) -> Kept:
    """Return what a video keeps of `source`; nothing where that is no video file.

    Args:
        source: the file, or anything else that can be opened as a source.
        first: time of the first picture, seconds from the first frame of the file.
        sound: whether the sound is kept.
    """
    path = None if source is None else Path(source)
    try:
        if path is None or not path.is_file():
            return Kept()
        found = probe(path)
    except (SourceError, OSError, ValueError) as error:  # no ffmpeg program, a name that is no path
        _log.debug("%s is not looked into: %s", source, error)
        return Kept()
    if found.video is None:
        return Kept()
    shape = found.video.shape
    if round(found.video.rotation / 90) % 2:
        shape = shape[1], shape[0]
    codec = found.sound.split(",")[0].split(" ")[0]
    if not (sound and codec):
        return Kept(shape)
    track = SoundTrack(shown(path.name), tuple(file_input(path)), codec, found.video.start + first)
    return Kept(shape, track)
