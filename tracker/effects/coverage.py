"""Where an effect goes in each frame, so that in doubt too much is covered and never too little.

| state of the target in a frame | covered |
|---|---|
| TRACKING, and so for `doubt` seconds before and after | the box with its margin, place and size smoothed over time |
| TRACKING, but not sure for so long | as OCCLUDED |
| OCCLUDED | the reported box; the last sure place and the way from there, growing; the same backward from where it is |
| | found and from where it is sure; the places between; where LOST follows, or nothing sure within `timeout` seconds, |
| | growing to the whole picture until then |
| LOST, OCCLUDED for `timeout` seconds | the whole picture; with `lost="grow"`, what OCCLUDED has |
| not there | what OCCLUDED has, for `linger` seconds |

The less confidence TRACKING has, the wider the margin: a box that is too small or beside the target has less of it.

What comes next is known where the frames come from a file: plans are given out `ahead` frames late.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tracker.effects.base import Area, AreaShape
from tracker.errors import ConfigError
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackState

Velocity: TypeAlias = tuple[float, float]
"""To the right and down, pixels a second."""

_VELOCITY_OVER = 5
"""Frames over which a target's velocity is measured."""


_EVERYTHING = Box(-1e6, -1e6, 2e6, 2e6)
"""A box about any picture."""
_LACKING = 0.15
"""Confidence that TRACKING lacks where a box is half as large as the target, or has half of it beside."""
_COARSER = 1.5
"""Sizes of the target that details are measured by, as it may have grown since."""


