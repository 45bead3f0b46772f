"""The addresses that go on as long as a client watches: socket, MJPEG and server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Callable

from fastapi import APIRouter, HTTPException, WebSocket
from fastapi.responses import StreamingResponse
from starlette.websockets import WebSocketDisconnect, WebSocketState

from tracker.errors import SourceError
from tracker.web.broadcast import Snapshot
from tracker.web.dependencies import AppState, State, state_of
from tracker.web.messages import header, jpeg
from tracker.web.routers.control import REFUSALS

_log = logging.getLogger(__name__)

router = APIRouter(responses=REFUSALS)

_BOUNDARY = "frame"
_AHEAD = 2
"""Messages that may be under way to a watcher; more would only lie in buffers and grow old."""
_MALFORMED, _FULL, _ENDING = 1003, 1013, 1001
_MOST_TEXT = 1024
"""Characters of a watcher's message."""


class Watcher:
    """One socket: sends the newest snapshot whenever the watcher has dealt with the ones before.

    The watcher answers each message with `{"ack": NUMBER}`, and asks for the density of a target with
    `{"density": ID}`, of none with `{"density": null}`. Text that is sent to it is `{"latency": MILLISECONDS}`: from
    sending a message until it was shown.
    """

    def __init__(self, socket: WebSocket, state: AppState) -> None:
        """Watch over an accepted socket."""
        self._socket = socket
        self._state = state
        self._density: int | None = None
        self._under_way: dict[int, float] = {}
        self._told = 0.0
        self._ready = asyncio.Event()

    async def run(self) -> None:
        """Go on until the watcher or the server leaves."""
        tasks = {asyncio.create_task(self._send()), asyncio.create_task(self._receive())}
        _, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect | RuntimeError):
                _log.error("a watcher's socket failed", exc_info=outcome)
        if self._socket.client_state is WebSocketState.CONNECTED and self._state.broadcaster.over:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close(_ENDING)

    async def _send(self) -> None:
        number = -1
        while (snapshot := await self._state.broadcaster.after(number)) is not None:
            number = snapshot.number
            message = await self._state.messages.message(snapshot, self._density)
            self._under_way[number] = time.perf_counter()
            await self._socket.send_bytes(message)
            while len(self._under_way) >= _AHEAD:
                self._ready.clear()
                await self._ready.wait()

    async def _receive(self) -> None:
        while (message := await self._socket.receive())["type"] == "websocket.receive":
            order = _read(message.get("text"))
            if order is None or not self._understood(order):
                await self._socket.close(_MALFORMED, 'send {"ack": NUMBER} or {"density": ID}')
                return
            await self._tell_latency(order)

    def _understood(self, order: dict[str, object]) -> bool:
        if "density" in order and (order["density"] is None or _is_number(order["density"])):
            if self._density != order["density"]:
                self._density = order["density"]  # type: ignore[assignment]
                self._state.worker.submit(lambda _: None)  # shows what there is once more, now with the density
            return True
        return _is_number(order.get("ack"))

    async def _tell_latency(self, order: dict[str, object]) -> None:
        born = self._under_way.pop(order.get("ack", -1), None)  # type: ignore[call-overload]
        if born is None:
            return
        self._ready.set()
        now = time.perf_counter()
        if now - self._told > 0.5:
            self._told = now
            await self._socket.send_text(json.dumps({"latency": round(1e3 * (now - born), 1)}))


@router.websocket("/ws")
async def watch(socket: WebSocket) -> None:
    """Show the newest snapshot over and over; see `tracker.web.messages` for the messages."""
    state = state_of(socket)
    await socket.accept()
    try:
        with state.broadcaster.seat():
            await Watcher(socket, state).run()
    except SourceError as error:
        await socket.close(_FULL, str(error))


@router.get("/stream.mjpeg", response_class=StreamingResponse)
async def mjpeg(state: State) -> StreamingResponse:
    """Return the pictures as MJPEG, for programs and `<img>`."""
    _check_room(state)
    kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
    return StreamingResponse(_seated(state, _picture_part), media_type=kind)


@router.get("/api/results/events", response_class=StreamingResponse)
async def events(state: State) -> StreamingResponse:
    """Return the results of each frame as server-sent events with JSON in them."""
    _check_room(state)
    return StreamingResponse(_seated(state, _event), media_type="text/event-stream")


def _check_room(state: AppState) -> None:
    """Refuse a watcher too many while there is still a status to say it with."""
    if state.broadcaster.full:
        raise HTTPException(503, "too many clients are watching already: try again later")


async def _seated(state: AppState, part: Callable[[Snapshot], bytes]) -> AsyncIterator[bytes]:
    with state.broadcaster.seat():
        number = -1
        while (snapshot := await state.broadcaster.after(number)) is not None:
            number = snapshot.number
            data = await asyncio.to_thread(part, snapshot)
            if data:
                yield data


def _picture_part(snapshot: Snapshot) -> bytes:
    if snapshot.frame is None:
        return b""
    picture = jpeg(snapshot.frame.image)
    return b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (
        _BOUNDARY.encode(),
        len(picture),
        picture,
    )


def _event(snapshot: Snapshot) -> bytes:
    return f"id: {snapshot.number}\ndata: {json.dumps(header(snapshot))}\n\n".encode()


def _read(text: str | None) -> dict[str, object] | None:
    """Return what a watcher sent; None where it cannot be read."""
    try:
        order = json.loads(text) if text is not None and len(text) <= _MOST_TEXT else None
    except (ValueError, RecursionError):
        return None
    return order if isinstance(order, dict) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
