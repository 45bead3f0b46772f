"""What clients send and get, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tracker.web.library import SourceKind


class Body(BaseModel):
    """What a client sends: unknown fields are errors, numbers are finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class SourceChoice(Body):
    """A source by kind and name."""

    kind: SourceKind
    name: str = Field(min_length=1, max_length=2048)


SOURCE = Field(None, ge=0, le=2**53, description="The source it is meant for, as status says; 409 if another is open.")
LABEL = r"^([^=+@\x00-\x1f\x7f-][^\x00-\x1f\x7f]*)?$"
"""A name: no control characters, and nothing that a spreadsheet takes for a formula."""


class PlaybackOrder(Body):
    """What the source shall do; `seconds` goes with seek, `speed` (0: as fast as it goes) with speed."""

    action: Literal["play", "pause", "step", "back", "seek", "speed", "close"]
    source: int | None = SOURCE
    seconds: float = Field(0.0, ge=0, le=1e6)
    speed: float = Field(1.0, ge=0, le=1000)


class NewTarget(Body):
    """A target: x, y, width, height in pixels of the frame of number `frame`; of the newest one if not given."""

    box: Annotated[list[float], Field(min_length=4, max_length=4)]
    frame: int | None = Field(None, ge=0, le=2**53)
    label: str = Field("", max_length=64, pattern=LABEL)
    source: int | None = SOURCE


class NewBox(Body):
    """A target's box in the frame of number `frame`, as drawn; of the newest one if not given."""

    box: Annotated[list[float], Field(min_length=4, max_length=4)]
    frame: int | None = Field(None, ge=0, le=2**53)
    source: int | None = SOURCE


class Retrack(Body):
    """The frame from which a target is tracked again; the newest one if not given."""

    frame: int | None = Field(None, ge=0, le=2**53)
    source: int | None = SOURCE


class Naming(Body):
    """A target's name and color (`#rrggbb`, empty for the color of its state); what is not given stays."""

    label: str | None = Field(None, max_length=64, pattern=LABEL)
    color: str | None = Field(None, pattern=r"^(#[0-9a-fA-F]{6})?$")
    source: int | None = SOURCE


class AutoOrder(Body):
    """What targets start on by themselves: `motion`, `color=orange`, `color=RRGGBB`; empty for nothing."""

    what: str = Field(max_length=40, pattern=r"^(motion|color=(#?[0-9a-fA-F]{6}|[a-z]{1,20}))?$")


class EditOrder(Body):
    """Whether the newest change is taken back, or the one taken back last is made again."""

    action: Literal["undo", "redo"]
    source: int | None = SOURCE


class ConfigOrder(Body):
    """A preset, the one in force if not given, changed by settings by their dotted names."""

    preset: str | None = Field(None, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    settings: dict[str, bool | int | float | str | list[int] | list[float] | None] = Field(
        default_factory=dict, max_length=200
    )


class RecordingOrder(Body):
    """Whether to record."""

    on: bool


class Problem(BaseModel):
    """Why something was not done."""

    detail: str


class OfferOut(BaseModel):
    """A source that can be chosen."""

    kind: SourceKind
    name: str
    title: str


class SourcesOut(BaseModel):
    """What can be chosen, and whether cameras and URLs may be named."""

    offers: list[OfferOut]
    urls: bool


class UploadOut(BaseModel):
    """A clip that was uploaded, as a source to be opened."""

    kind: SourceKind
    name: str
    size: int


class TargetOut(BaseModel):
    """The number of a new target."""

    id: int


class SourceOut(BaseModel):
    """The source that is watched."""

    name: str
    width: int
    height: int
    fps: float | None
    duration: float | None
    live: bool
    frames: int | None
    serial: int


class StatusOut(BaseModel):
    """How things stand."""

    phase: str
    message: str
    source: SourceOut
    speed: float
    fps: float
    preset: str
    revision: int
    recording: str
    clients: int
    work: str
    undo: str
    redo: str
    log: int
    events: int
    auto: str
    webhook: str


class RoleOut(BaseModel):
    """What this client may do: "lead" everything, "watch" look only."""

    role: Literal["lead", "watch"]


class TimelineTarget(BaseModel):
    """A target over time: `spans` are first frame, last frame and state; `keys` are the frames with a drawn box."""

    id: int
    label: str
    color: str
    ended: bool
    keys: list[int]
    spans: list[tuple[int, int, str]]


class TimelineOut(BaseModel):
    """All targets over time."""

    log: int
    frames: int | None
    fps: float
    targets: list[TimelineTarget]


class BoxesOut(BaseModel):
    """How many targets a file names."""

    targets: int


class CurveOut(BaseModel):
    """A target over time: points of frame number, confidence, size √(w·h) in px, speed in px a frame, and state."""

    id: int
    fps: float
    points: list[tuple[int, float, float, float, str]]


class EventOut(BaseModel):
    """Something that happened to a target: appeared, occluded, lost or found."""

    number: int
    time: float
    frame: int
    timestamp: float
    target: int
    label: str
    event: str
    box: tuple[float, float, float, float]
    confidence: float


class RecordingsOut(BaseModel):
    """The videos that were recorded, and the one that is being recorded."""

    recordings: list[str]
    recording: str