@dataclass(frozen=True, slots=True)
class CoverageSettings:
    """How much is covered, and for how long.

    Attributes:
        margin: share of the box's width and height that is added on each side, 0 to 10.
        caution: what `margin` grows by where TRACKING has a confidence of 0.85 or less, a part of it above, 0 to 10.
        shape: `ellipse` or `box`; both cover all of the box.
        smoothing: seconds over which place and size are smoothed, 0 to 10; what is covered always holds the box.
        growth: sizes of the target a second by which each side moves out while it is not seen, beside the speed that
            the target had, 0 to 100.
        limit: sizes of the target by which each side moves out at most, 0 to 100.
        lost: `frame`: cover the whole picture while the target is LOST, as it may come back anywhere; `grow`: go on as
            while it is OCCLUDED.
        timeout: seconds since a target was last sure after which OCCLUDED is taken for LOST, as by then it may be
            anywhere, 0 to 3600.
        doubt: seconds before and after OCCLUDED or LOST for which TRACKING is not believed, 0 to 10.
        linger: seconds for which a target that is not seen is expected to go on as it went, and for which the place of
            one is covered that is no longer followed, 0 to 3600.
        ahead: frames that are looked ahead, where the frames come from a file, 0 to 1000.
    """

    margin: float = 0.25
    caution: float = 0.75
    shape: AreaShape = "ellipse"
    smoothing: float = 0.3
    growth: float = 0.5
    limit: float = 1.5
    lost: Literal["frame", "grow"] = "frame"
    timeout: float = 1.5
    doubt: float = 0.4
    linger: float = 1.0
    ahead: int = 25

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ConfigError: a value is out of range.
        """
        for name, most in _MOST.items():
            value = getattr(self, name)
            if not (isinstance(value, int | float) and 0 <= value <= most):
                raise ConfigError(f"{name}={value!r} is not possible for an effect: give a number from 0 to {most:g}")
        for name, words in (("shape", ("ellipse", "box")), ("lost", ("frame", "grow"))):
            if getattr(self, name) not in words:
                raise ConfigError(
                    f"{name}={getattr(self, name)!r} is not possible for an effect: give {' or '.join(words)}"
                )


_MOST = {
    "margin": 10,
    "caution": 10,
    "smoothing": 10,
    "growth": 100,
    "limit": 100,
    "timeout": 3600,
    "doubt": 10,
    "linger": 3600,
    "ahead": 1000,
}


@dataclass(slots=True)
class _Sight:
    """What was said of a target in one frame; `sure` is whether it was TRACKING, and no doubt was near."""

    number: int
    time: float
    box: Box
    state: TrackState
    sure: bool
    confidence: float


@dataclass(slots=True)
class _Target:
    """What is known of one target around the frame that is planned.

    Attributes:
        sights: of the past frames that smoothing needs, this one, and those ahead.
        last: the newest sure sight up to this frame.
        velocity: of the target at `last`, pixels a second.
        doubted: time of the newest sight that was not TRACKING.
        began: time of the first sight.
        halves: half the width and height that were covered last, while the target was sure; None after a doubt.
    """

    sights: deque[_Sight] = field(default_factory=deque)
    last: _Sight | None = None
    velocity: Velocity = (0.0, 0.0)
    doubted: float = -math.inf
    began: float = math.inf
    halves: tuple[float, float] | None = None


class Coverage:
    """Plans the areas of an effect, frame by frame; gives a plan out when the frames ahead of it are known."""

    def __init__(
        self, settings: CoverageSettings | None = None, *, ahead: int = 0, rest: bool = False, hides: bool = True
    ) -> None:
        """Begin before the first frame.

        Args:
            settings: how much is covered.
            ahead: number of frames that are known before one is planned; takes the place of `settings.ahead`.
            rest: plan what is left as it is: only what is sure, never grown.
            hides: whether something must not be seen; otherwise, of `rest`, an OCCLUDED target is left as it is, too.
        """
        self._settings = settings or CoverageSettings()
        self._ahead = ahead
        self._rest = rest
        self._hides = hides
        self._times: deque[float] = deque()
        self._planned = 0
        self._seen = 0
        self._targets: dict[int, _Target] = {}

    def push(self, timestamp: float, tracks: Sequence[Track]) -> Iterator[tuple[Area, ...]]:
        """Take the targets of the next frame; yield the areas of every frame that can be planned now, at most one."""
        for track in tracks:
            result = track.result
            sight = _Sight(self._seen, timestamp, result.box, result.state, result.ok, result.confidence)
            self._take(self._targets.setdefault(track.id, _Target()), sight)
        self._times.append(timestamp)
        self._seen += 1
        if len(self._times) > self._ahead:
            yield self._plan()

    def finish(self) -> Iterator[tuple[Area, ...]]:
        """Yield the areas of the frames that are left, with nothing known beyond the last one."""
        while self._times:
            yield self._plan()

    def _take(self, target: _Target, sight: _Sight) -> None:
        """Add the newest sight; a doubt makes those shortly before and after it doubtful, too."""
        target.sights.append(sight)
        target.began = min(target.began, sight.time)
        if sight.state is not TrackState.TRACKING:
            target.doubted = sight.time
            for before in target.sights:
                before.sure = before.sure and sight.time - before.time > self._settings.doubt
        sight.sure = sight.sure and sight.time - target.doubted > self._settings.doubt

    def _plan(self) -> tuple[Area, ...]:
        number, time = self._planned, self._times.popleft()
        self._planned += 1
        areas = [area for target in self._targets.values() for area in self._areas(target, number, time)]
        for key in [key for key, target in self._targets.items() if self._is_over(target, time)]:
            del self._targets[key]
        return tuple(areas)

    def _areas(self, target: _Target, number: int, time: float) -> list[Area]:
        here = next((sight for sight in target.sights if sight.number == number), None)
        if here is not None and here.sure:
            target.last, target.velocity = here, _velocity(target, here)
            boxes = [self._smoothed(target, here)]
        else:
            target.halves = None
            boxes = self._shown(here) if self._rest else self._hidden(target, here, number, time)
        self._forget(target, number)
        return [self._area(target, here, box) for box in _outermost(boxes)]

    def _area(self, target: _Target, here: _Sight | None, box: Box) -> Area:
        """Return the area about a box; its detail is measured by the target, however far it has grown."""
        known = target.last if here is None or not here.sure else here
        size = None if known is None else _COARSER * min(known.box.width, known.box.height)
        return Area(box, self._settings.shape, size)

    def _shown(self, here: _Sight | None) -> list[Box]:
        """Return what is left as it is of a target that is not sure."""
        held = here is not None and here.state is not TrackState.LOST and not self._hides
        return [self._with_margin(here.box)] if here is not None and held else []

    def _hidden(self, target: _Target, here: _Sight | None, number: int, time: float) -> list[Box]:
        """Return what is covered of a target that is not sure."""
        coming = self._coming(target, number, time)
        if coming >= 1.0:
            return [_EVERYTHING]
        boxes = [] if here is None else [here.box.scaled(2 * self._reach(here))]
        last = target.last if here is not None or self._lingers(target, time) else None
        if last is not None:
            boxes += self._guesses(last, target.velocity, time)
        for coming_back in self._found(target, number):
            velocity = _velocity(target, coming_back)
            boxes += self._guesses(coming_back, velocity, time)
            if last is not None:
                speed = max(math.hypot(*velocity), math.hypot(*target.velocity))
                boxes.append(self._grown(*_between(last, coming_back, time), speed))
        return [box.scaled(1 / (1 - coming)) for box in boxes]

    @staticmethod
    def _found(target: _Target, number: int) -> list[_Sight]:
        """Return the sights ahead from which the way back is covered: the next TRACKING one, and the next sure one."""
        ahead = [sight for sight in target.sights if sight.number > number and sight.state is TrackState.TRACKING]
        sure = next((sight for sight in ahead if sight.sure), None)
        return ahead[:1] + [sight for sight in (sure,) if sight is not None and sight is not ahead[0]]

    def _coming(self, target: _Target, number: int, time: float) -> float:
        """Return how near LOST is, from 0, at the last sure frame or where it is not known to come, to 1."""
        if self._settings.lost != "frame":
            return 0.0
        ahead = [sight for sight in target.sights if sight.number >= number]
        end = next((n for n, sight in enumerate(ahead) if sight.sure), None)
        doubtful = ahead[:end]
        if not doubtful or (end is not None and all(sight.state is TrackState.TRACKING for sight in doubtful)):
            return 0.0  # not there, or found for good
        begin = target.last.time if target.last is not None else target.began
        until = next((sight.time for sight in doubtful if sight.state is TrackState.LOST), math.inf)
        if end is None or ahead[end].time - begin > self._settings.timeout:
            until = min(until, begin + self._settings.timeout)
        if until == math.inf:
            return 0.0
        return (time - begin) / (until - begin) if until > time else 1.0

    def _guesses(self, sight: _Sight, velocity: Velocity, time: float) -> list[Box]:
        """Return where the target may be at another time: about its place, and on the way it was going or came."""
        seconds = time - sight.time
        going = min(max(seconds, -self._settings.linger), self._settings.linger)
        moved = sight.box.moved(going * velocity[0], going * velocity[1])
        speed = math.hypot(*velocity)
        # The whole way, not only its end: it may have been slower than at the sight.
        return [self._grown(sight.box, abs(seconds), speed), self._grown(_about(sight.box, moved), abs(seconds))]

    def _smoothed(self, target: _Target, here: _Sight) -> Box:
        """Return a box that holds the target's with its margin, and moves and shrinks smoothly."""
        center_x, center_y = self._smoothed_center(target, here)
        raw_x, raw_y = here.box.center
        reach = self._reach(here)
        need = (
            reach * here.box.width + abs(raw_x - center_x),
            reach * here.box.height + abs(raw_y - center_y),
        )
        if target.halves is not None and self._settings.smoothing > 0:
            # It grows at once and shrinks slowly: what is covered never falls behind the box.
            before = [sight.time for sight in target.sights if sight.number < here.number]
            step = here.time - before[-1] if before else 0.0
            keep = math.exp(-max(step, 0.0) / self._settings.smoothing)
            old = target.halves
            need = (
                max(need[0], need[0] + keep * (old[0] - need[0])),
                max(need[1], need[1] + keep * (old[1] - need[1])),
            )
        target.halves = need
        return Box.around(center_x, center_y, 2 * need[0], 2 * need[1])

    def _smoothed_center(self, target: _Target, here: _Sight) -> tuple[float, float]:
        """Return the mean of the centers about this frame, as many before as after it, the near ones counting more."""
        half = self._settings.smoothing / 2
        sights = {sight.number: sight for sight in target.sights if abs(sight.time - here.time) <= half}
        weights, sum_x, sum_y, reach = 0.0, 0.0, 0.0, 0
        while all((other := sights.get(here.number + k)) and other.sure for k in (-reach - 1, reach + 1)):
            reach += 1
        for offset in range(-reach, reach + 1):
            weight = reach + 1 - abs(offset)
            x, y = sights[here.number + offset].box.center if offset else here.box.center
            weights, sum_x, sum_y = weights + weight, sum_x + weight * x, sum_y + weight * y
        return sum_x / weights, sum_y / weights

    def _reach(self, sight: _Sight) -> float:
        """Return how far the area reaches from the center of a box, in its widths and heights."""
        lacking = 1 - sight.confidence if sight.state is TrackState.TRACKING else 0.0
        return 0.5 + self._settings.margin + self._settings.caution * min(1.0, lacking / _LACKING)

    def _with_margin(self, box: Box) -> Box:
        return box.scaled(1 + 2 * self._settings.margin)

    def _grown(self, box: Box, seconds: float, speed: float = 0.0) -> Box:
        """Return the box with its margin and what the target can have moved by since, on each side."""
        size = max(box.width, box.height)
        reach = min(seconds * (self._settings.growth * size + speed), self._settings.limit * size)
        wide = self._with_margin(box)
        return Box.around(*wide.center, wide.width + 2 * reach, wide.height + 2 * reach)

    def _lingers(self, target: _Target, time: float) -> bool:
        return target.last is not None and time - target.last.time <= self._settings.linger

    def _is_over(self, target: _Target, time: float) -> bool:
        return not target.sights and not self._lingers(target, time)

    def _forget(self, target: _Target, number: int) -> None:
        """Drop the sights that neither smoothing nor speed looks back to."""
        keep = max(_VELOCITY_OVER, self._memory(target))
        while target.sights and target.sights[0].number < number - keep:
            target.sights.popleft()

    def _memory(self, target: _Target) -> int:
        """Return how many frames of the past smoothing looks back to."""
        if len(target.sights) < 2:
            return 0
        step = (target.sights[-1].time - target.sights[0].time) / (len(target.sights) - 1)
        return math.ceil(self._settings.smoothing / 2 / step) if step > 0 else 0


