"""The source, its targets and what is kept of them; all of it belongs to the service's thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from tracker.config.settings import TrackerConfig
from tracker.errors import BoxError, FrameError, OutputError, SourceError, TargetIdError
from tracker.output.base import Sink
from tracker.output.video_file import VideoFileSink
from tracker.session import FrameBuffer, Session, Step
from tracker.tracking.result import Track
from tracker.video.base import Frame
from tracker.web.broadcast import Phase, ServiceStatus, Snapshot
from tracker.web.library import Choice
from tracker.web.player import SourcePlayer
from tracker.web.results import LoggedFrame, ResultLog

_log = logging.getLogger(__name__)

_SMOOTHING = 0.1
"""Weight of the newest frame in the measured rate."""
_BYTES = 48 * 2**20
"""Memory for past frames: a box is drawn on a picture that is a little old."""


class TrackingService:
    """One source and its targets, led by commands and by `advance`.

    Targets can be told apart as long as the server lives: no number is given twice.

    Attributes:
        player: the source; its frames go through `show`.
    """

    def __init__(self, config: TrackerConfig, preset: str, *, speed: float = 1.0, max_targets: int = 32) -> None:
        """Begin without a source."""
        self.player = SourcePlayer(speed)
        self._session = self._session_with(config)
        self._tracks: tuple[Track, ...] = ()
        self._max_targets = max_targets
        self._buffer = FrameBuffer(_BYTES)
        self._results = ResultLog()
        self._recorder = Recorder()
        self._preset, self._revision = preset, 0
        self._note = ""
        self._number = 0
        self._shown = self._interval = 0.0

    @property
    def config(self) -> TrackerConfig:
        """The settings in force."""
        return self._session.config

    def entries(self) -> tuple[LoggedFrame, ...]:
        """Return what was found so far."""
        return self._results.entries()

    @property
    def status(self) -> ServiceStatus:
        """How things stand."""
        return ServiceStatus(
            phase=self.player.phase,
            message=self.player.message or self._note,
            source=self.player.source,
            speed=self.player.speed,
            fps=round(1.0 / self._interval, 1) if self._interval else 0.0,
            preset=self._preset,
            revision=self._revision,
            recording=self._recorder.name,
        )

    def snapshot(self) -> Snapshot:
        """Return what the watchers shall see now."""
        self._number += 1
        newest = self._buffer.newest
        frame = None if newest is None else newest.frame
        return Snapshot(self._number, frame, self._tracks, self.status)

    def advance(self) -> bool:
        """Take the next frame where it is due; return whether there is anything new to be seen."""
        before = self.player.phase, self.player.message
        frame = self.player.advance()
        self.show(frame)
        return frame is not None or (self.player.phase, self.player.message) != before

    def open(self, choice: Choice) -> None:
        """Leave the source there is, and its targets, for another one.

        Raises:
            SourceError: it cannot be opened; the one there was is kept.
            ConfigError: there is no such scene.
        """
        first = self.player.open(choice)
        self._recorder.stop()
        self._results, self._note = ResultLog(), ""
        self._buffer.clear()
        self._session = self._session_with(self.config, self._session.next_id)
        self._tracks = ()
        self.show(first)

    def close(self) -> None:
        """Finish what is recorded and leave the source."""
        self._recorder.stop()
        self.player.close()

    def show(self, frame: Frame | None) -> None:
        """Find the targets in a frame, if there is one."""
        if frame is None:
            return
        self._measure_rate()
        self._buffer.add(Step(frame, ()))  # without densities, which may take more memory than the picture
        try:
            self._tracks = self._session.process(frame).tracks
        except FrameError as error:
            self.clear()
            self._note = f"the targets are gone: {error}"
        self._keep(frame)

    def add(self, box: Iterable[float], label: str = "", index: int | None = None) -> int:
        """Follow what is in `box`, x, y, width, height in pixels of the frame of number `index`; return its number.

        Where that frame is not the newest one, the target is followed from there to here at once. A paused recording
        goes on.

        Raises:
            BoxError: the box cannot be used, or there is no frame yet, or there are too many targets.
            TargetError: nothing can be learned from it.
        """
        frames = self._buffer.since(index)
        if not frames:
            raise BoxError("there is no picture yet: choose a source")
        if len(self._tracks) >= self._max_targets:
            raise BoxError(f"there are {len(self._tracks)} targets already: remove one")
        number = self._session.add(frames[0], box, label, through=frames[1:])
        self._tracks = self._session.tracks
        self._note = ""
        self._keep(frames[-1])
        if self.player.phase is Phase.PAUSED:
            self.player.play()
        return number

    def remove(self, target: int) -> bool:
        """Follow a target no longer; return whether there was one."""
        try:
            self._session.remove(target)
        except TargetIdError:
            return False
        self._tracks = self._session.tracks
        return True

    def clear(self) -> None:
        """Follow nothing."""
        self._session.clear()
        self._tracks = ()

    def configure(self, config: TrackerConfig, preset: str) -> None:
        """Go on with other settings; see `Session.configure`."""
        newest = self._buffer.newest
        if newest is None:
            self._session = self._session_with(config, self._session.next_id)
        else:
            self._session.configure(newest.frame, config)
        self._preset, self._revision = preset, self._revision + 1

    def record(self, path: Path) -> None:
        """Write what is seen from here on as an annotated video.

        Raises:
            OutputError: it cannot be written.
            SourceError: there is no source.
        """
        if self.player.choice is None:
            raise SourceError("there is nothing to record: choose a source")
        self._recorder.start(path, self.player.fps)

    def stop_recording(self) -> None:
        """Finish the video that is being recorded."""
        self._recorder.stop()

    def _session_with(self, config: TrackerConfig, first_id: int = 0) -> Session:
        return Session(self.player.frames, targets=(), config=config, first_id=first_id)

    def _measure_rate(self) -> None:
        now = time.perf_counter()
        taken, self._shown = now - self._shown, now
        if taken < 1.0:  # longer is a pause
            self._interval += (_SMOOTHING if self._interval else 1.0) * (taken - self._interval)

    def _keep(self, frame: Frame) -> None:
        """Keep a frame as it is seen, which may be once more after a jump, or with one target more."""
        self._results.write(frame, self._tracks)
        self._recorder.write(frame, self._tracks)


class Recorder:
    """Writes an annotated video while it is started.

    Attributes:
        name: of the file that is being written, "" for none.
    """

    def __init__(self) -> None:
        """Begin without a file."""
        self._sink: Sink | None = None
        self._last = -1
        self.name = ""

    def start(self, path: Path, fps: float) -> None:
        """Write to `path` from here on.

        Raises:
            OutputError: it cannot be written.
        """
        self.stop()
        self._sink, self._last, self.name = VideoFileSink(path, fps), -1, path.name

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Take one frame, once; a file that cannot be written any further ends the recording."""
        if self._sink is None or frame.index == self._last:
            return
        self._last = frame.index
        try:
            self._sink.write(frame, tracks)
        except OutputError as error:
            _log.warning("the recording ends: %s", error)
            self.stop()

    def stop(self) -> None:
        """Finish the file; what is in it can be played whatever happens."""
        sink, self._sink, self.name = self._sink, None, ""
        if sink is not None:
            try:
                sink.close()
            except OutputError as error:
                _log.warning("the recording is not complete: %s", error)
