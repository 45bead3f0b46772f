"""Videos read back by decoders that are not ours."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cv2
import imageio_ffmpeg

from tracker.image import Image


def read_back(path: Path) -> list[Image]:
    capture = cv2.VideoCapture(str(path))
    frames = []
    while True:
        ok, image = capture.read()
        if not ok:
            return frames
        frames.append(image)


def levels(path: Path) -> list[int]:
    """Return the gray level of each frame, at a place free of drawing."""
    return [int(frame[2, -3].mean()) for frame in read_back(path)]


def times_of(path: Path) -> list[float]:
    """Return when each frame is shown, in seconds."""
    capture, times = cv2.VideoCapture(str(path)), []
    while capture.read()[0]:
        times.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
    return times


def stream_info(path: Path) -> str:
    """Return what ffmpeg says of the file."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", path]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def boxes_of(path: Path) -> list[str]:
    """Return the names of an MP4's outermost boxes, in order (ISO 14496-12)."""
    data, names, at = path.read_bytes(), [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        names.append(data[at + 4 : at + 8].decode())
        at += size if size != 1 else int.from_bytes(data[at + 8 : at + 16], "big")
    return names
