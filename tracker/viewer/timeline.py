"""Where in time the person is: at the newest frame or before it, running or paused."""

from __future__ import annotations

from collections import deque

from tracker.session import Step
from tracker.video.base import Frame
from tracker.video.recording import DEFAULT_FPS
from tracker.viewer.supply import Outcome, Supply


class Playback:
    """Runs, pauses, steps and jumps through the frames of a supply, with a short past to look back into.

    Attributes:
        paused: whether no frame comes unless `forward` or `jump` asks for it.
    """

    def __init__(self, supply: Supply) -> None:
        """Begin running."""
        self._supply = supply
        self._history = History()
        self.paused = False

    @property
    def current(self) -> Step | None:
        """The step that is looked at; None before the first, and after `forget`."""
        return self._history.current

    @property
    def newest(self) -> Step | None:
        """The step that the next one follows; None as above."""
        return self._history.newest

    @property
    def live(self) -> bool:
        """Whether there is no way back in the source."""
        return self._supply.info.live

    @property
    def in_past(self) -> bool:
        """Whether a step before the newest is looked at."""
        return self._history.in_past

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._supply.ended

    @property
    def name(self) -> str:
        """The source's name."""
        return self._supply.info.name

    def spare(self, most: float) -> float:
        """Return the seconds that may go into something else, at most `most`."""
        return most if self.paused else min(self._supply.wait(), most)

    def next(self, *, at_once: bool = False) -> Frame | None:
        """Return the next frame; None where none is due yet (unless `at_once`), or there is none any more.

        Raises:
            SourceError: the source cannot be read any further.
        """
        return self._supply.take(at_once=at_once)

    def keep(self, step: Step) -> None:
        """Look at a new step; one of the same frame as the newest replaces it."""
        self._history.add(step)

    def run(self) -> None:
        """Go on from the newest frame."""
        self.paused = False
        self._history.catch_up()
        self._supply.restart()

    def forward(self) -> bool:
        """Pause and look at the step after; False at the newest."""
        self.paused = True
        return self._history.forward()

    def back(self) -> bool:
        """Pause and look at the step before; False where none is kept."""
        self.paused = True
        return self._history.back()

    def jump(self, seconds: float) -> Outcome:
        """Go so many seconds on, or back; where that can be done, nothing is looked at until the next step."""
        now = self._history.current
        outcome = self._supply.seek((now.frame.timestamp if now else 0.0) + seconds)
        if outcome.done:
            self._history.clear()
        return outcome

    def return_to(self, frame: Frame) -> None:
        """Let the frame after `frame`, which lies in the past of a recording, be the next one."""
        half_a_frame = 0.5 / (self._supply.info.fps or DEFAULT_FPS)
        self._supply.seek(frame.timestamp + half_a_frame)

    def forget(self) -> None:
        """Keep no step: what comes next does not follow from them."""
        self._history.clear()

    def forget_target(self, target: int) -> None:
        """Keep the steps without a target."""
        self._history.forget_target(target)

    def faster(self) -> Outcome:
        """Play faster."""
        return self._supply.faster()

    def slower(self) -> Outcome:
        """Play slower."""
        return self._supply.slower()

    def status(self, fps: float) -> str:
        """Return what the caption says: the frame, its time, the measured rate, the supply's own words."""
        if self.current is None:
            return ""
        frame = self.current.frame
        rate = "paused" if self.paused else f"{fps:.0f} fps"
        told = (f"frame {frame.index}   {frame.timestamp:.2f} s   {rate}", self._supply.status())
        return "   ".join(filter(None, told))


_BYTES = 192 * 2**20
"""Memory for pictures: two seconds of 1080p, half a minute of a small clip."""
_FEWEST, _MOST = 2, 600


class History:
    """Keeps as many steps as fit into the memory allowed, and a place among them."""

    def __init__(self, limit: int = _BYTES) -> None:
        """Keep pictures of at most `limit` bytes in all, but at least two."""
        self._limit = limit
        self._steps: deque[Step] = deque()
        self._back = 0

    @property
    def current(self) -> Step | None:
        """The step looked at; None before the first."""
        return self._steps[-1 - self._back] if self._steps else None

    @property
    def newest(self) -> Step | None:
        """The last step that came; None before the first."""
        return self._steps[-1] if self._steps else None

    @property
    def in_past(self) -> bool:
        """Whether a step before the newest is looked at."""
        return self._back > 0

    def add(self, step: Step) -> None:
        """Take a new step and look at it; one of the same frame as the newest replaces it."""
        if self._steps and self._steps[-1].frame.index == step.frame.index:
            self._steps.pop()
        self._steps.append(step)
        self._back = 0
        room = max(_FEWEST, min(_MOST, self._limit // max(1, step.frame.image.nbytes)))
        while len(self._steps) > room:
            self._steps.popleft()

    def back(self) -> bool:
        """Look at the step before; False where none is kept."""
        if self._back + 1 >= len(self._steps):
            return False
        self._back += 1
        return True

    def forward(self) -> bool:
        """Look at the step after; False at the newest."""
        if not self._back:
            return False
        self._back -= 1
        return True

    def catch_up(self) -> None:
        """Look at the newest step."""
        self._back = 0

    def forget_target(self, target: int) -> None:
        """Leave a target out of all steps."""
        kept = (Step(step.frame, tuple(t for t in step.tracks if t.id != target)) for step in self._steps)
        self._steps = deque(kept)

    def clear(self) -> None:
        """Forget all: what comes next has no past here."""
        self._steps.clear()
        self._back = 0
