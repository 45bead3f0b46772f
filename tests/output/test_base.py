"""Several sinks as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tracker.errors import OutputError, SourceError
from tracker.output.base import NullSink, Sink, SinkGroup
from tracker.tracking.result import Track
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]


class Recorder(Sink):
    """Counts what it is given; fails where it is told to."""

    def __init__(self, *, bad_write: str = "", bad_close: str = "") -> None:
        self.frames: list[int] = []
        self.closed = 0
        self.hurried = 0
        self._bad_write, self._bad_close = bad_write, bad_close

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        if self._bad_write:
            raise OutputError(self._bad_write)
        self.frames.append(frame.index)

    def hurry(self) -> None:
        self.hurried += 1

    def close(self) -> None:
        self.closed += 1
        if self._bad_close:
            raise OutputError(self._bad_close)


def test_the_null_sink_takes_anything(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    with NullSink() as sink:
        sink.write(make_frame(), [make_track()])
    sink.close()


def test_an_empty_group_does_nothing(make_frame: MakeFrame) -> None:
    with SinkGroup([]) as group:
        group.write(make_frame(), [])


def test_every_sink_gets_every_frame(make_frame: MakeFrame) -> None:
    sinks = [Recorder(), Recorder()]
    with SinkGroup(sinks) as group:
        group.write(make_frame(0), [])
        group.write(make_frame(1), [])
    assert [sink.frames for sink in sinks] == [[0, 1], [0, 1]]
    assert [sink.closed for sink in sinks] == [1, 1]


def test_every_sink_is_hurried_and_none_is_opened_for_it() -> None:
    sinks = [Recorder(), Recorder()]
    SinkGroup([SinkGroup(sinks[:1]), sinks[1]]).hurry()
    assert [sink.hurried for sink in sinks] == [1, 1]
    SinkGroup(lambda: pytest.fail("a sink was opened")).hurry()
    with NullSink() as nothing:
        nothing.hurry()


def test_one_that_cannot_write_does_not_rob_the_others(make_frame: MakeFrame) -> None:
    sinks = [Recorder(), Recorder(bad_write="full"), Recorder()]
    with pytest.raises(OutputError, match="full"), SinkGroup(sinks) as group:
        group.write(make_frame(0), [])
    assert [sink.frames for sink in sinks] == [[0], [], [0]]
    assert [sink.closed for sink in sinks] == [1, 1, 1]


def test_one_that_cannot_finish_does_not_keep_the_others_open() -> None:
    sinks = [Recorder(bad_close="first"), Recorder(bad_close="second"), Recorder()]
    with pytest.raises(OutputError, match="first") as caught, SinkGroup(sinks):
        pass
    assert caught.value.__notes__ == ["second"]
    assert [sink.closed for sink in sinks] == [1, 1, 1]


def test_what_went_wrong_first_is_what_is_raised() -> None:
    with pytest.raises(SourceError, match="camera") as caught, SinkGroup([Recorder(bad_close="disk full")]):
        raise SourceError("the camera is gone")
    assert caught.value.__notes__ == ["disk full"]


def test_sinks_are_opened_with_the_first_frame(make_frame: MakeFrame) -> None:
    opened: list[Recorder] = []

    def open_one() -> list[Sink]:
        opened.append(Recorder())
        return [opened[-1]]

    with SinkGroup(open_one):
        pass
    assert not opened
    with SinkGroup(open_one) as group:
        group.write(make_frame(0), [])
        group.write(make_frame(1), [])
    assert [(sink.frames, sink.closed) for sink in opened] == [([0, 1], 1)]


def test_groups_in_a_group_are_one_group(make_frame: MakeFrame) -> None:
    sinks = [Recorder(), Recorder(bad_write="full"), Recorder(), Recorder()]
    inner, late = SinkGroup(sinks[:2]), SinkGroup(lambda: [sinks[3]])
    with pytest.raises(OutputError, match="full"), SinkGroup([inner, sinks[2], late]) as group:
        group.write(make_frame(0), [])
    assert [sink.frames for sink in sinks] == [[0], [], [0], [0]]
    assert [sink.closed for sink in sinks] == [1, 1, 1, 1]


def test_closing_a_group_opens_nothing() -> None:
    def open_nothing() -> list[Sink]:
        raise AssertionError

    with SinkGroup([SinkGroup(open_nothing)]):
        pass


class Rewinding(Recorder):
    """Forgets frames, or says what becomes of them."""

    def __init__(self, answer: str | None) -> None:
        super().__init__()
        self._answer = answer

    def rewind(self, index: int) -> str | None:
        if self._answer == "":
            self.frames = [frame for frame in self.frames if frame < index]
        return self._answer


@pytest.mark.parametrize(
    ("answers", "told"), [(("", None), None), (("", ""), ""), (("", "b.mp4", "c.mp4"), "b.mp4, c.mp4"), ((), "")]
)
def test_a_sink_that_cannot_write_anew_gets_no_frame_twice(
    answers: tuple[str | None, ...], told: str | None, make_frame: MakeFrame, make_track: MakeTrack
) -> None:
    sinks = [Rewinding(answer) for answer in answers]
    group = SinkGroup(sinks)
    for index in range(5):
        group.write(make_frame(index), [make_track()])
    assert group.rewind(2) == told
    for index in range(2, 8):
        group.write(make_frame(index), [make_track()])
    for sink, answer in zip(sinks, answers, strict=True):
        assert sink.frames == ([*range(5), *range(2, 8)] if answer else list(range(8)))


def test_what_cannot_be_written_anew_may_go_on_where_it_was(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    group = SinkGroup([sink := Rewinding(None)])
    for index in range(5):
        group.write(make_frame(index), [make_track()])
    assert group.rewind(2) is None
    group.write(make_frame(2), [make_track()])
    assert group.rewind(1) is None
    for index in range(1, 7):
        group.write(make_frame(index), [make_track()])
    assert sink.frames == list(range(7))
