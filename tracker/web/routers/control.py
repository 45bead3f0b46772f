"""The routes that say what is watched, and how."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request

from tracker.errors import OutputError
from tracker.output.tables import Row
from tracker.video.kinds import VIDEO_SUFFIXES
from tracker.web.config_schema import ConfigOut, config_out, ordered
from tracker.web.dependencies import State
from tracker.web.library import SourceKind
from tracker.web.messages import rows
from tracker.web.schemas import (
    ConfigOrder,
    NewTarget,
    OfferOut,
    PlaybackOrder,
    Problem,
    RecordingOrder,
    RecordingsOut,
    SourceChoice,
    SourcesOut,
    StatusOut,
    TargetOut,
    UploadOut,
)
from tracker.web.service import TrackingService
from tracker.web.uploads import UPLOADS, save_clip

REFUSALS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 413, 421, 422, 503)
}
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
router = APIRouter(prefix="/api", responses=REFUSALS)


@router.get("/sources")
def get_sources(state: State) -> SourcesOut:
    """List what can be opened."""
    offers = [OfferOut(kind=offer.kind, name=offer.name, title=offer.title) for offer in state.library.offers()]
    return SourcesOut(offers=offers, urls=state.settings.urls)


@router.post("/sources/open")
async def open_source(choice: SourceChoice, state: State) -> StatusOut:
    """Open a source; the one before it, and its targets, are left."""
    chosen = state.library.choose(choice.kind, choice.name)
    await state.ask(lambda service: service.open(chosen))
    return await get_status(state)


@router.post(UPLOADS.removeprefix("/api"), openapi_extra={"requestBody": {"content": _BYTES}})
async def upload(
    request: Request, state: State, suffix: Annotated[str, Query(description="Of the file, such as .mp4.")] = ".mp4"
) -> UploadOut:
    """Keep a clip, the body of the request, until the server ends."""
    if suffix.lower() not in VIDEO_SUFFIXES:
        raise HTTPException(400, f"that is no clip's name: it ends in {', '.join(VIDEO_SUFFIXES)}")
    announced = request.headers.get("content-length", "0")
    room = state.settings.limits.uploads - state.library.used()
    if room < (int(announced) if announced.isdecimal() else state.settings.limits.upload):
        raise HTTPException(413, "there is no room for more uploads: restart the server to remove them")
    path = state.library.new_file("upload", suffix.lower())
    size = await save_clip(request.stream(), path)
    return UploadOut(kind=SourceKind.UPLOAD, name=path.name, size=size)


@router.get("/status")
async def get_status(state: State) -> StatusOut:
    """Say how things stand."""
    status = await state.look(lambda service: service.status)
    values = {**asdict(status), "phase": status.phase.value, "clients": state.broadcaster.clients}
    return StatusOut.model_validate(values)


@router.post("/playback")
async def playback(order: PlaybackOrder, state: State) -> StatusOut:
    """Play, pause, step, seek, change the speed, or leave the source."""
    await state.ask(partial(_obey, order=order))
    return await get_status(state)


@router.get("/targets")
async def get_targets(state: State) -> list[Row]:
    """Return each target as it is now."""
    snapshot = await state.look(lambda service: service.snapshot())
    return rows(snapshot)


@router.post("/targets", status_code=201)
async def add_target(target: NewTarget, state: State) -> TargetOut:
    """Follow one more target; a recording that is paused goes on."""
    number = await state.ask(lambda service: service.add(target.box, target.label, target.frame))
    return TargetOut(id=number)


@router.delete("/targets/{number}", status_code=204)
async def remove_target(number: Annotated[int, Path(ge=0, le=2**53)], state: State) -> None:
    """Follow a target no longer."""
    if not await state.ask(lambda service: service.remove(number)):
        raise HTTPException(404, "there is no such target")


@router.delete("/targets", status_code=204)
async def clear_targets(state: State) -> None:
    """Follow nothing."""
    await state.ask(lambda service: service.clear())


@router.get("/config")
async def get_config(state: State) -> ConfigOut:
    """Return the settings with their documentation."""
    return await state.look(lambda service: config_out(service.config, service.status.preset))


@router.put("/config")
async def put_config(order: ConfigOrder, state: State) -> ConfigOut:
    """Go on with other settings."""
    return await state.ask(partial(_configure, order=order))


@router.get("/recordings")
async def get_recordings(state: State) -> RecordingsOut:
    """List what was recorded."""
    status = await state.look(lambda service: service.status)
    return RecordingsOut(recordings=[path.name for path in state.library.recordings()], recording=status.recording)


@router.post("/recordings")
async def record(order: RecordingOrder, state: State) -> RecordingsOut:
    """Begin or finish a recording of what is seen."""
    if not order.on:
        await state.ask(lambda service: service.stop_recording())
    elif state.library.used() >= state.settings.limits.uploads:
        raise OutputError("there is no room for more recordings: restart the server")
    else:
        path = state.library.new_file("recording", ".mp4")
        await state.ask(lambda service: service.record(path))
    return await get_recordings(state)


def _obey(service: TrackingService, order: PlaybackOrder) -> None:
    player = service.player
    if order.action == "play":
        player.play()
    elif order.action == "pause":
        player.pause()
    elif order.action == "step":
        service.show(player.step())
    elif order.action == "seek":
        service.show(player.seek(order.seconds))
    elif order.action == "speed":
        player.set_speed(order.speed)
    else:
        service.close()


def _configure(service: TrackingService, order: ConfigOrder) -> ConfigOut:
    config, preset = ordered(service.config, service.status.preset, order)
    service.configure(config, preset)
    return config_out(config, preset)
