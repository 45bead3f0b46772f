"""Several sinks as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tracker.errors import OutputError, SourceError
from tracker.output.base import NullSink, Sink, SinkGroup
from tracker.output.registry import Output, SinkOptions, open_sinks
from tracker.output.tables import CsvSink
from tracker.tracking.result import Track
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]


class Recorder(Sink):
    """Counts what it is given; fails where it is told to."""

    def __init__(self, *, bad_write: str = "", bad_close: str = "") -> None:
        self.frames: list[int] = []
        self.closed = 0
        self._bad_write, self._bad_close = bad_write, bad_close

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        if self._bad_write:
            raise OutputError(self._bad_write)
        self.frames.append(frame.index)

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


def test_nothing_is_touched_unless_all_can_be_opened(tmp_path: Path) -> None:
    precious = tmp_path / "old.csv"
    precious.write_text("precious")
    outputs = [Output("csv", str(precious)), Output("video", str(tmp_path / "out.xyz"))]
    with pytest.raises(OutputError, match=r"\.xyz"):
        open_sinks(outputs, SinkOptions(overwrite=True))
    assert precious.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [precious]


def test_two_outputs_need_two_places(tmp_path: Path) -> None:
    twice = [Output("csv", str(tmp_path / "a.txt")), Output("mot", str(tmp_path / "x" / ".." / "a.txt"))]
    (tmp_path / "x").mkdir()
    with pytest.raises(OutputError, match="two outputs go to"):
        open_sinks(twice, SinkOptions())
    with pytest.raises(OutputError, match="two outputs go to -"):
        open_sinks([Output("csv", "-"), Output("jsonl", "-")], SinkOptions())


def test_a_video_does_not_go_to_standard_output() -> None:
    with pytest.raises(OutputError, match="use one of"):
        open_sinks([Output("video", "-")], SinkOptions())


def test_opened_sinks_are_closed_when_a_later_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []
    close = CsvSink.close
    monkeypatch.setattr(CsvSink, "close", lambda self: (closed.append(self), close(self)))
    outputs = [Output("csv", str(tmp_path / "a.csv")), Output("jsonl", "/dev/full"), Output("csv", "/dev/full")]
    with pytest.raises(OutputError, match="two outputs"):
        open_sinks(outputs, SinkOptions())
    assert not closed
    with pytest.raises(OutputError, match="No space left"):
        open_sinks([outputs[0], outputs[2]], SinkOptions())
    assert len(closed) == 1
