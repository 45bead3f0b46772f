"""The path of a virtual camera: where to look in each frame, smoothly, and never beyond the picture.

A place goes through four steps, for both coordinates of the center, and for the logarithm of the height:

    hold while not TRACKING → dead zone → mean over a window about the frame → bounded acceleration

The mean (a Hann window, as far ahead as frames are known) makes the camera start before the target does. What it plans
is followed exactly while the acceleration allows, and otherwise caught up with under the bound: the speed toward a goal
at distance e is at most √(A·|e|), half of the energy that braking with A could take up, so nothing overshoots.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.errors import ConfigError
from tracker.geometry import Box

_CATCH_UP = 0.3
"""Share of a small distance to the plan that is made good in one frame."""
_TICK = 1e-6
"""Seconds by which times may differ and still be the same."""


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """How the camera moves.

    Attributes:
        crop: height of the view, as a share of the largest one that has its shape, 0.02 to 1.
        fill: share of the view's height or width that the target shall take, whichever asks for more, 0.01 to 1; the
            view then zooms with it, but is never smaller than `crop`. None for a view of one size.
        dead_zone: share of the view in which the target moves without the camera following, 0 to 1.
        smoothing: seconds over which the path is averaged, 0 to 20.
        acceleration: views a second squared by which the camera speeds up or slows down at most, above 0.
        ahead: frames that are looked ahead, where the frames come from a file, 0 to 1000.
    """

    crop: float = 1.0
    fill: float | None = None
    dead_zone: float = 0.1
    smoothing: float = 1.2
    acceleration: float = 4.0
    ahead: int = 25

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ConfigError: a value is out of range.
        """
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise ConfigError(f"{name}={value:g} is not possible for a camera: give {least:g} to {most:g}")

    @classmethod
    def still(cls, crop: float = 0.5, fill: float | None = None) -> ViewSettings:
        """Return the settings of a camera that keeps the target at one place of the view, as far as the frame allows.

        Half the largest view leaves room for that; the place is averaged over three frames of the usual 25 to 30 a
        second, which takes out the jitter of boxes and no motion of a camera in a hand.
        """
        return cls(crop=crop, fill=fill, dead_zone=0.0, smoothing=0.17, acceleration=1e6, ahead=3)


_RANGES = {
    "crop": (0.02, 1.0),
    "fill": (0.01, 1.0),
    "dead_zone": (0.0, 1.0),
    "smoothing": (0.0, 20.0),
    "acceleration": (1e-3, 1e6),
    "ahead": (0, 1000),
}


@dataclass(slots=True)
class _Plan:
    """What is wanted of the view in one frame: center, and logarithm of its height in pixels."""

    time: float
    x: float
    y: float
    size: float


