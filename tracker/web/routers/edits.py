"""The routes that change targets and their rows, and those that show them over time."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request

from tracker.formats.annotation import VideoMeta
from tracker.formats.csv_table import Row
from tracker.web.dependencies import State
from tracker.web.messages import rows
from tracker.web.routers.control import BYTES, REFUSALS
from tracker.web.schemas import (
    AutoOrder,
    BoxesOut,
    CurveOut,
    EditOrder,
    EventOut,
    Naming,
    NewBox,
    NewTarget,
    Retrack,
    TargetOut,
    TimelineOut,
    TimelineTarget,
)
from tracker.web.service import TrackingService
from tracker.web.starting import starts_of_upload

router = APIRouter(prefix="/api", responses=REFUSALS)

Number = Annotated[int, Path(ge=0, le=2**53)]
Rows = Annotated[bool, Query(description="Whether the rows found so far go, too.")]
Source = Annotated[int | None, Query(ge=0, le=2**53, description="The source it is meant for.")]


@router.get("/targets")
async def get_targets(state: State) -> list[Row]:
    """Return each target as it is now."""
    snapshot = await state.look(lambda service: service.snapshot())
    return rows(snapshot)


@router.post("/targets", status_code=201)
async def add_target(target: NewTarget, state: State) -> TargetOut:
    """Follow one more target; one in an earlier frame is tracked up to the newest one beside everything else."""

    def add(service: TrackingService) -> int:
        service.check(target.source)
        return service.add(target.box, target.label, target.frame)

    return TargetOut(id=await state.ask(add))


@router.post("/targets/file", openapi_extra={"requestBody": {"content": BYTES}})
async def add_boxes(request: Request, state: State, source: Source = None) -> BoxesOut:
    """Take targets from a file of boxes, the body of the request: each begins in the first frame to come that has one.

    CSV, MOT or OTB text, COCO or other JSON, as `tracker track --roi-file`; archives are not taken.
    """
    content = await request.body()
    info = await state.look(lambda service: service.player.source)
    meta = VideoMeta(width=info.width or None, height=info.height or None)
    starts = await asyncio.to_thread(starts_of_upload, content, state.library.new_file("boxes", ".txt"), meta)

    def expect(service: TrackingService) -> None:
        service.check(source)
        service.expect(starts)

    await state.ask(expect)
    return BoxesOut(targets=len(starts))


@router.put("/auto", status_code=204)
async def automate(order: AutoOrder, state: State) -> None:
    """Let targets start by themselves on what moves, or on what has a color; or no more."""
    await state.ask(lambda service: service.automate(order.what))


@router.patch("/targets/{number}", status_code=204)
async def name_target(number: Number, naming: Naming, state: State) -> None:
    """Change a target's name or color."""

    def rename(service: TrackingService) -> None:
        service.check(naming.source)
        service.edits.rename(number, naming.label, naming.color)
        service.refresh()

    await state.ask(rename)


@router.put("/targets/{number}/box", status_code=204)
async def correct_target(number: Number, order: NewBox, state: State) -> None:
    """Set a target's box in a frame, which becomes a key frame; up to the next one it is tracked again."""

    def correct(service: TrackingService) -> None:
        service.check(order.source)
        service.edits.correct(number, order.box, order.frame)
        service.refresh()

    await state.ask(correct)


@router.post("/targets/{number}/retrack", status_code=204)
async def retrack_target(number: Number, order: Retrack, state: State) -> None:
    """Track a target again from its box in a frame on, up to the next key frame."""

    def retrack(service: TrackingService) -> None:
        service.check(order.source)
        service.edits.retrack(number, order.frame)
        service.refresh()

    await state.ask(retrack)


@router.delete("/targets/{number}", status_code=204)
async def remove_target(number: Number, state: State, rows: Rows = False, source: Source = None) -> None:
    """Follow a target no longer."""

    def remove(service: TrackingService) -> bool:
        service.check(source)
        return service.remove(number, rows=rows)

    if not await state.ask(remove):
        raise HTTPException(404, "there is no such target")


@router.delete("/targets", status_code=204)
async def clear_targets(state: State, rows: Rows = False, source: Source = None) -> None:
    """Follow nothing."""

    def clear(service: TrackingService) -> None:
        service.check(source)
        service.clear(rows=rows)

    await state.ask(clear)


@router.post("/edits")
async def edit(order: EditOrder, state: State) -> TimelineOut:
    """Take the newest change back, or make the one that was taken back last again."""
    return await state.ask(partial(_edit, order=order))


@router.get("/timeline")
async def get_timeline(state: State) -> TimelineOut:
    """Return the stretches in which each target was tracking, occluded or lost, and its key frames."""
    return await state.look(_timeline)


@router.get("/targets/{number}/curve")
async def get_curve(
    number: Number, state: State, points: Annotated[int, Query(ge=2, le=2000, description="At most.")] = 400
) -> CurveOut:
    """Return confidence, size and speed of a target over all its frames, for a diagram; no points if there is none."""

    def curve(service: TrackingService) -> CurveOut:
        known = number in service.results.targets
        return CurveOut(
            id=number, fps=service.player.fps, points=service.results.curve(number, points) if known else []
        )

    return await state.look(curve)


@router.get("/events")
async def get_events(
    state: State, count: Annotated[int, Query(ge=1, le=1000, description="How many, the newest.")] = 100
) -> list[EventOut]:
    """Return what happened to the targets, the newest first."""
    events = await state.look(lambda service: service.events.newest(count))
    return [EventOut.model_validate(asdict(event)) for event in events]


def _edit(service: TrackingService, order: EditOrder) -> TimelineOut:
    service.check(order.source)
    if order.action == "undo":
        service.edits.undo()
    else:
        service.edits.redo()
    service.refresh()
    return _timeline(service)


def _timeline(service: TrackingService) -> TimelineOut:
    targets = [
        TimelineTarget(
            id=log.id,
            label=log.label,
            color=log.color,
            ended=log.ended,
            keys=sorted(log.keys),
            spans=service.results.spans(log.id),
        )
        for _, log in sorted(service.results.targets.items())
    ]
    source = service.player.source
    return TimelineOut(log=service.edits.revision, frames=source.frames, fps=service.player.fps, targets=targets)
