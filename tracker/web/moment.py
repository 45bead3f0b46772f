"""What the watchers see: one frame with its targets, and how things stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from time import perf_counter

from tracker.output.base import Track
from tracker.video.base import Frame


class Phase(Enum):
    """What the source is doing."""

    IDLE = "idle"
    """None is chosen."""
    OPENING = "opening"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"
    WAITING = "reconnecting"
    """A live source is silent, or is being opened again."""
    LOST = "lost"
    """The source cannot be read any further."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What is known of the source: name, size in pixels, seconds of its length (None where unknown), kind."""

    name: str = ""
    width: int = 0
    height: int = 0
    fps: float | None = None
    duration: float | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand.

    Attributes:
        phase: what the source is doing.
        message: one line for people, "" where there is nothing to say.
        source: what is watched.
        speed: of a file in times the true speed; 0 is as fast as it goes.
        fps: frames per second lately, 0 before there are two.
        preset: the preset that the settings began from.
        revision: grows with every change of the settings.
        recording: name of the file that is being recorded, "" for none.
    """

    phase: Phase = Phase.IDLE
    message: str = ""
    source: SourceStatus = field(default_factory=SourceStatus)
    speed: float = 1.0
    fps: float = 0.0
    preset: str = ""
    revision: int = 0
    recording: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame with its targets.

    Attributes:
        number: grows with everything that changes.
        frame: the picture, None before there is one.
        tracks: the targets in it.
        status: how things stand.
        born: when it was made, `perf_counter` seconds.
    """

    number: int = 0
    frame: Frame | None = None
    tracks: tuple[Track, ...] = ()
    status: Status = field(default_factory=Status)
    born: float = field(default_factory=perf_counter)
