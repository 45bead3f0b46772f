"""Clips on a web server, read once from beginning to end."""

from __future__ import annotations

import ipaddress
import logging
import shutil
import socket
import ssl
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import replace
from email.message import Message
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import IO, Any

import cv2

from tracker.address import ENCODING_HINT, Address, redacted, scheme_of
from tracker.errors import SourceError
from tracker.image import Image
from tracker.value_range import ValueRange
from tracker.video.deadline import Deadline
from tracker.video.inputs import PROTOCOLS, safe_formats
from tracker.video.kinds import CLIP_SUFFIXES, Content, Look, look_at
from tracker.video.opencv import CaptureReader, quiet_decoder
from tracker.video.probe import probe_input
from tracker.video.recording import Reader
from tracker.video.video_file import Inspected, VideoReader

_log = logging.getLogger(__name__)

SCHEMES = ("http", "https")
TIMEOUT = 10.0
"""Seconds of silence after which a server is given up."""
_HEAD = 4096
_HEAD_TIMEOUT = 15.0
"""Seconds that a server is given to answer and to send the beginning of its clip."""
_SLOWEST = 1024
"""Bytes a second, on average from `TIMEOUT` on, below which a clip that is fetched whole is given up."""
_DRIPPING = "timed out: it sends too slowly"
_SPARE = 1 << 30
"""Bytes of a disk that a clip which has to be fetched whole leaves free."""


def is_clip(url: str) -> bool:
    """Whether `url` names a clip rather than a live stream: its path ends as a video file's name does.

    HLS playlists (`.m3u8`), transport streams (`.ts`) and addresses without an ending may go on for ever.
    """
    if scheme_of(url) not in SCHEMES:
        return False
    try:
        return Address.parse(url).suffix in CLIP_SUFFIXES
    except SourceError:
        return False


class RemoteReader(Reader):
    """A clip on a web server; where the connection breaks, the recording ends, and is called cut short.

    A server that cannot send a part of a file (no ranges) has its clip fetched whole first, into a temporary file: an
    MP4 may have its index at the end.
    """

    def __init__(self, address: Address, value_range: ValueRange | None = None, most_pixels: int | None = None) -> None:
        """Open the clip at `address`; see `VideoReader`.

        Raises:
            SourceError: there is no such clip, the server is silent, or the clip holds no picture that can be decoded.
        """
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        name = address.file_name or "clip"
        try:
            deadline = Deadline(_HEAD_TIMEOUT)
            with deadline, fetched(address, deadline=deadline) as answer:
                head = answer.read(_HEAD)
                if deadline.passed:
                    raise SourceError(f"{address.name} cannot be opened ({_DRIPPING}): check the address")
                deadline.cancel()
                look = look_at(head)
                if look.content in (Content.TEXT, Content.PLAYLIST, Content.EMPTY):
                    raise SourceError(f"{address.name} cannot be opened ({_REFUSED[look.content]}): check the address")
                found = Address.parse(answer.geturl())
                if answer.status == 206 or answer.headers.get("Accept-Ranges", "").lower() == "bytes":
                    inspected = _inspected(address, found, look, name)
                else:
                    self._folder = tempfile.TemporaryDirectory(prefix="tracker-")
                    path, cut = _saved(answer, head, Path(self._folder.name) / "clip")
                    inspected = replace(Inspected.of_file(path, name=name), label=address.name, cut=cut)
            self.video = VideoReader(inspected, value_range, most_pixels)
        except BaseException:
            self.close()
            raise
        self.facts = self.video.facts

    def grab(self) -> bool:
        """Step to the next frame."""
        return self.video.grab()

    def retrieve(self) -> Image | None:
        """Decode the frame stepped to."""
        return self.video.retrieve()

    def timestamp(self) -> float | None:
        """Return the presentation time of the frame stepped to."""
        return self.video.timestamp()

    def close(self) -> None:
        """Close the connection, and remove what was fetched."""
        if hasattr(self, "video"):
            self.video.close()
        if self._folder is not None:
            self._folder.cleanup()


_REFUSED = {
    Content.TEXT: "Invalid data: it is a text or a page, no video",
    Content.PLAYLIST: "Invalid data: it is a playlist, which names other places",
    Content.EMPTY: "the server sent nothing",
}


def _inspected(address: Address, found: Address, look: Look, name: str) -> Inspected:
    # The password is for the host that it was given for.
    same = (found.host, found.port, found.scheme) == (address.host, address.port, address.scheme)
    url = address.url.partition("://")[2].rpartition("@")[0] if same and (address.user or address.password) else ""
    target = f"{found.scheme}://{url + '@' if url and not found.user else ''}{found.url.partition('://')[2]}"
    given: list[str | bytes] = [
        *("-rw_timeout", str(round(TIMEOUT * 1e6)), "-max_redirects", "0"),
        *("-protocol_whitelist", PROTOCOLS[found.scheme]),
        *(("-f", look.demuxer) if look.demuxer else ("-format_whitelist", safe_formats())),
        *("-i", target),
    ]
    probed = probe_input(given)
    if probed.video is None:
        complaint = probed.complaint or "it holds no picture"
        raise SourceError(f"{address.name} cannot be opened ({redacted(complaint)}): check the address")

    def open_it() -> CaptureReader | None:
        milliseconds = round(1000 * TIMEOUT)
        timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, milliseconds, cv2.CAP_PROP_READ_TIMEOUT_MSEC, milliseconds]
        with quiet_decoder(PROTOCOLS[found.scheme]):
            capture = cv2.VideoCapture(target, cv2.CAP_FFMPEG, timeouts)
        return CaptureReader(capture, name) if capture.isOpened() else None

    return Inspected(address.name, name, look, probed, given, open_it)