def _velocity(target: _Target, sight: _Sight) -> Velocity:
    """Return how the target moves at a sight, from the frames before it; from those after it where it has just come."""
    seen = [other for other in target.sights if other.state is TrackState.TRACKING and other is not sight]
    near = [other for other in seen if abs(other.number - sight.number) <= _VELOCITY_OVER]
    before, after = ([other for other in near if (other.number < sight.number) is earlier] for earlier in (True, False))
    other = before[0] if before else after[-1] if after else sight
    seconds = sight.time - other.time
    if seconds == 0.0:
        return 0.0, 0.0
    (x, y), (other_x, other_y) = sight.box.center, other.box.center
    return (x - other_x) / seconds, (y - other_y) / seconds


def _about(first: Box, second: Box) -> Box:
    """Return the smallest box about two."""
    x, y = min(first.x, second.x), min(first.y, second.y)
    return Box(x, y, max(first.right, second.right) - x, max(first.bottom, second.bottom) - y)


def _outermost(boxes: Sequence[Box]) -> list[Box]:
    """Return the boxes without those that lie in another one."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda one: -one.area):
        inside = (
            one.x <= box.x and one.y <= box.y and box.right <= one.right and box.bottom <= one.bottom for one in kept
        )
        if not any(inside):
            kept.append(box)
    return kept


def _between(first: _Sight, second: _Sight, time: float) -> tuple[Box, float]:
    """Return where the target is on the straight way between two sights, and the seconds to the nearer one."""
    before, after = max(time - first.time, 0.0), max(second.time - time, 0.0)
    share = before / (before + after) if before + after > 0 else 0.0
    values = [a + share * (b - a) for a, b in zip(first.box, second.box, strict=True)]
    return Box(*values), min(before, after)
