"""Clips on a web server: recordings, read once from the first frame to the last, without a copy on disk."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import cv2

from tracker.errors import SourceError
from tracker.ffmpeg.decoder import Decoder
from tracker.video.files import VIDEO_SUFFIXES, CaptureReader, quiet_decoder
from tracker.video.live.stream import Address

_SCHEMES = ("http", "https")
_PATIENCE = 10_000
"""Milliseconds of silence after which the server is given up; nothing can be stopped while they last."""


def is_clip(url: str) -> bool:
    """Whether `url` names a clip rather than a live stream: its path ends as a video file's name does.

    HLS playlists (`.m3u8`), transport streams (`.ts`) and addresses without an ending may go on for ever.
    """
    parts = urlsplit(url.strip())
    return parts.scheme.lower() in _SCHEMES and PurePosixPath(parts.path).suffix.lower() in VIDEO_SUFFIXES


class RemoteReader(CaptureReader):
    """A clip on a web server. Where the connection breaks, the recording ends, and is called cut short."""

    def __init__(self, address: Address) -> None:
        """Open the clip at `address`.

        Raises:
            SourceError: there is no such clip, the server is silent, or the clip holds no picture that can be decoded.
        """
        patience = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _PATIENCE, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _PATIENCE]
        with quiet_decoder():
            capture = cv2.VideoCapture(address.url, cv2.CAP_FFMPEG, patience)
        if not capture.isOpened():
            raise SourceError(f"{address.name} cannot be opened ({_why(address)}): check the address")
        super().__init__(capture, unquote(PurePosixPath(urlsplit(address.url).path).name))


def _why(address: Address) -> str:
    """Ask ffmpeg, since OpenCV keeps to itself why it opened nothing."""
    decoder = Decoder(address.name, ["-rw_timeout", str(_PATIENCE * 1000), "-i", address.url])
    try:
        return "OpenCV cannot decode it" if decoder.read() is not None else decoder.complaint() or "it holds no picture"
    finally:
        decoder.close()
