"""The routes that say what is watched, and how."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request

from tracker.errors import OutputError
from tracker.output.tables import Row
from tracker.video.kinds import VIDEO_SUFFIXES
from tracker.web.config_schema import ConfigOut, config_out, ordered
from tracker.web.dependencies import Desk, desk_of
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
from tracker.web.service import Studio
from tracker.web.uploads import UPLOADS, save_clip

REFUSALS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 413, 421, 422, 503)
}
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
router = APIRouter(prefix="/api", responses=REFUSALS)
TheDesk = Annotated[Desk, Depends(desk_of)]


@router.get("/sources")
def get_sources(desk: TheDesk) -> SourcesOut:
    """List what can be opened."""
    offers = [OfferOut(kind=offer.kind, name=offer.name, title=offer.title) for offer in desk.library.offers()]
    return SourcesOut(offers=offers, urls=desk.settings.urls)


@router.post("/sources/open")
async def open_source(choice: SourceChoice, desk: TheDesk) -> StatusOut:
    """Open a source; the one before it, and its targets, are left."""
    chosen = desk.library.choose(choice.kind, choice.name)
    await desk.ask(lambda studio: studio.open(chosen))
    return await get_status(desk)


@router.post(UPLOADS.removeprefix("/api"), openapi_extra={"requestBody": {"content": _BYTES}})
async def upload(
    request: Request, desk: TheDesk, suffix: Annotated[str, Query(description="Of the file, such as .mp4.")] = ".mp4"
) -> UploadOut:
    """Keep a clip, the body of the request, until the server ends."""
    if suffix.lower() not in VIDEO_SUFFIXES:
        raise HTTPException(400, f"that is no clip's name: it ends in {', '.join(VIDEO_SUFFIXES)}")
    announced = request.headers.get("content-length", "0")
    room = desk.settings.limits.uploads - desk.library.used()
    if room < (int(announced) if announced.isdecimal() else desk.settings.limits.upload):
        raise HTTPException(413, "there is no room for more uploads: restart the server to remove them")
    path = desk.library.new_file("upload", suffix.lower())
    size = await save_clip(request.stream(), path)
    return UploadOut(kind=SourceKind.UPLOAD, name=path.name, size=size)


@router.get("/status")
async def get_status(desk: TheDesk) -> StatusOut:
    """Say how things stand."""
    status = await desk.look(lambda studio: studio.status)
    values = {**asdict(status), "phase": status.phase.value, "clients": desk.hub.clients}
    return StatusOut.model_validate(values)


@router.post("/playback")
async def playback(order: PlaybackOrder, desk: TheDesk) -> StatusOut:
    """Play, pause, step, seek, change the speed, or leave the source."""
    await desk.ask(partial(_obey, order=order))
    return await get_status(desk)


@router.get("/targets")
async def get_targets(desk: TheDesk) -> list[Row]:
    """Return each target as it is now."""
    moment = await desk.look(lambda studio: studio.moment())
    return rows(moment)


@router.post("/targets", status_code=201)
async def add_target(target: NewTarget, desk: TheDesk) -> TargetOut:
    """Follow one more target; a recording that is paused goes on."""
    number = await desk.ask(lambda studio: studio.add(target.box, target.label, target.frame))
    return TargetOut(id=number)


@router.delete("/targets/{number}", status_code=204)
async def remove_target(number: Annotated[int, Path(ge=0, le=2**53)], desk: TheDesk) -> None:
    """Follow a target no longer."""
    if not await desk.ask(lambda studio: studio.remove(number)):
        raise HTTPException(404, "there is no such target")


@router.delete("/targets", status_code=204)
async def clear_targets(desk: TheDesk) -> None:
    """Follow nothing."""
    await desk.ask(lambda studio: studio.clear())


@router.get("/config")
async def get_config(desk: TheDesk) -> ConfigOut:
    """Return the settings with their documentation."""
    return await desk.look(lambda studio: config_out(studio.config, studio.status.preset))


@router.put("/config")
async def put_config(order: ConfigOrder, desk: TheDesk) -> ConfigOut:
    """Go on with other settings."""
    return await desk.ask(partial(_configure, order=order))


@router.get("/recordings")
async def get_recordings(desk: TheDesk) -> RecordingsOut:
    """List what was recorded."""
    status = await desk.look(lambda studio: studio.status)
    return RecordingsOut(recordings=[path.name for path in desk.library.recordings()], recording=status.recording)


@router.post("/recordings")
async def record(order: RecordingOrder, desk: TheDesk) -> RecordingsOut:
    """Begin or finish a recording of what is seen."""
    if not order.on:
        await desk.ask(lambda studio: studio.stop_recording())
    elif desk.library.used() >= desk.settings.limits.uploads:
        raise OutputError("there is no room for more recordings: restart the server")
    else:
        path = desk.library.new_file("recording", ".mp4")
        await desk.ask(lambda studio: studio.record(path))
    return await get_recordings(desk)


def _obey(studio: Studio, order: PlaybackOrder) -> None:
    player = studio.playback
    if order.action == "play":
        player.play()
    elif order.action == "pause":
        player.pause()
    elif order.action == "step":
        studio.show(player.step())
    elif order.action == "seek":
        studio.show(player.seek(order.seconds))
    elif order.action == "speed":
        player.set_speed(order.speed)
    else:
        studio.close()


def _configure(studio: Studio, order: ConfigOrder) -> ConfigOut:
    config, preset = ordered(studio.config, studio.status.preset, order)
    studio.configure(config, preset)
    return config_out(config, preset)
