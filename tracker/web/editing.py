"""Changes of targets by hand: add, correct, track again, remove; each can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from tracker.config.settings import TrackerConfig
from tracker.cues.target_model import TargetModel
from tracker.errors import BoxError, TargetError, TargetIdError, TrackerError
from tracker.formats.starts import TargetStart
from tracker.session import FrameBuffer, Refusal, Session
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame
from tracker.web.history import EditHistory
from tracker.web.player import SourcePlayer
from tracker.web.results import ResultLog, TargetLog
from tracker.web.starting import target_of
from tracker.web.stretch import Beginning, Stretch


class Edited(Protocol):
    """What is edited: a source, its targets and their rows; see `TrackingService`."""

    player: SourcePlayer
    results: ResultLog
    session: Session
    buffer: FrameBuffer

    @property
    def config(self) -> TrackerConfig:
        """The settings in force."""

    @property
    def head(self) -> int:
        """The number of the last frame that was gone through."""

    @property
    def max_targets(self) -> int:
        """How many targets there may be at a time."""


@dataclass(frozen=True, slots=True)
class _Alone:
    """A target that was followed by itself: its tracker, and what it said of each frame."""

    tracker: Tracker
    results: Sequence[TrackResult]


class Editing:
    """The only place where rows are replaced.

    A target that is corrected, or added in a frame before the newest one, is tracked alone from there to the next key
    frame or the newest frame: at once where the pictures are still kept, else beside everything else.

    Attributes:
        history: what can be undone.
        revision: grows with every change of rows.
        note: why the last stretch ended early, "" where it did not.
    """

    def __init__(self, edited: Edited) -> None:
        """Begin without a change."""
        self._edited = edited
        self._stretches: dict[int, Stretch] = {}
        self.history = EditHistory()
        self.revision = 0
        self.note = ""

    @property
    def work(self) -> str:
        """What is being tracked again, "" for nothing."""
        stretch = next(iter(self._stretches.values()), None)
        return "" if stretch is None else f"tracking #{stretch.target}: frame {stretch.at} of {stretch.until}"

    def add(self, box: Iterable[float], label: str = "", index: int | None = None) -> int:
        """Follow one more target from `box` in a frame on; see `TrackingService.add`."""
        frames = self._frames_from(index)
        self.check_room(1)
        alone = self._follow(frames, box)
        model = alone.tracker.model if len(frames) > 1 else None
        number = self._edited.session.add(frames[-1], alone.results[-1].box, label, model=model)
        self._begin_edit(f"add #{number}", [number])
        self._write(number, label, frames, alone)
        if frames[-1].index < self._edited.head:
            self._stretch(number, alone.tracker, Beginning(frames[-1].index))
        return number

    def expect(self, starts: Sequence[TargetStart]) -> list[Refusal]:
        """Follow the targets of a file, each from the frame that is shown or the next new one that it has a box for.

        Return those that cannot be followed from the frame that is shown.

        Raises:
            BoxError: there would be too many targets.
        """
        newest = self._edited.buffer.newest
        self.check_room(len(starts) + len(self._edited.session.waiting))
        refused = []
        for start in starts:
            box = None if newest is None else start.box_in(newest.frame.index)
            if newest is None or box is None:
                self._edited.session.expect(target_of(start))
                continue
            try:
                self.add(box, start.label, newest.frame.index)
            except (BoxError, TargetError) as error:
                refused.append(Refusal(target_of(start), newest.frame.index, error))
        return refused

    def check_room(self, more: int) -> None:
        """Refuse to follow more targets than there may be.

        Raises:
            BoxError: there would be too many.
        """
        live = sum(not log.ended for log in self._edited.results.targets.values())
        if live + more > self._edited.max_targets:
            wanted = f"{more} more are too many" if more > 1 else "remove one"
            raise BoxError(f"there are {live} targets already: {wanted}")

    def correct(self, target: int, box: Iterable[float], index: int | None = None) -> None:
        """Set a target's box in a frame, which becomes a key frame; up to the next one it is tracked again.

        Raises:
            TargetIdError: there is no such target.
            BoxError: the box cannot be used, or the frame is not kept.
            TargetError: nothing can be learned from it.
        """
        self._replace(f"correct #{target}", target, box, index, drawn=True)

    def retrack(self, target: int, index: int | None = None) -> None:
        """Track a target again from its box in a frame on, up to the next key frame.

        Raises:
            TargetIdError: there is no such target, or it has no box in the frame.
            BoxError: the frame is not kept.
            TargetError: nothing can be learned from the box.
        """
        frame = self._frames_from(index)[0]
        row = next((track for track in self._edited.results.at(frame.index) if track.id == target), None)
        if row is None:
            raise TargetIdError(f"there is no target {target} in frame {frame.index}")
        self._replace(f"track #{target} again", target, row.result.box, frame.index, drawn=False)

    def remove(self, targets: Sequence[int], *, rows: bool) -> int:
        """End targets with the frame that is shown, or remove them with all their rows; return how many there were."""
        results = self._edited.results
        found = [n for n in targets if n in results.targets and (rows or not results.targets[n].ended)]
        if not found:
            return 0
        shown = self._edited.buffer.newest
        self._begin_edit(f"{'remove' if rows else 'end'} {', '.join(f'#{n}' for n in found)}", found)
        for number in found:
            if rows:
                results.restore(number, None)
            else:
                if shown is not None:
                    results.cut(number, shown.frame.index + 1, results.targets[number].last)
                results.targets[number].ended = True
            self._forget(number)
        return len(found)

    def end(self, targets: Iterable[int]) -> None:
        """End targets that have ended by themselves: no change by hand, so it cannot be undone."""
        for number in targets:
            if (log := self._edited.results.targets.get(number)) is not None:
                log.ended = True
                self.revision += 1

    def rename(self, target: int, label: str | None, color: str | None) -> None:
        """Change a target's name or color.

        Raises:
            TargetIdError: there is no such target.
        """
        log = self._log(target)
        self._begin_edit(f"rename #{target}", [target])
        log.label = log.label if label is None else label
        log.color = log.color if color is None else color

    def undo(self) -> str:
        """Take the newest change back; return what it was, "" for nothing."""
        name = self.history.undoable
        self._settle(self.history.undo(self._edited.results))
        return name

    def redo(self) -> str:
        """Do the change again that was taken back last; return what it was, "" for nothing."""
        name = self.history.redoable
        self._settle(self.history.redo(self._edited.results))
        return name

    def clear(self) -> None:
        """Forget everything: another source is opened."""
        for stretch in self._stretches.values():
            stretch.cancel()
        self._stretches.clear()
        self.history.clear()
        self.revision += 1
        self.note = ""

    def advance(self) -> bool:
        """Take what was found beside; return whether there was anything."""
        stretch = next(iter(self._stretches.values()), None)
        if stretch is None:
            return False
        stretch.start()
        done = stretch.done
        found = stretch.take()
        log = self._edited.results.targets.get(stretch.target)
        if log is not None:
            for frame, result in found:
                self._edited.results.put(frame, Track(stretch.target, log.label, result))
        if done:
            del self._stretches[stretch.target]
            if log is not None:
                self._end(stretch, log)
        self.revision += bool(found or done)
        return bool(found or done)

    def _replace(self, name: str, target: int, box: Iterable[float], index: int | None, *, drawn: bool) -> None:
        log, frames = self._log(target), self._frames_from(index)
        until = log.key_after(frames[0].index)
        if until is not None or log.ended:
            frames = frames[:1]
        alone = self._follow(frames, box)
        self._begin_edit(name, [target])
        self._write(target, log.label, frames, alone, drawn=drawn)
        last = frames[-1]
        if until is None and not log.ended and last.index >= self._edited.head:
            model = alone.tracker.model if len(frames) > 1 else None
            self._restart(last, log, alone.results[-1], model=model)
        elif until is None or until > last.index + 1:
            self._stretch(target, alone.tracker, Beginning(last.index))

    def _frames_from(self, index: int | None) -> list[Frame]:
        frames = self._edited.buffer.since(index)
        if not frames:
            raise BoxError("there is no picture yet: choose a source")
        if index is not None and frames[0].index != index:
            raise BoxError(f"frame {index} is not kept any more: pause, and draw the box again")
        return frames

    def _follow(self, frames: Sequence[Frame], box: Iterable[float]) -> _Alone:
        """Follow a box by itself, from the first of the frames to the last.

        Raises:
            BoxError: the box cannot be used.
            TargetError: nothing can be learned from it.
        """
        tracker = Tracker(self._edited.config)
        results = [tracker.init(frames[0].image, box)]
        results += [tracker.update(frame.image, frame.timestamp) for frame in frames[1:]]
        return _Alone(tracker, results)

    def _write(self, target: int, label: str, frames: Sequence[Frame], alone: _Alone, *, drawn: bool = True) -> None:
        """Set the rows of some frames; the first has its own already if its box was not drawn."""
        for frame, result in zip(frames, alone.results, strict=True):
            if drawn or frame is not frames[0]:
                self._edited.results.put(frame, Track(target, label, result), key=frame is frames[0])

    def _begin_edit(self, name: str, targets: Sequence[int]) -> None:
        self.history.note(name, self._edited.results, targets)
        for target in targets:
            if (stretch := self._stretches.pop(target, None)) is not None:
                stretch.cancel()
        self.revision += 1
        self.note = ""

    def _stretch(self, target: int, tracker: Tracker, begin: Beginning) -> None:
        """Track a target from a frame to its next key frame, its end or the newest frame."""
        choice, log = self._edited.player.choice, self._edited.results.targets[target]
        if choice is None or self._edited.player.source.live:
            return
        key = log.key_after(begin.index)
        until = key - 1 if key is not None else log.last if log.ended else max(log.last, self._edited.head)
        if until >= begin.index + (begin.box is None):
            self._stretches[target] = Stretch(choice.spec, target, tracker, begin, until, key=key is not None)

    def _end(self, stretch: Stretch, log: TargetLog) -> None:
        """Let the session go on where a stretch has come to, or track the frames that have come since then."""
        try:
            stretch.check()
        except TrackerError as error:
            self.note = f"#{stretch.target} could not be tracked again: {error}"
        last = stretch.last
        if last is None or stretch.key or log.ended:
            return
        if last.index < self._edited.head and last.index == stretch.until:
            self._stretch(stretch.target, stretch.tracker, Beginning(last.index))
            return
        row = next((track.result for track in self._edited.results.at(last.index) if track.id == log.id), None)
        if row is not None:
            self._restart(last, log, row, model=stretch.tracker.model)

    def _restart(self, frame: Frame, log: TargetLog, result: TrackResult, *, model: TargetModel | None) -> None:
        with suppress(BoxError, TargetError):  # it has left the picture; the session goes on as it was
            self._edited.session.add(frame, result.box, log.label, model=model, target=log.id)

    def _settle(self, targets: Iterable[int]) -> None:
        """Let the session follow what the rows say after they were put back."""
        for number in targets:
            self.revision += 1
            log = self._edited.results.targets.get(number)
            if log is None or log.ended or not log.rows:
                self._forget(number)
                continue
            self._resume(log)

    def _resume(self, log: TargetLog) -> None:
        """Follow a target from its last row on."""
        shown = self._edited.buffer.newest
        row = next(track.result for track in self._edited.results.at(log.last) if track.id == log.id)
        if row.state is TrackState.LOST and log.id in {track.id for track in self._edited.session.tracks}:
            return  # it goes on looking
        if shown is not None and (
            self._edited.player.source.live or log.last == shown.frame.index == self._edited.head
        ):
            self._restart(shown.frame, log, row, model=None)
        else:
            self._stretch(log.id, Tracker(self._edited.config), Beginning(log.last, row.box))

    def _forget(self, number: int) -> None:
        if (stretch := self._stretches.pop(number, None)) is not None:
            stretch.cancel()
        with suppress(TargetIdError):
            self._edited.session.remove(number)

    def _log(self, target: int) -> TargetLog:
        if target not in self._edited.results.targets:
            raise TargetIdError(f"there is no target {target}")
        return self._edited.results.targets[target]
