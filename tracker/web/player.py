"""One source at a time: opened, played, paused, stepped through, lost and opened again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.errors import ConfigError, SourceError, TrackerError
from tracker.video.background import BackgroundJob
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.playback import Playback, RecordingPlayback, check_speed, playback_of
from tracker.video.probe import check_pixels
from tracker.video.recording import DEFAULT_FPS
from tracker.video.seekable import Seeking
from tracker.video.sources import open_source
from tracker.web.broadcast import Phase, SourceStatus
from tracker.web.library import MOST_PIXELS, Choice, shown_error
from tracker.web.security import without_paths

_SILENCE = 2.0
"""Seconds without a live frame after which the message says so."""
_RETRY = 3.0
"""Seconds between two attempts to open a live source again."""
_ASLEEP = 0.2
"""Seconds after which a source that has nothing to do is looked at again."""
_RUNNING = (Phase.PLAYING, Phase.WAITING)


_LOOK = 0.02
"""Seconds after which a job is looked at again."""
_DEADLINE = 20.0
"""Seconds that a source is given to open, whatever it does in them."""
_MOST_STALE = 4
"""Sources that were given up and have not come back: each holds a thread."""


@dataclass(frozen=True, slots=True)
class _Opened:
    playback: Playback
    first: Frame | None


@dataclass(frozen=True, slots=True)
class _Opening:
    choice: Choice
    job: BackgroundJob[_Opened]
    deadline: float


class NoSource(FrameSource):
    """The source before one is chosen: no frames."""

    info = SourceInfo("", 0, 0, None, 0)

    def __iter__(self) -> Iterator[Frame]:
        """Yield nothing."""
        return iter(())

    def close(self) -> None:
        """Do nothing."""


class SourcePlayer:
    """Hands out the frames of a source when they are due. A recording waits on its first frame, live plays at once.

    Attributes:
        phase: what the source is doing.
        message: one line to show, "" where there is nothing to say.
        source: what is known of the source.
        choice: what is played, None for nothing.
        speed: of a recording in times the true speed; 0 is as fast as it goes.
        serial: grows with every source that is opened.
    """

    def __init__(self, speed: float) -> None:
        """Begin without a source."""
        self.phase = Phase.IDLE
        self.message = ""
        self.source = SourceStatus()
        self.choice: Choice | None = None
        self.speed = speed
        self._playback: Playback | None = None
        self._heard = 0.0
        self._retry_at = 0.0
        self.serial = 0
        self._opening: _Opening | None = None
        self._seeking: Seeking | None = None
        self._wanted: float | None = None
        self._retrying: BackgroundJob[_Opened] | None = None
        self._stale: list[BackgroundJob[_Opened]] = []
        self._offset, self._late = 0, 0.0
        self._newest: Frame | None = None

    @property
    def opening(self) -> str:
        """Name of the source that is being opened, "" for none."""
        return "" if self._opening is None else self._opening.choice.name

    def is_seeking(self) -> bool:
        """Whether a jump is under way."""
        return self._seeking is not None

    @property
    def shown_phase(self) -> Phase:
        """What the source is doing, or that another one is being opened."""
        return self.phase if self._opening is None else Phase.OPENING

    @property
    def work(self) -> str:
        """What goes on beside, "" for nothing."""
        return f"opening {self.opening}" if self.opening else "jumping" if self.is_seeking() else ""

    @property
    def silent(self) -> bool:
        """Whether a live source has given no picture for a while."""
        live = self._playback is not None and self._playback.info.live
        return live and self.phase in (Phase.WAITING, Phase.LOST)

    @property
    def frames(self) -> FrameSource:
        """The source that is open."""
        return NoSource() if self._playback is None else self._playback.source

    @property
    def fps(self) -> float:
        """Nominal frames per second of the source."""
        return self.source.fps or DEFAULT_FPS

    def open(self, choice: Choice) -> Frame | None:
        """Leave the source there is for another one; return a recording's first frame. Waits; see `begin_open`.

        Raises:
            SourceError: it cannot be opened; the one there was is kept.
            ConfigError: there is no such scene.
        """
        self.begin_open(choice)
        assert self._opening is not None
        return self._take_over(self._opening)

    def begin_open(self, choice: Choice) -> None:
        """Open another source beside what is played; `opened` says when it is there. The newest order wins.

        Raises:
            SourceError: too many addresses that were given up have not come back yet.
        """
        self.give_up()
        self._stale = [job for job in self._stale if not job.done]
        if len(self._stale) >= _MOST_STALE:
            raise SourceError("several addresses that were given up are still being tried: wait a moment")
        job = BackgroundJob("open", lambda _: self._opened(choice), lambda found: found.playback.source.close())
        self._opening = _Opening(choice, job, time.perf_counter() + _DEADLINE)

    def opened(self) -> tuple[Choice, Frame | None] | None:
        """Take over the source that was opened, if it is there; return it with a recording's first frame.

        Raises:
            SourceError: it cannot be opened, or took too long; the one there was is kept.
            ConfigError: there is no such scene.
        """
        opening = self._opening
        if opening is None:
            return None
        if opening.job.done:
            return opening.choice, self._take_over(opening)
        if time.perf_counter() > opening.deadline:
            self.give_up()
            raise SourceError(f"{opening.choice.name} gave no picture within {_DEADLINE:g} s: check the address")
        return None

    def give_up(self) -> None:
        """Open no other source any more, and jump nowhere."""
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.job.cancel()
            self._stale.append(opening.job)
        self._wanted = None
        if self._seeking is not None:
            self._seeking.cancel()
            self._seeking = None

    def _take_over(self, opening: _Opening) -> Frame | None:
        self._opening = None
        found = opening.job.result()
        self.close()
        self.choice = opening.choice
        self.serial += 1
        self._offset, self._late = 0, 0.0
        self._attach(found.playback, opening.choice)
        if found.playback.info.live:
            return None
        if found.first is None:
            self._say(Phase.ENDED if found.playback.ended else Phase.PAUSED)
        else:
            self.pause()
        return found.first

    def close(self) -> None:
        """Leave the source."""
        self.give_up()
        if self._playback is not None:
            self._playback.source.close()
        self._playback, self.choice, self.source = None, None, SourceStatus()
        self._say(Phase.IDLE)

    def play(self) -> None:
        """Go on; from the start where the source has ended."""
        if self._playback is None or self.phase is Phase.LOST:
            return
        if self.phase is Phase.ENDED and not self._playback.seek(0.0).done:
            return
        self._playback.restart()
        self._heard = time.perf_counter()
        self._say(Phase.PLAYING)

    def pause(self) -> None:
        """Stay on the frame there is."""
        if self.phase in _RUNNING:
            self._say(Phase.PAUSED)

    def step(self) -> Frame | None:
        """Return the next frame, if there is one, and stay there."""
        if self._playback is None or self.phase in (Phase.ENDED, Phase.LOST):
            return None
        frame = self._take(self._playback, at_once=True)
        self.pause()
        return frame

    def seek(self, seconds: float) -> Frame | None:
        """Go to a time of a recording and return the frame there. Waits; see `begin_seek`.

        Raises:
            SourceError: there is no such time, or the source is live.
        """
        if (frame := self.begin_seek(seconds)) is not None:
            return frame
        return self._jump() if self._seeking is not None else None

    def begin_seek(self, seconds: float) -> Frame | None:
        """Begin to go to a time of a recording; return the frame there if it is near. The newest order wins.

        Raises:
            SourceError: there is no source, or it is live.
        """
        playback = self._playback
        if playback is None:
            raise SourceError("there is no source: choose one")
        if not isinstance(playback, RecordingPlayback):
            raise SourceError("a live source has no past and no future")
        if self._seeking is not None:
            self._wanted = seconds
            return None
        if playback.read_on(seconds):
            self._say(self.phase if self.phase is Phase.PLAYING else Phase.PAUSED)
            return self._take(playback, at_once=True)
        self._seeking = playback.source.begin(seconds)
        return None

    def sought(self) -> Frame | None:
        """Return the frame that a jump has led to, once it is there.

        Raises:
            SourceError: there is no such time.
        """
        if self._seeking is None or not self._seeking.done:
            return None
        if self._wanted is not None:
            self._seeking.cancel()
            self._seeking, wanted, self._wanted = None, self._wanted, None
            return self.begin_seek(wanted)
        return self._jump()

    def _jump(self) -> Frame | None:
        job, self._seeking = self._seeking, None
        assert job is not None
        assert isinstance(self._playback, RecordingPlayback)
        self._playback.adopt(job.result())
        self._say(self.phase if self.phase is Phase.PLAYING else Phase.PAUSED)
        return self._take(self._playback, at_once=True)

    def set_speed(self, speed: float) -> None:
        """Play recordings at so many times the true speed; 0 is as fast as it goes.

        Raises:
            ConfigError: not a possible speed.
        """
        self.speed = check_speed(speed)
        if self._playback is not None:
            self._playback.set_speed(speed)

    def advance(self) -> Frame | None:
        """Return the next frame where there is one and it is due."""
        playback = self._playback
        if playback is None:
            return None
        if self.phase is Phase.LOST:
            self._reopen(playback)
            return None
        if self.phase not in _RUNNING or self._seeking is not None:
            return None
        frame = self._take(playback)
        if frame is not None and self.phase is Phase.WAITING:
            self._say(Phase.PLAYING)
        silent = time.perf_counter() - self._heard
        if playback.info.live and self.phase is Phase.PLAYING and silent > _SILENCE:
            self._say(Phase.WAITING, "no picture comes from the source: waiting for it")
        return frame

    def wait(self) -> float:
        """Return the seconds that may go by before `advance` has anything to do."""
        if self._opening is not None or self._seeking is not None or self._retrying is not None:
            return _LOOK
        if self._playback is None or self.phase not in _RUNNING:
            return _ASLEEP
        try:
            return min(self._playback.wait(), _ASLEEP)
        except SourceError as error:
            self._lose(error)
            return 0.0

    def _opened(self, choice: Choice) -> _Opened:
        try:
            source = open_source(choice.spec, most_pixels=MOST_PIXELS)
        except (SourceError, ConfigError) as error:
            raise type(error)(shown_error(error, choice)) from error
        playback = playback_of(source, lambda seconds: open_source(choice.spec, start=seconds), self.speed)
        try:
            check_pixels((playback.info.width, playback.info.height), MOST_PIXELS)
            return _Opened(playback, None if playback.info.live else playback.next(at_once=True))
        except BaseException:
            source.close()
            raise

    def _attach(self, playback: Playback, choice: Choice) -> None:
        self._playback = playback
        self.source = replace(_status_of(playback.info, choice.name), serial=self.serial)
        self._heard = time.perf_counter()
        self._say(Phase.PLAYING)

    def _take(self, playback: Playback, *, at_once: bool = False) -> Frame | None:
        try:
            frame = playback.next(at_once=at_once)
        except SourceError as error:
            self._lose(error)
            return None
        if frame is not None:
            self._heard = time.perf_counter()
            frame = self._counted(frame) if playback.info.live else frame
            self._newest = frame
        elif playback.ended:
            self._say(Phase.ENDED)
        return frame

    def _lose(self, error: TrackerError) -> None:
        self._retry_at = time.perf_counter() + _RETRY
        self._say(Phase.LOST, without_paths(str(error)))

    def _counted(self, frame: Frame) -> Frame:
        """Let the numbers and times of a live source go on where it was opened again."""
        return replace(frame, index=frame.index + self._offset, timestamp=frame.timestamp + self._late)

    def _reopen(self, lost: Playback) -> None:
        """Open a live source that was lost once more, now and then, beside the service's thread."""
        choice = self.choice
        if self._retrying is not None:
            if self._retrying.done:
                self._come_back()
            return
        if choice is None or not lost.info.live or time.perf_counter() < self._retry_at:
            return
        lost.source.close()
        self._retrying = BackgroundJob(
            "open again", lambda _: self._opened(choice), lambda found: found.playback.source.close()
        )

    def _come_back(self) -> None:
        job, self._retrying = self._retrying, None
        assert job is not None
        assert self.choice is not None
        try:
            found = job.result()
        except (SourceError, ConfigError) as error:
            self._lose(error)
            return
        if self._newest is not None:
            self._offset = self._newest.index + 1
            self._late = self._newest.timestamp + time.perf_counter() - self._heard
        self._attach(found.playback, self.choice)

    def _say(self, phase: Phase, message: str = "") -> None:
        self.phase, self.message = phase, message


def _status_of(info: SourceInfo, name: str) -> SourceStatus:
    duration = info.frame_count / info.fps if info.frame_count and info.fps and not info.live else None
    return SourceStatus(name, info.width, info.height, info.fps, duration, info.live, info.frame_count)
