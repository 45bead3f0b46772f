"""Network streams."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from tracker.address import ENCODING_HINT, Address, is_address, redacted, scheme_of
from tracker.errors import SourceError
from tracker.ffmpeg.decoder import Decoder
from tracker.image import Image
from tracker.video.inputs import PROTOCOLS, safe_formats
from tracker.video.live.gate import HostGate, gated_environment
from tracker.video.live.slot import Connect, Feed
from tracker.video.live.snapshot import MOST_PIXELS, SnapshotFeed, too_large
from tracker.video.remote import SCHEMES as WEB
from tracker.video.remote import may_follow

_ORPHAN_TIMEOUT = str(60_000_000)
"""Microseconds of silence after which ffmpeg gives up by itself, should this program be gone."""

_SIZE = re.compile(r"Picture size (\d+)x(\d+) (?:is invalid|exceeds)")

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


def stream_address(text: str) -> Address:
    """Read the address of a stream.

    Raises:
        SourceError: it is none, or of an unknown kind.
    """
    known = ", ".join(f"{scheme}://" for scheme in SCHEMES)
    if not text.strip().partition("://")[2] or not is_address(text):
        raise SourceError(f"{redacted(text)!r} is no address of a stream: give one that begins with {known}")
    if scheme_of(text) not in SCHEMES:
        raise SourceError(f"{scheme_of(text)}:// is no kind of stream that can be read: use {known}")
    return Address.parse(text)


_PLAYLISTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {".m3u8": ("hls", "applehttp"), ".m3u": ("hls", "applehttp"), ".mpd": ("dash",)}
)
"""Formats that name other places, by the ending of the addresses that may be such."""


def limits(address: Address) -> list[str]:
    """Return what keeps ffmpeg to this address: the protocols that it may use, and no formats that name other places.

    HLS and DASH are such formats; an address that ends as their playlists do may have its own.
    """
    extra = _PLAYLISTS.get(address.suffix, ())
    if address.scheme in ("rtsp", "rtsps"):
        extra = ("rtsp", "sdp", "rtp")
    return ["-protocol_whitelist", PROTOCOLS[address.scheme], "-format_whitelist", safe_formats(*extra)]


class StreamFeed(Feed):
    """One connection to a stream."""

    def __init__(self, address: Address, most_pixels: int | None = None) -> None:
        """Begin to connect; a stream with more pixels a picture than `most_pixels` (or any camera has) is refused.

        Raises:
            SourceError: the decoder does not start.
        """
        self._name = address.name
        self._hint = f"; {ENCODING_HINT}" if address.mended else ""
        self._address = address
        self._most_pixels = MOST_PIXELS if most_pixels is None else most_pixels
        self._gate = HostGate(address) if address.scheme in WEB else None
        proxy = ["-http_proxy", self._gate.url] if self._gate else []
        # A playlist's parts come whole: looking at them in a hurry would only lose the first one.
        prompt = () if address.suffix in _PLAYLISTS else _PROMPT
        size = ["-max_pixels", str(self._most_pixels)]
        arguments = [*SCHEMES[address.scheme], *limits(address), *proxy, *prompt, *size, "-i", address.url]
        try:
            self._decoder = Decoder(
                self._name,
                arguments,
                environment=gated_environment() if self._gate else None,
                may_follow=self._may_follow,
            )
        except BaseException:
            self._close_gate()
            raise
        self._snapshots: SnapshotFeed | None = None
        self._aborted = False
        self._pictures = 0

    def read(self) -> Image:
        """Wait for the next picture.

        Raises:
            SourceError: the stream ended, was never there, or was silent for too long.
        """
        if self._snapshots is not None:
            return self._snapshots.read()
        image = self._decoder.read()
        if image is None:
            return self._first_snapshot()
        if not self._pictures:
            self.fps = self._decoder.fps
        self._pictures += 1
        return image

    def abort(self) -> None:
        """Kill the decoder."""
        self._aborted = True
        self._decoder.kill()
        if self._snapshots is not None:
            self._snapshots.abort()

    def close(self) -> None:
        """Kill the decoder and free its pipes."""
        self._decoder.close()
        self._close_gate()

    def _may_follow(self, place: str) -> bool:
        """Whether ffmpeg may go on at the place that a server of RTSP points to."""
        return is_address(place) and may_follow(self._address, Address.parse(place))

    def _close_gate(self) -> None:
        if self._gate is not None:
            self._gate.close()
            self._gate = None

    def _first_snapshot(self) -> Image:
        """Ask once for a picture where ffmpeg found one at most: many cameras have snapshots at a name of any kind."""
        reason = self._why()
        if self._aborted or self._pictures > 1 or self._address.scheme not in WEB or self._decoder.complaint():
            raise self._refused() or SourceError(reason)
        feed = SnapshotFeed(self._address, self._most_pixels)
        try:
            image = feed.read()
        except SourceError:
            raise SourceError(reason) from None
        self._snapshots = feed
        return image

    def _refused(self) -> SourceError | None:
        """The error for pictures that are too large, which ffmpeg calls invalid as those without height; else None."""
        size = _SIZE.search(self._decoder.complaint())
        if size is None or int(size[1]) * int(size[2]) <= self._most_pixels:
            return None
        return too_large(self._name, f"{size[1]} x {size[2]}", self._most_pixels)

    def _why(self) -> str:
        if self._aborted:
            return f"{self._name} fell silent" if self._pictures else f"{self._name} does not answer"
        if self._pictures:
            return f"{self._name} ended"
        complaint = redacted(self._decoder.complaint() or "it holds no picture")
        hint = self._hint or (f"; {ENCODING_HINT}" if "40" in complaint and "nauthorized" in complaint else "")
        return f"{self._name} cannot be opened ({complaint}): check the address, and that the sender runs{hint}"


def stream(address: Address, most_pixels: int | None = None) -> Connect:
    """Return what connects to `address`; see `StreamFeed`."""
    return lambda: StreamFeed(address, most_pixels)
