"""The routes that say what is watched, and how."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import asdict
from functools import partial
from typing import Annotated

import yaml
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import PlainTextResponse

from tracker.errors import OutputError
from tracker.web.config_schema import ConfigOut, config_out, ordered
from tracker.web.dependencies import State
from tracker.web.library import UPLOAD_SUFFIXES, SourceKind
from tracker.web.schemas import (
    ConfigOrder,
    OfferOut,
    PlaybackOrder,
    Problem,
    RecordingOrder,
    RecordingsOut,
    RoleOut,
    SourceChoice,
    SourcesOut,
    StatusOut,
    UploadOut,
)
from tracker.web.security import role_of
from tracker.web.service import TrackingService
from tracker.web.uploads import UPLOADS, save_clip

REFUSALS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 409, 413, 421, 422, 503)
}
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
router = APIRouter(prefix="/api", responses=REFUSALS)


@router.get("/sources")
def get_sources(state: State) -> SourcesOut:
    """List what can be opened."""
    offers = [OfferOut(kind=offer.kind, name=offer.name, title=offer.title) for offer in state.library.offers()]
    return SourcesOut(offers=offers, urls=state.settings.urls)


@router.post("/sources/open")
async def open_source(choice: SourceChoice, state: State) -> StatusOut:
    """Open a source; the one before it, and its targets, are left once it is there. A newer order ends the wait."""
    chosen = state.library.choose(choice.kind, choice.name)
    await asyncio.wrap_future(await state.ask(lambda service: service.begin_open(chosen)))
    return await get_status(state)


@router.post(UPLOADS.removeprefix("/api"), openapi_extra={"requestBody": {"content": BYTES}})
async def upload(
    request: Request,
    state: State,
    suffix: Annotated[str, Query(description="Of the file, such as .mp4.")] = ".mp4",
    name: Annotated[str, Query(max_length=200, description="Of the file, to be shown.")] = "",
) -> UploadOut:
    """Keep a clip, the body of the request, until the server ends."""
    if suffix.lower() not in UPLOAD_SUFFIXES:
        raise HTTPException(400, f"that is no clip's name: it ends in {', '.join(UPLOAD_SUFFIXES)}")
    announced = request.headers.get("content-length", "0")
    state.check_room(int(announced) if announced.isdecimal() else state.settings.limits.upload)
    path = state.library.new_file("upload", suffix.lower())
    size = await save_clip(request.stream(), path, state.check_room)
    state.library.name(path.name, name)
    return UploadOut(kind=SourceKind.UPLOAD, name=path.name, size=size)


@router.delete(f"{UPLOADS.removeprefix('/api')}/{{name}}", status_code=204)
async def remove_upload(name: str, state: State) -> None:
    """Remove an uploaded clip; one that is open is shown on."""
    if not state.library.remove_upload(name):
        raise HTTPException(404, "there is no such upload")


@router.get("/role")
async def get_role(request: Request) -> RoleOut:
    """Say what this client may do."""
    return RoleOut(role=role_of(request.scope))


@router.get("/status")
async def get_status(state: State) -> StatusOut:
    """Say how things stand."""
    status = await state.look(lambda service: service.status)
    values = {**asdict(status), "phase": status.phase.value, "clients": state.broadcaster.clients}
    return StatusOut.model_validate(values)


@router.post("/playback")
async def playback(order: PlaybackOrder, state: State) -> StatusOut:
    """Play, pause, step, step back, seek, change the speed, or leave the source."""
    done = await state.ask(partial(_obey, order=order))
    if done is not None:
        await asyncio.wrap_future(done)
    return await get_status(state)


@router.get("/config")
async def get_config(state: State) -> ConfigOut:
    """Return the settings with their documentation."""
    return await state.look(lambda service: config_out(service.config, service.status.preset))


@router.put("/config")
async def put_config(order: ConfigOrder, state: State) -> ConfigOut:
    """Go on with other settings."""
    return await state.ask(partial(_configure, order=order))


@router.get("/config.yaml", response_class=PlainTextResponse)
async def get_config_file(state: State) -> PlainTextResponse:
    """Return the settings as a file for `tracker track --config`."""
    config = await state.look(lambda service: service.config)
    text = yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False)
    headers = {"content-disposition": 'attachment; filename="tracker.yaml"'}
    return PlainTextResponse(text, media_type="application/yaml", headers=headers)


@router.get("/recordings")
async def get_recordings(state: State) -> RecordingsOut:
    """List what was recorded."""
    status = await state.look(lambda service: service.status)
    return RecordingsOut(recordings=[path.name for path in state.library.recordings()], recording=status.recording)


@router.delete("/recordings/{name}", status_code=204)
async def remove_recording(name: str, state: State) -> None:
    """Remove a recorded video."""
    path = state.library.recording(name)
    status = await state.look(lambda service: service.status)
    if path is None or status.recording == name:
        raise HTTPException(404, "there is no such recording, or it is being made")
    path.unlink(missing_ok=True)


@router.post("/recordings")
async def record(order: RecordingOrder, state: State) -> RecordingsOut:
    """Begin or finish a recording of what is seen."""
    if not order.on:
        await state.ask(lambda service: service.stop_recording())
    elif state.library.used() >= state.settings.limits.uploads:
        raise OutputError("there is no room for more recordings: remove recordings or uploads")
    else:
        path = state.library.new_file("recording", ".mp4")
        await state.ask(lambda service: service.record(path))
    return await get_recordings(state)


def _obey(service: TrackingService, order: PlaybackOrder) -> Future[None] | None:
    """Do what can be done at once; return what has to be waited for."""
    service.check(order.source)
    player = service.player
    if order.action == "seek":
        return service.begin_seek(order.seconds)
    if order.action == "back":
        return service.step_back()
    if order.action == "play":
        player.play()
    elif order.action == "pause":
        player.pause()
    elif order.action == "step":
        service.show(player.step())
    elif order.action == "speed":
        player.set_speed(order.speed)
    else:
        service.close()
    return None


def _configure(service: TrackingService, order: ConfigOrder) -> ConfigOut:
    config, preset = ordered(service.config, service.status.preset, order)
    service.configure(config, preset)
    return config_out(config, preset)
