"""Network streams."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tracker.errors import SourceError
from tracker.ffmpeg.decoder import Decoder
from tracker.image import Image
from tracker.video.live.slot import Connect, Feed

_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:(?P<user>[^/@]*)@)?(?P<rest>.+)", re.IGNORECASE | re.DOTALL)

_ORPHAN_TIMEOUT = str(60_000_000)
"""Microseconds of silence after which ffmpeg gives up by itself, should this program be gone."""

# Show what is there at once: a short look at the stream, nothing held back to be reordered or smoothed.
_PROMPT = ("-fflags", "nobuffer", "-flags", "low_delay", "-analyzeduration", "500000")

SCHEMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rtsp": ("-rtsp_transport", "tcp", "-timeout", _ORPHAN_TIMEOUT),
        "rtsps": ("-rtsp_transport", "tcp", "-timeout", _ORPHAN_TIMEOUT),
        "http": ("-rw_timeout", _ORPHAN_TIMEOUT),
        "https": ("-rw_timeout", _ORPHAN_TIMEOUT),
        "rtmp": ("-rw_timeout", _ORPHAN_TIMEOUT),
        "tcp": ("-rw_timeout", _ORPHAN_TIMEOUT),
        "udp": ("-timeout", _ORPHAN_TIMEOUT, "-overrun_nonfatal", "1"),
        "srt": ("-timeout", _ORPHAN_TIMEOUT),
    }
)
"""What ffmpeg is told about each kind of address. RTSP goes over TCP: over UDP, lost packets smear the picture."""


@dataclass(frozen=True, slots=True)
class Address:
    """A stream's address.

    Attributes:
        url: as it was given, but for the scheme, which ffmpeg knows in lower case only.
        scheme: what stands before `://`, in lower case.
        name: the address without user and password, for people and logs.
    """

    url: str
    scheme: str
    name: str

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read an address.

        Raises:
            SourceError: it is none, or of an unknown kind.
        """
        parts = _ADDRESS.fullmatch(url.strip())
        known = ", ".join(f"{scheme}://" for scheme in SCHEMES)
        if parts is None:
            raise SourceError(f"{url!r} is no address of a stream: give one that begins with {known}")
        scheme = parts["scheme"].lower()
        if scheme not in SCHEMES:
            raise SourceError(f"{scheme}:// is no kind of stream that can be read: use {known}")
        return cls(scheme + url.strip()[len(scheme) :], scheme, f"{scheme}://{parts['rest']}")


class StreamFeed(Feed):
    """One connection to a stream."""

    def __init__(self, address: Address) -> None:
        """Begin to connect.

        Raises:
            SourceError: the decoder does not start.
        """
        self._name = address.name
        self._decoder = Decoder(self._name, [*SCHEMES[address.scheme], *_PROMPT, "-i", address.url])
        self._aborted = False
        self._pictures = 0

    def read(self) -> Image:
        """Wait for the next picture.

        Raises:
            SourceError: the stream ended, was never there, or was silent for too long.
        """
        image = self._decoder.read()
        if image is None:
            raise SourceError(self._why())
        if not self._pictures:
            self.fps = self._decoder.fps
        self._pictures += 1
        return image

    def abort(self) -> None:
        """Kill the decoder."""
        self._aborted = True
        self._decoder.kill()

    def close(self) -> None:
        """Kill the decoder and free its pipes."""
        self._decoder.close()

    def _why(self) -> str:
        if self._aborted:
            return f"{self._name} fell silent" if self._pictures else f"{self._name} does not answer"
        if self._pictures:
            return f"{self._name} ended"
        complaint = self._decoder.complaint() or "it holds no picture"
        return f"{self._name} cannot be opened ({complaint}): check the address, and that the sender runs"


def stream(address: Address) -> Connect:
    """Return what connects to `address`."""
    return lambda: StreamFeed(address)