class VirtualCamera:
    """Turns the places of a target into views, each `ahead` frames late."""

    def __init__(
        self, width: float, height: float, aspect: float, settings: ViewSettings | None = None, *, ahead: int = 0
    ) -> None:
        """Begin before the first frame.

        Args:
            width: of the frames, pixels.
            height: of the frames, pixels.
            aspect: width of the view over its height.
            settings: how the camera moves.
            ahead: number of frames that are known before a view is given out; takes the place of `settings.ahead`.
        """
        self._width, self._height, self._aspect = width, height, aspect
        self._settings = settings or ViewSettings()
        self._ahead = ahead
        self._largest = min(height, width / aspect)
        self._plans: deque[_Plan] = deque()
        self._before: deque[_Plan] = deque()
        self._zone: _Plan | None = None
        self._axes: tuple[_Axis, _Axis, _Axis] | None = None
        self._time = 0.0

    def push(self, timestamp: float, box: Box | None) -> Iterator[Box]:
        """Take the target of the next frame, None where its place is not known; yield the views known now, ≤ 1."""
        self._plans.append(self._wanted(timestamp, box))
        if len(self._plans) > self._ahead:
            yield self._view()

    def finish(self) -> Iterator[Box]:
        """Yield the views of the frames that are left."""
        while self._plans:
            yield self._view()

    def _wanted(self, time: float, box: Box | None) -> _Plan:
        """Hold where nothing is known, and stay while the target moves within the dead zone."""
        old = self._zone or _Plan(
            time, self._width / 2, self._height / 2, math.log(self._settings.crop * self._largest)
        )
        if box is None:
            self._zone = _Plan(time, old.x, old.y, old.size)
            return self._zone
        size = self._size_for(box)
        x, y = box.center
        if self._zone is not None:
            zone = self._settings.dead_zone
            size = _pulled(old.size, size, zone)
            height = math.exp(size)
            x = _pulled(old.x, x, zone * self._aspect * height / 2)
            y = _pulled(old.y, y, zone * height / 2)
        self._zone = _Plan(time, x, y, size)
        return self._zone

    def _size_for(self, box: Box) -> float:
        """Return the logarithm of the view's height that a target of this size asks for."""
        height = self._settings.crop * self._largest
        if self._settings.fill is not None:
            asked = max(box.height, box.width / self._aspect) / self._settings.fill
            height = min(max(asked, height), self._largest)
        return math.log(height)

    def _view(self) -> Box:
        plan = self._averaged()
        self._before.append(self._plans.popleft())
        while self._before and self._before[0].time < plan.time - self._settings.smoothing / 2 - _TICK:
            self._before.popleft()
        size = self._followed(plan)
        height = min(math.exp(size), self._largest)
        center_x, center_y = (axis.place for axis in self._axes[:2]) if self._axes else (plan.x, plan.y)
        view = Box.around(center_x, center_y, self._aspect * height, height)
        return view.moved(_inward(view.x, view.right, self._width), _inward(view.y, view.bottom, self._height))

    def _averaged(self) -> _Plan:
        """Return the mean plan about the first that waits, weighted by a Hann window.

        Before the first and after the last frame that is known the camera is taken to rest: it starts and ends gently,
        and a live source, of which nothing is known ahead, lags by a part of the window.
        """
        now = self._plans[0]
        half = self._settings.smoothing / 2 + _TICK
        near = [plan for plan in (*self._before, *self._plans) if abs(plan.time - now.time) <= half]
        if len(near) < 2:
            return now
        step = (near[-1].time - near[0].time) / (len(near) - 1)
        rests = (near[0], now.time - near[0].time, -1), (near[-1], near[-1].time - now.time, 1)
        weighted = [(plan, plan.time - now.time) for plan in near]
        for rest, known, side in rests:
            weighted += [(rest, side * (known + k * step)) for k in range(1, int((half - known) / step) + 1)]
        weights = [1 + math.cos(math.pi * offset / (half + step)) for _, offset in weighted]
        total = sum(weights)
        x, y, size = (
            sum(weight * value for weight, value in zip(weights, values, strict=True)) / total
            for values in zip(*((plan.x, plan.y, plan.size) for plan, _ in weighted), strict=True)
        )
        return _Plan(now.time, x, y, size)

    def _followed(self, plan: _Plan) -> float:
        """Move the axes toward the plan, and return the logarithm of the view's height."""
        height = min(math.exp(plan.size), self._largest)
        across, down = self._aspect * height / 2, height / 2
        goals = (
            (plan.x, across, self._width - across, self._aspect * height),
            (plan.y, down, self._height - down, height),
            (plan.size, -math.inf, math.log(self._largest), 1.0),
        )
        if self._axes is None:
            x, y, size = (_Axis(min(max(goal, low), max(low, high))) for goal, low, high, _ in goals)
            self._axes = (x, y, size)
        else:
            step = plan.time - self._time
            for axis, (goal, low, high, unit) in zip(self._axes, goals, strict=True):
                axis.follow(goal, low, max(low, high), self._settings.acceleration * unit, step)
        self._time = plan.time
        return self._axes[2].place


@dataclass(slots=True)
class _Axis:
    """One coordinate of the camera, with its speed, and the goal that it was given last."""

    place: float
    speed: float = 0.0
    goal: float | None = None

    def follow(self, goal: float, low: float, high: float, most: float, step: float) -> None:
        """Move toward `goal` within [low, high], at an acceleration of at most `most`, for `step` seconds."""
        goal = min(max(goal, low), high)
        before = self.place if self.goal is None else self.goal
        self.goal = goal
        if step <= 0:
            return
        behind = before - self.place
        catch_up = math.copysign(min(_CATCH_UP * abs(behind) / step, math.sqrt(most * abs(behind))), behind)
        wanted = (goal - before) / step + catch_up
        speed = min(max(wanted, self.speed - most * step), self.speed + most * step)
        speed = min(speed, _brakeable(high - self.place, most, step))
        speed = max(speed, -_brakeable(self.place - low, most, step))
        place = min(max(self.place + speed * step, low), high)
        self.speed, self.place = (place - self.place) / step, place


def _brakeable(room: float, most: float, step: float) -> float:
    """Return the highest speed from which steps that are slower by A·step each end within `room`.

    From (k + θ)·A·step, 0 ≤ θ < 1, the steps add up to A·step²·(k + 1)(k/2 + θ).
    """
    if not math.isfinite(room):
        return math.inf
    steps = 2 * max(room, 0.0) / (most * step * step)
    k = math.floor((math.sqrt(1 + 4 * steps) - 1) / 2)
    return most * step * (k + steps / (k + 1)) / 2


def _pulled(old: float, new: float, zone: float) -> float:
    """Return `old`, pulled after `new` so far that it is no more than `zone` away."""
    return min(max(old, new - zone), new + zone)


def _inward(low: float, high: float, size: float) -> float:
    """Return the move that brings [low, high] into [0, size]."""
    return max(-low, 0.0) if low < 0 else min(size - high, 0.0)
