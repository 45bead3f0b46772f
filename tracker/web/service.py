"""The source, its targets and what is kept of them; everything here belongs to the engine's thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from tracker.config.settings import TrackerConfig
from tracker.errors import BoxError, FrameError, OutputError, SourceError
from tracker.image import Image
from tracker.output.base import Sink, tracks_of
from tracker.output.video_file import VideoFileSink
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import Track
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame
from tracker.web.broadcast import Moment, Phase, Status
from tracker.web.buffer import Past
from tracker.web.library import Choice
from tracker.web.playback import Playback
from tracker.web.results import Entry, Journal

_SMOOTHING = 0.1
"""Weight of the newest frame in the measured rate."""


class Studio:
    """One source and its targets, led by commands and by `advance`.

    Attributes:
        playback: the source; its frames go through `show`.
    """

    def __init__(self, config: TrackerConfig, preset: str, *, speed: float = 1.0, max_targets: int = 32) -> None:
        """Begin without a source."""
        self.playback = Playback(speed)
        self._targets = Targets(config)
        self._max_targets = max_targets
        self._past = Past()
        self._journal = Journal()
        self._recorder = Recorder()
        self._preset, self._revision = preset, 0
        self._note = ""
        self._number = 0
        self._shown = self._interval = 0.0

    @property
    def config(self) -> TrackerConfig:
        """The settings in force."""
        return self._targets.config

    def entries(self) -> tuple[Entry, ...]:
        """Return what was found so far."""
        return self._journal.entries()

    @property
    def status(self) -> Status:
        """How things stand."""
        return Status(
            phase=self.playback.phase,
            message=self.playback.message or self._note,
            source=self.playback.source,
            speed=self.playback.speed,
            fps=round(1.0 / self._interval, 1) if self._interval else 0.0,
            preset=self._preset,
            revision=self._revision,
            recording=self._recorder.name,
        )

    def moment(self) -> Moment:
        """Return what the watchers shall see now."""
        self._number += 1
        return Moment(self._number, self._past.newest, self._targets.tracks(), self.status)

    def advance(self) -> bool:
        """Take the next frame where it is due; return whether there is anything new to be seen."""
        before = self.playback.phase, self.playback.message
        frame = self.playback.advance()
        self.show(frame)
        return frame is not None or (self.playback.phase, self.playback.message) != before

    def open(self, choice: Choice) -> None:
        """Leave the source there is, and its targets, for another one.

        Raises:
            SourceError: it cannot be opened; the one there was is kept.
            ConfigError: there is no such scene.
        """
        first = self.playback.open(choice)
        self._recorder.stop()
        self._journal, self._note = Journal(), ""
        self._past.clear()
        self._targets.clear()
        self.show(first)

    def close(self) -> None:
        """Finish what is recorded and leave the source."""
        self._recorder.stop()
        self.playback.close()

    def show(self, frame: Frame | None) -> None:
        """Find the targets in a frame, if there is one."""
        if frame is None:
            return
        now = time.perf_counter()
        taken, self._shown = now - self._shown, now
        if taken < 1.0:  # longer is a pause
            self._interval += (_SMOOTHING if self._interval else 1.0) * (taken - self._interval)
        self._past.put(frame)
        try:
            self._targets.update(frame.image)
        except FrameError as error:
            self._targets.clear()
            self._note = f"the targets are gone: {error}"
        self._keep(frame)

    def add(self, box: Iterable[float], label: str = "", index: int | None = None) -> int:
        """Follow what is in `box`, x, y, width, height in pixels of the frame of number `index`; return its number.

        Where that frame is not the newest one, the target is followed from there to here at once. A paused recording
        goes on.

        Raises:
            BoxError: the box cannot be used, or there is no frame yet, or there are too many targets.
            TargetError: nothing can be learnt from it.
        """
        newest = self._past.newest
        if newest is None:
            raise BoxError("there is no picture yet: choose a source")
        if len(self._targets) >= self._max_targets:
            raise BoxError(f"there are {len(self._targets)} targets already: remove one")
        number = self._targets.add(self._past.since(index), box, label)
        self._note = ""
        self._keep(newest)
        if self.playback.phase is Phase.PAUSED:
            self.playback.play()
        return number

    def remove(self, target: int) -> bool:
        """Follow a target no longer; return whether there was one."""
        return self._targets.remove(target)

    def clear(self) -> None:
        """Follow nothing."""
        self._targets.clear()

    def configure(self, config: TrackerConfig, preset: str) -> None:
        """Go on with other settings; see `Targets.configure`."""
        newest = self._past.newest
        self._targets.configure(config, None if newest is None else newest.image)
        self._preset, self._revision = preset, self._revision + 1

    def record(self, path: Path) -> None:
        """Write what is seen from here on as an annotated video.

        Raises:
            OutputError: it cannot be written.
            SourceError: there is no source.
        """
        if self.playback.choice is None:
            raise SourceError("there is nothing to record: choose a source")
        self._recorder.start(path, self.playback.fps)

    def stop_recording(self) -> None:
        """Finish the video that is being recorded."""
        self._recorder.stop()

    def _keep(self, frame: Frame) -> None:
        tracks = self._targets.tracks()
        self._journal.write(frame, tracks)
        self._recorder.write(frame, tracks)


class Targets:
    """Targets by number, which can be told apart as long as the server lives: no number is given twice."""

    def __init__(self, config: TrackerConfig) -> None:
        """Begin without targets."""
        self._tracker = MultiTracker(config)
        self._next = 0

    def __len__(self) -> int:
        return len(self._tracker)

    @property
    def config(self) -> TrackerConfig:
        """The settings in force, for new targets too."""
        return self._tracker.config

    def tracks(self) -> tuple[Track, ...]:
        """Return what was found of each target in the last frame."""
        return tracks_of(self._tracker)

    def add(self, images: Sequence[Image], box: Iterable[float], label: str = "") -> int:
        """Follow the target in `box`, x, y, width, height in pixels of the first image, to the last one.

        Returns:
            Its number.

        Raises:
            BoxError: the box cannot be used.
            TargetError: nothing can be learnt from it.
        """
        # Alone through the images that the others have seen already.
        ahead = Tracker(self.config)
        found = ahead.init(images[0], box)
        for image in images[1:]:
            found = ahead.update(image)
        number = self._tracker.add(images[-1], found.box, self._next, label, model=ahead.model)
        self._next = number + 1
        return number

    def remove(self, target: int) -> bool:
        """Follow a target no longer; return whether there was one of this number."""
        if target not in self._tracker:
            return False
        self._tracker.remove(target)
        return True

    def clear(self) -> None:
        """Follow nothing."""
        self._tracker = MultiTracker(self.config)

    def update(self, image: Image) -> None:
        """Find every target in the next frame.

        Raises:
            FrameError: the frame is no picture, or of another size than the one before.
        """
        self._tracker.update(image)

    def configure(self, config: TrackerConfig, image: Image | None) -> None:
        """Go on with other settings in the newest frame, None where there is none yet; see `MultiTracker.configure`."""
        if image is None:
            self._tracker = MultiTracker(config)
        else:
            self._tracker.configure(image, config)


_log = logging.getLogger(__name__)


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
