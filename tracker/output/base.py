"""The sink of results: what takes each frame and its targets; several are one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from tracker.errors import OutputError
from tracker.tracking.result import Track
from tracker.video.base import Frame


class Sink(ABC):
    """Takes the results frame by frame; a context manager that finishes its file even after an error.

    A sink that cannot be opened fails in its constructor, before any frame is processed.
    """

    @property
    def left_out(self) -> int:
        """Frames that came too fast to be written: only a video of a live source leaves any out."""
        return 0

    @abstractmethod
    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Take one frame and its targets; frame and results are not changed.

        Raises:
            OutputError: the result cannot be written (disk full, reader gone).
        """

    def rewind(self, index: int) -> str | None:
        """Forget the frames from number `index` on, as they will come again.

        Returns:
            "" where they are written anew in the place of what was written; where that has to stay, the name of the
            file in which they are written anew; None where they cannot be written anew: a group then leaves out those
            that the sink has had.
        """
        return None

    def hurry(self) -> None:  # noqa: B027 - most sinks are never long
        """Let `close`, even one under way, do without what takes long; from any thread or signal handler."""

    def close(self) -> None:  # noqa: B027 - many sinks hold nothing
        """Finish what was written; safe to call more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except OutputError as failure:
            if error is None:
                raise
            error.add_note(str(failure))  # the first fault is the one to report


class NullSink(Sink):
    """Takes everything and keeps nothing."""

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Do nothing."""


class SinkGroup(Sink):
    """Hands each frame to several sinks; one that fails does not keep the others from finishing.

    Groups in a group are one group: their sinks are called directly.
    """

    def __init__(self, sinks: Sequence[Sink] | Callable[[], Sequence[Sink]]) -> None:
        """Take over `sinks`: they are closed with the group.

        Args:
            sinks: the sinks; or what opens them, which is called with the first frame, so that a run which never gets
                so far touches no file.
        """
        self._open = sinks if callable(sinks) else None
        self._members: tuple[Sink, ...] = () if callable(sinks) else tuple(sinks)
        self._sinks: tuple[Sink, ...] | None = None
        self._newest = -1
        self._had: dict[Sink, int] = {}

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Hand the frame to every sink.

        Raises:
            OutputError: of the first sink that failed, after all were called; the others are its notes. Or a sink
                cannot be opened.
        """
        failure: OutputError | None = None
        self._newest = max(self._newest, frame.index)
        for sink in self._opened() if self._sinks is None else self._sinks:
            if self._had and frame.index <= self._had.get(sink, -1):
                continue
            try:
                sink.write(frame, tracks)
            except OutputError as error:
                failure = _first(failure, error)
        if failure is not None:
            raise failure

    def rewind(self, index: int) -> str | None:
        """See `Sink.rewind`: the names of the new files; None where there is none and one cannot write them anew."""
        names: list[str] = []
        unopened = self._sinks is None and self._open is not None
        for sink in () if unopened else self._opened():
            name = sink.rewind(index)
            if name is None:
                self._had[sink] = max(self._newest, self._had.get(sink, -1))
            elif name:
                names.append(name)
        self._newest = index - 1
        return ", ".join(names) if names or all(had < index for had in self._had.values()) else None

    @property
    def left_out(self) -> int:
        """Frames that came too fast for one of the sinks."""
        return sum(sink.left_out for sink in self._members)

    def hurry(self) -> None:
        """See `Sink.hurry`."""
        for sink in self._members:
            sink.hurry()

    def close(self) -> None:
        """Close every sink; safe to call more than once.

        Raises:
            OutputError: of the first sink that could not finish, after all were closed; the others are its notes.
        """
        failure: OutputError | None = None
        for sink in self._members:
            try:
                sink.close()
            except OutputError as error:
                failure = _first(failure, error)
        if failure is not None:
            raise failure

    def _opened(self) -> tuple[Sink, ...]:
        """Return the sinks, those of groups among them, and open what is not open yet."""
        if self._sinks is None:
            if self._open is not None:
                self._members = tuple(self._open())
            flat: list[Sink] = []
            for member in self._members:
                flat += member._opened() if isinstance(member, SinkGroup) else (member,)
            self._sinks = tuple(flat)
        return self._sinks


def _first(failure: OutputError | None, error: OutputError) -> OutputError:
    """Return the failure that came first, with the later one as its note."""
    if failure is None:
        return error
    failure.add_note(str(error))
    return failure
