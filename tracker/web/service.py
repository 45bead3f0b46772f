"""The source, its targets and what is kept of them; all of it belongs to the service's thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tracker.config.settings import TrackerConfig
from tracker.errors import FrameError, SourceError, TrackerError
from tracker.formats.starts import TargetStart
from tracker.session import FrameBuffer, Refusal, Session, Step
from tracker.tracking.result import Track
from tracker.video.base import Frame
from tracker.web.broadcast import ServiceStatus, Snapshot
from tracker.web.editing import Editing
from tracker.web.events import EventLog
from tracker.web.library import Choice
from tracker.web.orders import PendingOrders, StaleOrderError
from tracker.web.player import SourcePlayer
from tracker.web.rate import FrameRate
from tracker.web.recorder import Recorder
from tracker.web.results import ResultLog
from tracker.web.settings import Limits
from tracker.web.starting import AutomaticStart
from tracker.web.webhook import NoWebhook

_BYTES = 48 * 2**20
"""Memory for past frames: a box is drawn on a picture that is a little old."""


class TrackingService:
    """One source and its targets, led by commands and by `advance`.

    A frame that has rows shows these rows; a frame without is given to the session, and its rows are kept. Rows are
    replaced by `edits` only. Targets can be told apart as long as the server lives: no number is given twice.

    Attributes:
        player: the source; its frames go through `show`.
        results: the rows.
        events: what happened to the targets.
        edits: changes by hand.
    """

    def __init__(
        self,
        config: TrackerConfig,
        preset: str,
        *,
        speed: float = 1.0,
        max_targets: int = 32,
        limits: Limits | None = None,
        auto: str = "",
        webhook: NoWebhook | None = None,
    ) -> None:
        """Begin without a source; `auto` says what targets start on by themselves, as `--auto` does.

        Raises:
            ConfigError: that cannot be read.
        """
        self._limits = limits or Limits(targets=max_targets)
        self.player = SourcePlayer(speed)
        self.results = ResultLog(self._limits.rows)
        self.webhook = webhook or NoWebhook()
        self.events = EventLog(tell=lambda event: self.webhook.send(event, self.player.source.name))
        self._auto = AutomaticStart(auto, self._limits.targets)
        self.buffer = FrameBuffer(_BYTES)
        self.session = self._session_with(config)
        self.edits = Editing(self)
        self._recorder = Recorder(self._limits.recording)
        self._tracks: tuple[Track, ...] = ()
        self._head = -1
        self._preset, self._revision = preset, 0
        self._note = ""
        self._number = 0
        self._rate = FrameRate()
        self._orders = PendingOrders()
        self._silent = False
        self._told = ServiceStatus()

    @property
    def config(self) -> TrackerConfig:
        """The settings in force."""
        return self.session.config

    @property
    def max_targets(self) -> int:
        """How many targets there may be at a time."""
        return self._limits.targets

    @property
    def head(self) -> int:
        """The number of the last frame that was gone through; -1 before the first."""
        return max(self._head, self.results.reach)

    @property
    def frame(self) -> Frame | None:
        """The frame that is shown."""
        newest = self.buffer.newest
        return None if newest is None else newest.frame

    @property
    def status(self) -> ServiceStatus:
        """How things stand."""
        note = self._note or self._recorder.note or self.edits.note
        if self.results.left_out:
            note = f"the oldest {self.results.left_out} frames are in no export any more: there are too many rows"
        return ServiceStatus(
            phase=self.player.shown_phase,
            message=self.player.message or note,
            source=self.player.source,
            speed=self.player.speed,
            fps=round(self._rate.fps, 1),
            preset=self._preset,
            revision=self._revision,
            recording=self._recorder.name,
            work=self.player.work or self.edits.work,
            undo=self.edits.history.undoable,
            redo=self.edits.history.redoable,
            log=self.edits.revision,
            events=self.events.count,
            auto=self._auto.text,
            webhook=self.webhook.note,
        )

    def snapshot(self) -> Snapshot:
        """Return what the watchers shall see now."""
        self._number += 1
        return Snapshot(self._number, self.frame, self._tracks, self.status)

    def check(self, serial: int | None) -> None:
        """Refuse an order that was meant for another source.

        Raises:
            StaleOrderError: the source with this number is not open any more.
        """
        if serial is not None and serial != self.player.source.serial:
            raise StaleOrderError("another source was opened in the meantime: look again")

    def advance(self) -> bool:
        """Take the next frame where it is due; return whether there is anything new to be seen."""
        news = self._take_opened()
        news = self._take_sought() or news
        frame = self.player.advance()
        self.show(frame)
        if self.edits.advance():
            self.refresh()
        self._lose_silent()
        before, self._told = self._told, replace(self.status, fps=0.0)
        return news or frame is not None or self._told != before

    def open(self, choice: Choice, starts: Sequence[TargetStart] = ()) -> None:
        """Leave the source there is, and its targets, for another one, with targets of a file. Waits; see `begin_open`.

        Raises:
            SourceError: it cannot be opened; the one there was is kept.
            ConfigError: there is no such scene.
        """
        self._give_way()
        self._begin_anew(self.player.open(choice), starts)

    def begin_open(self, choice: Choice) -> Future[None]:
        """Open another source beside everything else; the future is done when it is there. The newest order wins.

        Raises:
            SourceError: too many addresses that were given up have not come back yet.
        """
        self._give_way()
        self.player.begin_open(choice)
        return self._orders.begin()

    def begin_seek(self, seconds: float) -> Future[None]:
        """Go to a time beside everything else; the future is done when the frame is shown. The newest order wins.

        Raises:
            SourceError: there is no source, or it is live.
        """
        if self.player.opening:
            raise SourceError(f"{self.player.opening} is being opened: wait for it")
        self._orders.settle(StaleOrderError("another jump came first"))
        frame = self.player.begin_seek(seconds)
        self.show(frame)
        order = self._orders.begin()
        if frame is not None or not self.player.is_seeking():
            self._orders.settle()
        return order

    def step_back(self) -> Future[None]:
        """Go to the frame before.

        Raises:
            SourceError: there is none, or the source is live.
        """
        frame = self.frame
        if frame is None or not frame.index:
            raise SourceError("there is no frame before this one")
        self.player.pause()
        return self.begin_seek(max(0.0, frame.timestamp - 1.02 / self.player.fps))

    def close(self) -> None:
        """Finish what is recorded and leave the source."""
        self._give_way()
        self._recorder.stop()
        self.edits.clear()
        self.player.close()

    def show(self, frame: Frame | None) -> None:
        """Show a frame, if there is one: with the rows that it has, else by finding the targets in it."""
        if frame is None:
            return
        self._rate.count()
        before = self.frame
        self.buffer.add(Step(frame, ()))  # without densities, which may take more memory than the picture
        if frame.index not in self.results:
            self._process(frame, before)
        self.refresh()
        self._recorder.write(frame, self._tracks)

    def refresh(self) -> None:
        """Show the rows that the frame has now."""
        frame = self.frame
        if frame is None:
            self._tracks = ()
            return
        fresh = {track.id: track for track in self.session.tracks} if frame.index == self._head else {}
        self._tracks = tuple(_live(fresh.get(track.id), track) for track in self.results.shown(frame.index))

    def add(self, box: Iterable[float], label: str = "", index: int | None = None) -> int:
        """Follow what is in `box`, x, y, width, height in pixels of the frame of number `index`; return its number.

        Where that frame is not the newest one, the target is followed from there to here at once.

        Raises:
            BoxError: the box cannot be used, or there is no frame yet, or there are too many targets.
            TargetError: nothing can be learned from it.
        """
        number = self.edits.add(box, label, index)
        self._note = ""
        self.refresh()
        if (frame := self.frame) is not None:
            self.events.note(frame, [track for track in self._tracks if track.id == number])
        return number

    def automate(self, what: str) -> None:
        """Let targets start by themselves on what a detector finds from here on, as `--auto` does; "" for no more.

        Raises:
            ConfigError: that cannot be read.
        """
        self._auto = AutomaticStart(what, self._limits.targets)
        self.session.initiation = self._auto.initiation()

    def expect(self, starts: Sequence[TargetStart]) -> None:
        """Follow the targets of a file; see `Editing.expect`."""
        for refusal in self.edits.expect(starts):
            self._refuse(refusal)
        self.refresh()

    def remove(self, target: int, *, rows: bool = False) -> bool:
        """Follow a target no longer, and forget its rows if they are to go, too; return whether there was one."""
        done = self.edits.remove([target], rows=rows) > 0
        self.refresh()
        return done

    def clear(self, *, rows: bool = False) -> None:
        """Follow nothing."""
        self.edits.remove([*self.results.targets], rows=rows)
        self.session.clear()
        self.refresh()

    def configure(self, config: TrackerConfig, preset: str) -> None:
        """Go on with other settings; see `Session.configure`."""
        frame = self.frame
        if frame is None:
            self.session = self._session_with(config, self.session.next_id)
        else:
            self._bring_here(frame)
            with suppress(FrameError):
                self.session.configure(frame, config)
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
        if (frame := self.frame) is not None:
            self._recorder.write(frame, self._tracks)

    def stop_recording(self) -> None:
        """Finish the video that is being recorded."""
        self._recorder.stop()

    def _process(self, frame: Frame, before: Frame | None) -> None:
        """Find the targets in a frame that has no rows, from where they were in the frame that was shown before."""
        if before is not None:
            self._bring_here(before)
        started = set(self.session.initiation.ids)
        try:
            tracks = self.session.process(frame).tracks
        except FrameError as error:
            self.edits.remove([*self.results.targets], rows=False)
            self.session.clear()
            self._note = f"the targets are gone: {error}"
            return
        finally:
            self._head = frame.index
        self.results.write(frame, tracks)
        self.edits.end(started - {track.id for track in tracks})
        self.events.note(frame, [track for track in tracks if track.id in self.results.targets])

    def _bring_here(self, frame: Frame) -> None:
        """Let the targets go on from their rows in the frame that is shown, if the session is elsewhere."""
        if frame.index == self._head or self._head < 0:
            return
        with suppress(FrameError):
            self.session.put_back(frame, self.results.at(frame.index))
        self._head = frame.index

    def _take_opened(self) -> bool:
        try:
            found = self.player.opened()
        except TrackerError as error:
            self._orders.settle(error)
            return True
        if found is None:
            return False
        self._begin_anew(found[1])
        self._orders.settle()
        return True

    def _take_sought(self) -> bool:
        if not self.player.is_seeking():
            return False
        try:
            frame = self.player.sought()
        except TrackerError as error:
            self._orders.settle(error)
            return True
        self.show(frame)
        if not self.player.is_seeking():
            self._orders.settle()
        return frame is not None

    def _begin_anew(self, first: Frame | None, starts: Sequence[TargetStart] = ()) -> None:
        config, number = self.config, self.session.next_id
        self._recorder.stop()
        self.edits.clear()
        self.results, self._note = ResultLog(self._limits.rows), ""
        self.events.clear()
        self.buffer.clear()
        self.session = self._session_with(config, number)
        self._tracks, self._head, self._silent = (), -1, False
        self._rate = FrameRate()
        self.expect(starts)
        self.show(first)

    def _give_way(self) -> None:
        """Leave what is being opened or sought: a newer order came."""
        self._orders.settle(StaleOrderError("another order came first"))
        self.player.give_up()

    def _lose_silent(self) -> None:
        """Show the targets of a source that is silent as lost: they are not seen."""
        if self.player.silent == self._silent:
            return
        self._silent = self.player.silent
        if not self._silent:
            self.refresh()
        elif (frame := self.frame) is not None:
            self._tracks = Step(frame, self._tracks).without_signal().tracks
            self.events.note(frame, self._tracks)

    def _session_with(self, config: TrackerConfig, first_id: int = 0) -> Session:
        return Session(
            self.player.frames,
            targets=(),
            config=config,
            first_id=first_id,
            initiation=self._auto.initiation(),
            on_refusal=self._refuse,
        )

    def _refuse(self, refusal: Refusal) -> None:
        name = refusal.target.label or "a target of the file"
        self._note = f"{name} is not followed from frame {refusal.frame} on: {refusal.error}"


def _live(fresh: Track | None, row: Track) -> Track:
    """Return the session's own track, with density and path, where it is the one of the row."""
    same = fresh and fresh.result.box == row.result.box and fresh.result.state is row.result.state
    return replace(fresh, label=row.label) if fresh and same else row