def _saved(answer: HTTPResponse, head: bytes, path: Path) -> tuple[Path, bool]:
    """Save all that the server sends; return where, and whether it broke off."""
    announced = int(answer.headers.get("Content-Length") or 0)
    free = shutil.disk_usage(path.parent).free - _SPARE
    if announced > free:
        raise SourceError(
            f"the server sends no parts of its files, and the disk has no space for {announced} bytes: free some, or "
            "fetch the clip elsewhere"
        )
    written, began, refusal = len(head), time.monotonic(), ""
    with path.open("wb") as file:
        file.write(head)
        with suppress(HTTPException, OSError):  # it broke off: what came is read, and called cut short
            while not refusal and (block := answer.read1(1 << 20)):
                written += len(block)
                refusal = _refusal(written, free, time.monotonic() - began)
                file.write(block)
    if refusal:
        raise SourceError(refusal)
    return path, written < announced


def _refusal(written: int, free: int, seconds: float) -> str:
    """Return why no more of a clip is fetched, "" where more is."""
    if written > free:
        return "the server's clip does not end: give its stream's address, or a shorter clip"
    if seconds > TIMEOUT and written < _SLOWEST * seconds:
        return f"the clip cannot be fetched ({_DRIPPING}): fetch it elsewhere"
    return ""


def fetched(address: Address, *, timeout: float = TIMEOUT, deadline: Deadline | None = None) -> HTTPResponse:
    """Return the server's answer to a request for all of what is at `address`, in parts if it can.

    Args:
        address: of the clip.
        timeout: seconds of silence after which the server is given up.
        deadline: watches the connection for the caller; if None, what comes before the body has twice the time-out.

    Raises:
        SourceError: there is no such server, it is silent, or it refuses.
    """
    if deadline is None:
        with Deadline(2 * timeout) as own:
            return fetched(address, timeout=timeout, deadline=own)
    opener = urllib.request.build_opener(_Redirects(address), _Http(deadline), _Https(deadline))
    try:
        answer: HTTPResponse = opener.open(address.request(Range="bytes=0-"), timeout=timeout)
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it holds the connection
        if deadline.passed:
            raise SourceError(f"{address.name} cannot be opened ({_DRIPPING}): check the address") from error
        hint = f"; {ENCODING_HINT}" if address.mended or _is_login(error) else ""
        raise SourceError(f"{address.name} cannot be opened ({_reason(error)}): check the address{hint}") from error
    return answer


def _is_login(error: Exception) -> bool:
    return isinstance(error, urllib.error.HTTPError) and error.code in (401, 403)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP error {error.code} {error.reason}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "timed out"
    if isinstance(cause, ssl.SSLError):
        return f"no secure connection: {cause.reason or cause}"
    return redacted((isinstance(cause, OSError) and cause.strerror) or cause or type(cause).__name__)


class _WatchedHttp(HTTPConnection):
    """A connection that a deadline ends."""

    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _WatchedHttps(HTTPSConnection):
    """The same over TLS."""

    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(partial(_WatchedHttp, deadline=self._deadline), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(partial(_WatchedHttps, deadline=self._deadline), req)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows an answer that points elsewhere only to the same host, or from one public host to another.

    Else a server could have this machine read what only this machine can reach.
    """

    def __init__(self, address: Address) -> None:
        self._origin = address

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        if scheme_of(newurl) not in SCHEMES or not may_follow(self._origin, Address.parse(newurl)):
            fp.close()  # it holds the connection
            raise urllib.error.URLError(f"it points to {redacted(newurl)}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def may_follow(origin: Address, other: Address) -> bool:
    """Whether what `origin` sends may have this machine read from `other`: the same place, or a public one."""
    return may_reach(origin, other) or is_public(other.host)


def may_reach(origin: Address, other: Address) -> bool:
    """Whether two addresses are on one server: host and port, or the two usual ports of one host."""
    ports = {_port(origin), _port(other)}
    return origin.host == other.host and (len(ports) == 1 or ports == {80, 443})


def _port(address: Address) -> int | None:
    return address.port or {"http": 80, "https": 443}.get(address.scheme)


def is_public(host: str) -> bool:
    """Whether a host's every address is one of the public internet."""
    try:
        numbers = {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return bool(numbers) and all(is_public_number(ipaddress.ip_address(n.partition("%")[0])) for n in numbers)


def is_public_number(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a number is one of the public internet, also where an IPv6 number carries an IPv4 one."""
    inner = getattr(number, "ipv4_mapped", None) or number
    return inner.is_global and not inner.is_multicast
