"""The capture loop: the frames of a source, through a tracker of several targets, into sinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.config.settings import TrackerConfig
from tracker.cues.target_model import TargetModel
from tracker.errors import BoxError, TargetError
from tracker.geometry import Box
from tracker.output.base import Sink
from tracker.session.clock import TrackerClock
from tracker.session.delivery import Delivery
from tracker.session.lifecycle import NoInitiation, TrackInitiation
from tracker.session.step import RunSummary, Step
from tracker.session.targets import (
    Chooser,
    Refusal,
    Target,
    chooser_of,
    raise_refusal,
    targets_of,
    warn_of_refusal,
)
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import Track, TrackState
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame, FrameSource
from tracker.video.recording import DEFAULT_FPS


class Session:
    """Leads the frames of a source through a tracker into sinks, and closes source and sinks whatever happens.

    A session is iterated once, by `run` or by the caller, who sets the pace and may do anything between two steps:

        from tracker import Session, open_sink, open_source

        with Session(open_source("clip.mp4"), (120, 80, 40, 60), sinks=[open_sink("box.csv")]) as session:
            for step in session:
                ...

    Several targets have names, numbers and spans of their own, and may come and go between two frames:

        Session(source, targets={"ann": (10, 20, 30, 40), "bob": (90, 20, 30, 40)}).run()

    Programs with a loop of their own call `process` instead of iterating. However often a frame is processed, sinks get
    it once, and only forwards; nothing reaches them before there is a target. One target is followed as by `Tracker`.

    Attributes:
        adds: whether a target that is chosen is followed beside the others, instead of in their place.
        initiation: starts and ends further tracks by itself; it may be exchanged between two frames.
        delivery: what the sinks have had.
    """

    def __init__(
        self,
        source: FrameSource,
        roi: Iterable[float] | Chooser | None = None,
        *,
        targets: Mapping[str, Iterable[float]] | Sequence[Target] | None = None,
        config: str | Path | TrackerConfig | None = None,
        tracker: Tracker | MultiTracker | None = None,
        initiation: TrackInitiation | None = None,
        on_refusal: Callable[[Refusal], None] | None = None,
        sinks: Sequence[Sink] = (),
        record: Sink | None = None,
        label: str = "",
        first_id: int = 0,
    ) -> None:
        """Take over `source` and `sinks`, which the session will close.

        Args:
            source: the frames.
            roi: the only target: its box in the first frame (x, y, width, height in pixels) or what chooses it; None
                for several `targets`, or where `choose` will be called.
            targets: several targets, which may be none yet: boxes in the first frame by name, or `Target`s.
            config: a preset's name, a path to a YAML file, or settings; None for the default preset.
            tracker: a `MultiTracker` to work with, or a `Tracker` whose settings are taken, instead of `config`.
            initiation: starts and ends further tracks by itself (`TrackManager`); the sinks then get every frame.
            on_refusal: called with a target that cannot be followed, before the session goes on with the others; None
                for `raise_refusal` with `roi`, and else for `warn_of_refusal`.
            sinks: they get the results.
            record: it gets the frames, those before there is a target, too.
            label: the name of the only target.
            first_id: the least number that a target without one of its own gets.

        Raises:
            BoxError: a box is not four numbers.
            ConfigError: unknown preset or setting.
        """
        self.adds = several = targets is not None or initiation is not None
        self._source = source
        settings = config if tracker is None else tracker.config
        self._tracker = tracker if isinstance(tracker, MultiTracker) else MultiTracker.from_config(settings)
        self.initiation: TrackInitiation = initiation or NoInitiation()
        rewinds = not source.info.live
        self.delivery = Delivery(sinks, record, started=self.initiation.expected, rewinds=rewinds)
        self._refuse = on_refusal or (warn_of_refusal if several else raise_refusal)
        self._label = label
        self._waiting = [*targets_of(targets or ())]
        if roi is not None:
            self._waiting.append(Target(chooser_of(roi), label=label))
        self._ending: dict[int, Target] = {}
        self._tracker.reserve(first_id)
        self._next_id = first_id
        self._frame: Frame | None = None
        self._open: Frame | None = None
        self._clock = TrackerClock(source.info.fps or DEFAULT_FPS)
        self._stopping = False

    def run(self) -> RunSummary:
        """Go on until the source ends or `stop` is called; see `__iter__` for what it raises."""
        for _ in self:
            pass
        return self.summary

    def __iter__(self) -> Iterator[Step]:
        """Yield each step after the sinks have had it.

        Raises:
            SourceError: the source cannot be read any further.
            TrackerError: what `process` raises.
        """
        self.delivery.begin()
        with self:
            for frame in self._source:
                yield self.process(frame)
                if self._stopping:
                    break

    def process(self, frame: Frame) -> Step:
        """Follow the targets into a frame, start on those that are due in it, and hand it to the sinks.

        Without a target only the recording gets the frame.

        Raises:
            BoxError: there has been no target and none is waited for; the box of the last one cannot be used.
            TargetError: there has been no target and none is waited for; nothing can be learned from the last one.
            FrameError: the frame is no picture or changes its size.
            OutputError: a sink cannot write.
        """
        self.delivery.begin()
        self._frame = frame
        if self._open is not None:
            self._finish_open()
        if self._ending:
            self._end_those_over(frame)
        self._tracker.update(frame.image, self._clock.of(frame.timestamp))
        if self._waiting:
            self._start_those_due(frame)
        self.initiation.update(frame.image, self._tracker)
        return self._emit(frame)

    def expect(self, target: Target) -> None:
        """Follow one more target, from the next frame on in which it is due."""
        self._waiting.append(target)

    def add(
        self,
        frame: Frame,
        roi: Iterable[float],
        label: str = "",
        *,
        through: Sequence[Frame] = (),
        model: TargetModel | None = None,
        target: int | None = None,
    ) -> int:
        """Follow one more target from the next frame on; return its number.

        Args:
            frame: the newest frame, or an earlier one.
            roi: the target in it, x, y, width, height in pixels.
            label: its name.
            through: the frames after `frame` up to the newest, through which the target is followed at once.
            model: what was learned of it earlier, instead of learning from `roi`; not with `through`.
            target: its number, under which any other is followed no longer; None for the next free one.

        Raises:
            BoxError: the box cannot be used.
            TargetError: nothing can be learned from it.
            FrameError: the frame has another size than those before.
        """
        if not through:
            if target is not None and target in self._tracker:
                Tracker(self.config).init(frame.image, roi, model=model)  # raises before anything is changed
                self.remove(target)
            return self._add(frame, Target(chooser_of(roi), target, label), roi, model)
        alone = Tracker(self.config)
        found = alone.init(frame.image, roi)
        for later in through:
            found = alone.update(later.image, later.timestamp)
        return self._add(through[-1], Target(chooser_of(roi), label=label), found.box, alone.model)

    def put_back(self, frame: Frame, tracks: Iterable[Track]) -> None:
        """Go on from where targets were seen in a frame; one that was not, or has gone since, stays as it is."""
        for track in tracks:
            if track.id in self._tracker and track.result.state is not TrackState.LOST:
                with suppress(BoxError, TargetError):
                    self._tracker.move(frame.image, track.id, track.result.box)

    def select(self, frame: Frame, roi: Iterable[float]) -> Step:
        """Start over on the target in `roi` of a frame, x, y, width, height in pixels, in place of all others.

        Raises:
            BoxError: the box cannot be used; what was followed before still is.
            TargetError: nothing can be learned from it; what was followed before still is.
            OutputError: a sink cannot write.
        """
        self.delivery.begin()
        fresh = MultiTracker.from_config(self.config)
        fresh.add(frame.image, roi, label=self._label)
        self._tracker = fresh
        self._waiting.clear()
        self._ending.clear()
        return self._emit(frame)

    def choose(self, frame: Frame, box: Box, back_to: Sequence[Track] = ()) -> Step:
        """Follow the target in `box` of a frame from there on: beside the others if the session `adds`, else alone.

        Return the frame with its targets, the chosen one last. Where the session adds, the sinks get the frame with all
        that are added in it, when the next one comes or at the end.

        Args:
            frame: the newest frame, or an earlier one.
            box: the target in it.
            back_to: where the other targets were in it, if they are to be followed from there on, too.

        Raises:
            BoxError: the box cannot be used; what was followed before still is.
            TargetError: nothing can be learned from it; what was followed before still is.
            FrameError: the frame has another size than those before.
            OutputError: a sink cannot write.
        """
        if not self.adds:
            return self.select(frame, box)
        self.delivery.begin()
        self.add(frame, box)
        self.put_back(frame, back_to)
        self._open = frame
        return Step(frame, self.tracks)

    def search(self, frame: Frame) -> Step:
        """Look for the targets in the whole of a frame that does not follow the last one, as after a jump."""
        self._frame = frame
        self._tracker.search(frame.image)
        return self._emit(frame)

    def correct(self, frame: Frame, target: int, box: Box) -> Step:
        """Go on with a target from `box` of a frame, and with what was learned of it; see `MultiTracker.move`."""
        self._tracker.move(frame.image, target, box)
        return self._emit(frame)

    def remove(self, target: int = 0) -> None:
        """Follow a target no longer; without any, sinks get frames without targets.

        Raises:
            TargetIdError: there is no target of that number.
        """
        self._tracker.remove(target)
        self._ending.pop(target, None)

    def clear(self) -> None:
        """Follow no target any longer; none is waited for."""
        self._waiting.clear()
        for number in self._tracker.results:
            self.remove(number)

    def lose_signal(self) -> Step | None:
        """Return the last step with its targets LOST, as no picture comes; None before the first. No sink gets it."""
        if self._frame is None:
            return None
        step = Step(self._frame, self.tracks).without_signal()
        self.delivery.note(step)
        return step

    def configure(self, frame: Frame, config: TrackerConfig) -> None:
        """Go on with other settings, and with what was learned so far, from the targets' places in `frame`.

        A target that cannot begin anew there, leaving the picture or having become too dark, keeps those it had.
        """
        self._tracker.configure(frame.image, config)

    @property
    def config(self) -> TrackerConfig:
        """The settings in force."""
        return self._tracker.config

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The targets as they are now, in the order in which they were added."""
        tracker = self._tracker
        return tuple(Track(n, tracker.label(n), found, tracker.density(n)) for n, found in tracker.results.items())

    @property
    def frame(self) -> Frame | None:
        """The frame that was processed last, even if that failed; None before the first."""
        return self._frame

    @property
    def waiting(self) -> Sequence[Target]:
        """The targets that have not started yet."""
        return self._waiting

    @property
    def expecting(self) -> bool:
        """Whether a target will be followed without a call of `choose`."""
        return bool(self._waiting) or self.initiation.expected

    @property
    def next_id(self) -> int:
        """A number above those of all targets that there have been."""
        return self._next_id

    @property
    def started(self) -> bool:
        """Whether there has been a target, or tracks start by themselves."""
        return self.delivery.started

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping

    @property
    def summary(self) -> RunSummary:
        """What has been done so far."""
        return self.delivery.summary(self._source.bad_frames, self.initiation.ids, stopped=self._stopping)

    def stop(self) -> None:
        """End the run after the step under way, and hurry the sinks; safe from a signal handler or another thread."""
        self._stopping = True
        self.delivery.sinks.hurry()
        self._source.stop()

    def close(self) -> None:
        """Close the sinks, then the source; safe to call more than once.

        Raises:
            OutputError: a sink could not finish.
        """
        self.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:
            stack.callback(self.delivery.end)
            stack.push(self._source)
            try:
                if error is None:
                    self._finish_open()
            finally:
                self.delivery.sinks.__exit__(kind, error, trace)

    def _start_those_due(self, frame: Frame) -> None:
        waiting, self._waiting = self._waiting, []
        refused: BoxError | TargetError | None = None
        for target in waiting:
            try:
                roi = target.roi(frame) if target.is_due(frame) else None
                if roi is None:
                    self._waiting.append(target)
                else:
                    self._add(frame, target, roi)
            except (BoxError, TargetError) as error:
                refused = error
                self._refuse(Refusal(target, frame.index, error))
        if refused is not None and not (self.started or self._waiting or len(self._tracker)):
            raise refused

    def _add(self, frame: Frame, target: Target, roi: Iterable[float], model: TargetModel | None = None) -> int:
        number = self._tracker.add(frame.image, roi, target.id, target.label, model=model)
        self._next_id = max(self._next_id, number + 1)
        if target.span.end is not None:
            self._ending[number] = target
        return number

    def _end_those_over(self, frame: Frame) -> None:
        for number in [number for number, target in self._ending.items() if target.is_over(frame)]:
            self.remove(number)

    def _finish_open(self) -> None:
        if (frame := self._open) is not None:
            self._open = None
            self._emit(frame)

    def _emit(self, frame: Frame) -> Step:
        step = Step(frame, self.tracks)
        if step.tracks:
            self._next_id = max(self._next_id, step.tracks[-1].id + 1)  # a track may have started by itself
        self.delivery.write(step)
        return step
