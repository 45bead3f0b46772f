"""Bounds on what is sent to the server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.errors import OutputError, SourceError, TrackerError
from tracker.web.settings import Limits

UPLOADS = "/api/sources/uploads"
BOXES = "/api/targets/file"
"""The addresses whose bodies have limits of their own."""
_HEAD = 400
"""Bytes that tell what a clip is."""


_CHECKED = 2**20
"""Bytes of an upload between two looks at the room that is left."""


class BodyLimit:
    """Ends a request whose body is too large or too slow, whether its length was announced or not."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        """Stand before `app`."""
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through while it is within the limits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = scope["path"] == UPLOADS
        most = self._limits.upload if upload else self._limits.boxes if scope["path"] == BOXES else self._limits.body
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > most:
            await _too_large(most)(scope, receive, send)
            return
        timeout = self._limits.upload_timeout if upload else self._limits.timeout
        with contextlib.suppress(ClientDisconnect):
            await self._app(scope, _bounded(receive, most, timeout), send)


def _bounded(receive: Receive, most: int, timeout: float) -> Receive:
    taken, whole = 0, False
    deadline = asyncio.get_running_loop().time() + timeout

    async def limited() -> Message:
        nonlocal taken, whole
        if whole:  # what follows is only the end of the connection, and that may take as long as it likes
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            reason = f"the request took longer than {timeout:g} s: send it again"
            raise HTTPException(408, reason, headers={"connection": "close"}) from None
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413, f"more than {most} bytes were sent: send less")
        whole = not message.get("more_body", False)
        return message

    return limited


def _too_large(most: int) -> JSONResponse:
    return JSONResponse({"detail": f"more than {most} bytes are announced: send less"}, 413)


async def save_clip(chunks: AsyncIterator[bytes], path: Path, check_room: Callable[[int], None]) -> int:
    """Write an upload to `path` and return its size; nothing stays of one that is no clip or breaks off.

    `check_room` is asked now and then while it arrives, with what is about to be written: others may arrive, too.

    Raises:
        SourceError: it is no clip.
        OutputError: it cannot be written.
    """
    size, checked, head = 0, 0, b""
    try:
        with path.open("xb") as file:
            async for chunk in chunks:
                size += len(chunk)
                head = (head + chunk)[:_HEAD]
                if len(head) == _HEAD and not is_clip(head):
                    break
                if size - checked > _CHECKED:
                    checked = size
                    file.flush()
                    check_room(len(chunk))
                await asyncio.to_thread(file.write, chunk)
        if not is_clip(head):
            raise SourceError("that is no clip: send an MP4, MOV, MKV, WebM, AVI, MPEG, GIF or WebP file")
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError) and not isinstance(error, TrackerError):
            raise OutputError("the upload cannot be kept: is the disk full?") from error
        raise
    return size


_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip")
_STARTS = (b"\x1a\x45\xdf\xa3", b"\0\0\1\xba", b"\0\0\1\xb3", b"GIF87a", b"GIF89a")
_RIFF = (b"AVI ", b"WEBP")
_PACKETS = ((0, 188), (4, 192))
"""Where the first packet of a transport stream begins, as broadcast and as recorded by cameras, and their distance."""


def is_clip(head: bytes) -> bool:
    """Whether a file begins as one of the kinds that are taken; a playlist, which could name other files, does not.

    These are MP4, MOV, Matroska, WebM, AVI, MPEG program and transport streams, GIF and WebP.

    Args:
        head: its first 400 bytes.
    """
    if head[4:8] in _BOXES or head.startswith(_STARTS):
        return True
    if head.startswith(b"RIFF"):
        return head[8:12] in _RIFF
    return any(head[at : at + 2 * step + 1 : step] == b"GGG" for at, step in _PACKETS)
