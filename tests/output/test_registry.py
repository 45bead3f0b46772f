"""Several outputs opened together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.errors import OutputError
from tracker.output.registry import SINKS, Output, SinkOptions, check_outputs, open_sinks
from tracker.output.text import TextSink
from tracker.tracking.result import Track
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]


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


def test_a_video_goes_to_standard_output_but_not_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    check_outputs([Output("video", "-")], SinkOptions())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(OutputError, match="terminal"):
        check_outputs([Output("video", "-")], SinkOptions())


def test_opened_sinks_are_closed_when_a_later_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []
    close = TextSink.close
    monkeypatch.setattr(TextSink, "close", lambda self: (closed.append(self), close(self)))
    outputs = [Output("csv", str(tmp_path / "a.csv")), Output("jsonl", "/dev/full"), Output("csv", "/dev/full")]
    with pytest.raises(OutputError, match="two outputs"):
        open_sinks(outputs, SinkOptions())
    assert not closed
    with pytest.raises(OutputError, match="No space left"):
        open_sinks([outputs[0], outputs[2]], SinkOptions())
    assert len(closed) == 1


def test_outputs_can_wait_for_the_first_frame(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "a.csv"
    outputs = [Output("csv", str(target))]
    with open_sinks(outputs, SinkOptions(), on_first_frame=True):
        pass
    assert not target.exists()
    with open_sinks(outputs, SinkOptions(), on_first_frame=True) as sinks:
        sinks.write(make_frame(), [make_track()])
    assert target.read_text().count("\n") == 2
    with pytest.raises(OutputError, match="exists already"):
        open_sinks(outputs, SinkOptions(), on_first_frame=True)


def test_every_text_format_that_can_be_written_on_the_way_is_a_sink() -> None:
    assert set(SINKS) == {"video", "record", "crops", "csv", "jsonl", "mot", "otb", "got10k"}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("csv", "results.json"),
        ("csv", "a.JSONL"),
        ("csv", "a.mp4"),
        ("jsonl", "a.csv"),
        ("mot", "a.mkv"),
        ("otb", "a.png"),
    ],
)
def test_a_table_is_not_named_like_something_else(kind: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=f"is named like something else than a {kind} table"):
        check_outputs([Output(kind, str(tmp_path / name))], SinkOptions())
    check_outputs([Output(kind, str(tmp_path / "a.txt"))], SinkOptions())
