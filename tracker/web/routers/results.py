"""The routes that hand out results as files."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from tracker.errors import OutputError
from tracker.formats.annotation import VideoMeta
from tracker.formats.csv_table import Row
from tracker.web.dependencies import State
from tracker.web.export import VIDEO, suffix_of, write_results, write_video
from tracker.web.library import Choice
from tracker.web.results import LoggedFrame, ResultLog
from tracker.web.routers.control import REFUSALS
from tracker.web.security import without_paths

router = APIRouter(prefix="/api", responses=REFUSALS)

_LOOK = 0.25
"""Seconds between two looks at whether the client is still there."""
_TYPES = {".csv": "text/csv", ".jsonl": "application/x-ndjson", ".txt": "text/plain", ".mp4": "video/mp4"}
_TYPES |= {".json": "application/json", ".zip": "application/zip"}
Kind = Literal["csv", "jsonl", "mot", "mot-gt", "otb", "got10k", "vot", "coco", "cvat", "label-studio", "yolo", "mp4"]


@router.get("/results")
async def get_results(
    state: State, frames: Annotated[int, Query(ge=1, le=1000, description="How many, the newest.")] = 100
) -> list[Row]:
    """Return what was found in the last frames of the source."""
    entries: list[LoggedFrame] = await state.look(lambda service: list(service.results.entries(frames)))
    return [Row.of(entry.frame, track) for entry in entries for track in entry.tracks]


@router.get("/results/export", response_class=FileResponse)
async def export(request: Request, state: State, kind: Kind = "csv") -> FileResponse:
    """Return everything that was found as a file: a format of `tracker convert`, or the clip with the targets drawn."""
    log, choice, source = await state.look(lambda s: (s.results.frozen(), s.player.choice, s.player.source))
    if not len(log) or choice is None:
        raise HTTPException(404, "there are no results yet: choose a source and a target")
    if kind == VIDEO and source.live:
        raise HTTPException(400, "a live source cannot be gone through again: record it")
    if state.exports.full:
        raise HTTPException(503, "several results are being written already: try again later")
    meta = VideoMeta(source.name, source.width, source.height, source.fps, source.frames)
    suffix = suffix_of(kind)
    with tempfile.NamedTemporaryFile(prefix="export-", suffix=suffix, dir=state.library.private) as file:
        path = Path(file.name)
    try:
        with state.exports.seat():
            await _beside(request, state, lambda canceled: _write(log, kind, choice, path, meta, canceled))
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OutputError):  # such as a format that holds one target
            raise HTTPException(400, without_paths(str(error))) from error
        raise
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=_TYPES[suffix], filename=f"tracks{suffix}", background=gone)


async def _beside(request: Request, state: State, work: Callable[[threading.Event], None]) -> None:
    """Do some work in a thread, one at a time, as long as the client waits for it."""
    canceled = threading.Event()

    async def watch() -> None:
        while not await request.is_disconnected() and not state.broadcaster.over:
            await asyncio.sleep(_LOOK)
        canceled.set()

    async def do() -> None:
        async with state.exports.turn:
            await asyncio.to_thread(work, canceled)

    watching = asyncio.create_task(watch())
    try:
        await do()
    finally:
        canceled.set()
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


@router.get("/recordings/{name}", response_class=FileResponse)
async def get_recording(name: str, state: State) -> FileResponse:
    """Return a recorded video."""
    path = state.library.recording(name)
    if path is None:
        raise HTTPException(404, "there is no such recording")
    return FileResponse(path, media_type=_TYPES[".mp4"], filename=path.name)


def _write(log: ResultLog, kind: str, choice: Choice, path: Path, meta: VideoMeta, canceled: threading.Event) -> None:
    if kind == VIDEO:
        write_video(log, choice.spec, path, canceled)
    else:
        write_results(log, kind, path, meta, canceled)
