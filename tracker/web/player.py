"""One source at a time: opened, played, paused, stepped through, lost and opened again."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tracker.errors import ConfigError, SourceError
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.playback import Playback, check_speed, playback_of
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import open_source
from tracker.web.broadcast import Phase, SourceStatus
from tracker.web.library import Choice
from tracker.web.security import without_paths

_SILENCE = 2.0
"""Seconds without a live frame after which the message says so."""
_RETRY = 3.0
"""Seconds between two attempts to open a live source again."""
_ASLEEP = 0.2
"""Seconds after which a source that has nothing to do is looked at again."""
_RUNNING = (Phase.PLAYING, Phase.WAITING)


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

    @property
    def frames(self) -> FrameSource:
        """The source that is open."""
        return NoSource() if self._playback is None else self._playback.source

    @property
    def fps(self) -> float:
        """Nominal frames per second of the source."""
        return self.source.fps or DEFAULT_FPS

    def open(self, choice: Choice) -> Frame | None:
        """Leave the source there is for another one; return a recording's first frame.

        Raises:
            SourceError: it cannot be opened; the one there was is kept.
            ConfigError: there is no such scene.
        """
        playback = self._opened(choice)
        self.close()
        self.choice = choice
        self._attach(playback, choice)
        if playback.info.live:
            return None
        frame = self._take(playback, at_once=True)
        self.pause()
        return frame

    def close(self) -> None:
        """Leave the source."""
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
        """Go to a time of a recording and return the frame there.

        Raises:
            SourceError: there is no such time, or the source is live.
        """
        if self._playback is None:
            raise SourceError("there is no source: choose one")
        result = self._playback.seek(seconds)
        if not result.done:
            raise SourceError(result.text)
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
        if self.phase not in _RUNNING:
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
        if self._playback is None or self.phase not in _RUNNING:
            return _ASLEEP
        try:
            return min(self._playback.wait(), _ASLEEP)
        except SourceError as error:
            self._lose(error)
            return 0.0

    def _opened(self, choice: Choice) -> Playback:
        try:
            source = open_source(choice.spec)
        except (SourceError, ConfigError) as error:
            raise type(error)(without_paths(str(error).replace(str(choice.spec), choice.name))) from error
        return playback_of(source, lambda seconds: open_source(choice.spec, start=seconds), self.speed)

    def _attach(self, playback: Playback, choice: Choice) -> None:
        self._playback = playback
        self.source = _status_of(playback.info, choice.name)
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
        elif playback.ended:
            self._say(Phase.ENDED)
        return frame

    def _lose(self, error: SourceError) -> None:
        self._retry_at = time.perf_counter() + _RETRY
        self._say(Phase.LOST, f"the source is lost: {without_paths(str(error))}")

    def _reopen(self, lost: Playback) -> None:
        """Open a live source that was lost once more, now and then."""
        if self.choice is None or not lost.info.live or time.perf_counter() < self._retry_at:
            return
        lost.source.close()
        try:
            self._attach(self._opened(self.choice), self.choice)
        except SourceError as error:
            self._lose(error)

    def _say(self, phase: Phase, message: str = "") -> None:
        self.phase, self.message = phase, message


def _status_of(info: SourceInfo, name: str) -> SourceStatus:
    duration = info.frame_count / info.fps if info.frame_count and info.fps and not info.live else None
    return SourceStatus(name, info.width, info.height, info.fps, duration, info.live)
