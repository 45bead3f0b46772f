"""The routes that hand out results as files."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from tracker.formats.csv_table import Row
from tracker.output.video_file import VideoFileSink
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import open_source
from tracker.web.dependencies import State
from tracker.web.library import Choice
from tracker.web.results import LoggedFrame, write_table, write_video
from tracker.web.routers.control import REFUSALS

router = APIRouter(prefix="/api", responses=REFUSALS)

_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson", "mot": "text/plain", "mp4": "video/mp4"}
_SUFFIXES = {"csv": ".csv", "jsonl": ".jsonl", "mot": ".txt", "mp4": ".mp4"}


@router.get("/results")
async def get_results(
    state: State, frames: Annotated[int, Query(ge=1, le=1000, description="How many, the newest.")] = 100
) -> list[Row]:
    """Return what was found in the last frames of the source."""
    entries = await state.look(lambda service: service.entries()[-frames:])
    return [Row.of(entry.frame, track) for entry in entries for track in entry.tracks]


@router.get("/results/export", response_class=FileResponse)
async def export(state: State, kind: Literal["csv", "jsonl", "mot", "mp4"] = "csv") -> FileResponse:
    """Return everything that was found as a file: a table, or the clip with the targets drawn on it."""
    entries, choice, live = await state.look(lambda s: (s.entries(), s.player.choice, s.player.source.live))
    if not entries or choice is None:
        raise HTTPException(404, "there are no results yet: choose a source and a target")
    if kind == "mp4" and live:
        raise HTTPException(400, "a live source cannot be gone through again: record it")
    with tempfile.NamedTemporaryFile(prefix="export-", suffix=_SUFFIXES[kind], dir=state.library.private) as file:
        path = Path(file.name)
    try:
        async with state.exporting:
            await asyncio.to_thread(_write, entries, kind, choice, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=_TYPES[kind], filename=f"tracks{_SUFFIXES[kind]}", background=gone)


@router.get("/recordings/{name}", response_class=FileResponse)
async def get_recording(name: str, state: State) -> FileResponse:
    """Return a recorded video."""
    path = state.library.recording(name)
    if path is None:
        raise HTTPException(404, "there is no such recording")
    return FileResponse(path, media_type=_TYPES["mp4"], filename=path.name)


def _write(entries: tuple[LoggedFrame, ...], kind: str, choice: Choice, path: Path) -> None:
    if kind != "mp4":
        write_table(entries, kind, path)
        return
    source = open_source(choice.spec)
    write_video(entries, source, VideoFileSink(path, source.info.fps or DEFAULT_FPS))
