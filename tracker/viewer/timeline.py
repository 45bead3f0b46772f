"""The place in time that the window shows: the newest frame or one of the past, running or paused."""

from __future__ import annotations

from tracker.session import FrameBuffer, Step
from tracker.video.base import Frame
from tracker.video.playback import Playback, SeekResult
from tracker.video.recording import DEFAULT_FPS


class Timeline:
    """Runs, pauses, steps and jumps through the frames of a playback, with a short past to look back into.

    Attributes:
        paused: whether no frame comes unless `forward` or `jump` asks for it.
    """

    def __init__(self, playback: Playback) -> None:
        """Begin running."""
        self._playback = playback
        self._past = FrameBuffer()
        self.paused = False

    @property
    def current(self) -> Step | None:
        """The step that is shown; None before the first, and after `forget`."""
        return self._past.current

    @property
    def newest(self) -> Step | None:
        """The step that the next one follows; None as above."""
        return self._past.newest

    @property
    def live(self) -> bool:
        """Whether there is no way back in the source."""
        return self._playback.info.live

    @property
    def in_past(self) -> bool:
        """Whether a step before the newest is shown."""
        return self._past.in_past

    @property
    def ended(self) -> bool:
        """Whether no more frames will come."""
        return self._playback.ended

    @property
    def seconds(self) -> float:
        """Length of a recording, as far as it tells."""
        info = self._playback.info
        return (info.frame_count or 0) / (info.fps or DEFAULT_FPS)

    @property
    def name(self) -> str:
        """The source's name."""
        return self._playback.info.name

    def spare(self, most: float) -> float:
        """Return the seconds that may go into something else, at most `most`."""
        return most if self.paused or self._playback.seeking is not None else min(self._playback.wait(), most)

    def next(self, *, at_once: bool = False) -> Frame | None:
        """Return the next frame; see `Playback.next`."""
        return self._playback.next(at_once=at_once)

    def keep(self, step: Step) -> None:
        """Show a new step; one of the same frame as the newest replaces it."""
        self._past.add(step)

    def run(self) -> None:
        """Go on from the newest frame."""
        self.paused = False
        self._past.catch_up()
        self._playback.restart()

    def resume(self) -> None:
        """Let the next frame be due now, after the picture was held for a while."""
        self._playback.restart()

    def pause(self) -> None:
        """Let no frame come by itself."""
        self.paused = True

    def forward(self) -> bool:
        """Pause and show the step after; False at the newest."""
        self.pause()
        return self._past.forward()

    def back(self) -> bool:
        """Pause and show the step before; False where none is kept."""
        self.pause()
        return self._past.back()

    def begin_jump(self, seconds: float) -> SeekResult:
        """Begin to go so many seconds on, or back; from where a jump under way leads to."""
        now, under_way = self.current, self._playback.seeking
        return self.begin_to(seconds + (under_way if under_way is not None else now.frame.timestamp if now else 0.0))

    def begin_to(self, seconds: float) -> SeekResult:
        """Begin to go to a time; the newest order wins. What is shown stays until `sought` says that it is there."""
        return self._playback.begin_seek(seconds)

    def begin_return(self, frame: Frame) -> None:
        """Begin to let the frame after `frame`, which lies in the past of a recording, be the next one."""
        self._playback.begin_return(frame)

    @property
    def seeking(self) -> bool:
        """Whether a jump is under way."""
        return self._playback.seeking is not None

    def sought(self) -> SeekResult | None:
        """Return how a jump has ended, once; None while it is under way, and without one."""
        return self._playback.sought()

    def arrive(self) -> SeekResult:
        """Wait until the jump under way has ended, and return how."""
        return self._playback.arrive()

    def cancel_jump(self) -> None:
        """Let the jump under way lead nowhere."""
        self._playback.cancel_seek()

    def forget(self) -> None:
        """Keep no step: what comes next does not follow from them."""
        self._past.clear()

    def forget_target(self, target: int) -> None:
        """Keep the steps without a target."""
        self._past.forget_target(target)

    def faster(self) -> SeekResult:
        """Play faster."""
        return self._playback.faster()

    def slower(self) -> SeekResult:
        """Play slower."""
        return self._playback.slower()

    @property
    def outage(self) -> str:
        """See `Playback.outage`."""
        return self._playback.outage

    def watch(self) -> None:
        """See `Playback.watch`."""
        self._playback.watch()

    def status(self, fps: float) -> str:
        """Return the caption: the frame, its time, the measured rate, the playback's own status."""
        if self.current is None:
            return ""
        frame = self.current.frame
        rate = "paused" if self.paused else f"{fps:.0f} fps"
        rate = "end" if self.ended else rate
        total = "" if self.live else f" of {self.seconds:.2f}"
        told = (f"frame {frame.index}   {frame.timestamp:.2f}{total} s   {rate}", self._playback.status())
        return "   ".join(filter(None, told))
