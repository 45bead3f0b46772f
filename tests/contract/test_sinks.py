"""What every sink must do, run over the table of sinks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tracker.errors import OutputError, SourceError
from tracker.geometry import Box, RotatedBox
from tracker.output.base import Sink
from tracker.output.registry import SINKS, Output, SinkOptions, open_sinks
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame

SUFFIX = {"video": ".mp4", "record": ".mp4", "crops": "-%d.png", "csv": ".csv", "jsonl": ".jsonl"}
VIDEOS = {"video", "record"}
PICTURES = {"crops"}
"""Kinds that write a file a frame, and nothing of a target that is not seen."""
ONE_TARGET = {"otb", "got10k"}
HEADER_LINES = {"csv": 1}
Open = Callable[..., Sink]


@pytest.fixture(params=list(SINKS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def target(kind: str, tmp_path: Path) -> Path:
    return tmp_path / f"out{SUFFIX.get(kind, '.txt')}"


@pytest.fixture
def open_sink(kind: str, target: Path) -> Open:
    def open_it(*, overwrite: bool = False, source: Path | None = None) -> Sink:
        return SINKS[kind].open(str(target), SinkOptions(fps=25.0, overwrite=overwrite, source=source))

    return open_it


def frame(index: int) -> Frame:
    return Frame(np.full((49, 65, 3), 60, np.uint8), index, index / 25)


def track(index: int, *, id: int = 0, state: TrackState = TrackState.TRACKING) -> Track:  # noqa: A002 - the field's name
    box = Box(5.5 + index, 9.25, 14.0, 12.0)
    reason = "" if state is TrackState.TRACKING else "weak"
    return Track(id, "it", TrackResult(box, state, 0.5, reason, RotatedBox(*box.center, 14, 10, 5), search=box))


def count(kind: str, path: Path) -> int:
    """Return how many frames (of a video), rows (of a table) or files there are; they must be whole."""
    if kind in PICTURES:
        files = files_of(kind, path)
        assert all(cv2.imread(str(file)) is not None for file in files)
        return len(files)
    if kind not in VIDEOS:
        text = path.read_text(encoding="utf-8")
        assert text == "" or text.endswith("\n")
        return text.count("\n") - HEADER_LINES.get(kind, 0)
    capture, n = cv2.VideoCapture(str(path)), 0
    while capture.read()[0]:
        n += 1
    return n


def files_of(kind: str, target: Path) -> list[Path]:
    """Return what a sink has written."""
    if kind in PICTURES:
        return sorted(target.parent.glob(target.name.replace("%d", "[0-9]*")))
    return [target] if target.exists() else []


def test_no_frames(kind: str, target: Path, open_sink: Open) -> None:
    with open_sink():
        pass
    assert not target.exists() or count(kind, target) == 0
    assert kind in VIDEOS | PICTURES or target.exists()


@pytest.mark.parametrize("length", [1, 2, 60])
def test_frames(kind: str, target: Path, open_sink: Open, length: int) -> None:
    with open_sink() as sink:
        for k in range(length):
            sink.write(frame(k), [track(k)])
    assert count(kind, target) == length


def test_frames_without_targets(kind: str, target: Path, open_sink: Open) -> None:
    with open_sink() as sink:
        for k in range(3):
            sink.write(frame(k), [])
    assert count(kind, target) == (3 if kind in ONE_TARGET | VIDEOS else 0)


def test_frames_that_come_again_are_written_anew_or_in_a_new_file(
    kind: str, target: Path, open_sink: Open, tmp_path: Path
) -> None:
    """Whatever a sink says that it does, no file holds a frame twice, and none is lost."""
    straight = tmp_path / "straight"
    straight.mkdir()
    with SINKS[kind].open(str(straight / target.name), SinkOptions()) as sink:
        for k in range(3):
            sink.write(frame(k), [track(k)])
        for k in range(3, 9):
            sink.write(frame(k), [track(k + 20)])
    with open_sink() as sink:
        for k in range(3):
            sink.write(frame(k), [track(k)])
        for k in range(3, 6):
            sink.write(frame(k), [track(k)])
        told = sink.rewind(3)
        for k in range(3, 9):
            sink.write(frame(k), [track(k + 20)])
    if kind in VIDEOS:
        assert told == f"{target.stem}-1.mp4"
        assert (count(kind, target), count(kind, target.with_name(told))) == (6, 6)
        return
    assert told == ""
    written = [path.read_bytes() for path in files_of(kind, target)]
    assert written == [path.read_bytes() for path in files_of(kind, straight / target.name)]
    assert written


def test_a_sink_without_frames_can_be_rewound(kind: str, target: Path, open_sink: Open) -> None:
    with open_sink() as sink:
        assert sink.rewind(0) == ""
        sink.write(frame(0), [track(0)])
    assert count(kind, target) == 1


@pytest.mark.parametrize("state", list(TrackState))
def test_every_state(kind: str, target: Path, open_sink: Open, state: TrackState) -> None:
    with open_sink() as sink:
        for k in range(3):
            sink.write(frame(k), [track(k, state=state)])
    unseen = (kind == "mot" and state is TrackState.LOST) or (kind in PICTURES and state is not TrackState.TRACKING)
    assert count(kind, target) == (0 if unseen else 3)


def test_several_targets(kind: str, target: Path, open_sink: Open) -> None:
    with open_sink() as sink:
        tracks = [track(0), track(0, id=5)]
        if kind in ONE_TARGET:
            with pytest.raises(OutputError, match="one target"):
                sink.write(frame(0), tracks)
        else:
            sink.write(frame(0), tracks)
    assert count(kind, target) == {**dict.fromkeys(VIDEOS, 1), **dict.fromkeys(ONE_TARGET, 0)}.get(kind, 2)


def test_frame_and_results_are_not_changed(open_sink: Open) -> None:
    one, tracks = frame(0), [track(0)]
    one.image.setflags(write=False)
    before = copy.deepcopy(tracks)
    with open_sink() as sink:
        sink.write(one, tracks)
    assert (one.image == 60).all()
    assert tracks == before


def test_closing_twice_and_writing_after(open_sink: Open, target: Path, kind: str) -> None:
    sink = open_sink()
    sink.write(frame(0), [track(0)])
    sink.close()
    sink.close()
    with pytest.raises(OutputError, match="is closed: write before close"):
        sink.write(frame(1), [track(1)])
    assert count(kind, target) == 1


@pytest.mark.parametrize("error", [SourceError("the camera is gone"), KeyboardInterrupt()])
def test_an_exception_leaves_a_whole_file(kind: str, target: Path, open_sink: Open, error: BaseException) -> None:
    def run() -> None:
        with open_sink() as sink:
            for k in range(30):
                sink.write(frame(k), [track(k)])
            raise error

    with pytest.raises(type(error)):
        run()
    assert count(kind, target) == 30


def test_two_runs_write_the_same_bytes(kind: str, open_sink: Open, target: Path) -> None:
    files = []
    for _ in range(2):
        with open_sink(overwrite=True) as sink:
            for k in range(10):
                sink.write(frame(k), [track(k)])
        files.append([file.read_bytes() for file in files_of(kind, target)])
    assert files[0] == files[1]


def test_an_existing_file_is_kept_or_replaced(kind: str, target: Path, open_sink: Open) -> None:
    target.write_text("precious " * 1000)
    with pytest.raises(OutputError, match="exists already: use --overwrite"):
        open_sink()
    assert target.read_text() == "precious " * 1000
    with open_sink(overwrite=True) as sink:
        sink.write(frame(0), [track(0)])
    assert count(kind, target) == 1


def test_the_input_is_never_replaced(target: Path, open_sink: Open) -> None:
    target.write_text("the film")
    with pytest.raises(OutputError, match="is the input itself"):
        open_sink(overwrite=True, source=target)
    assert target.read_text() == "the film"


def test_what_is_read_is_never_replaced(kind: str, target: Path) -> None:
    target.write_text("the truth")
    options = SinkOptions(overwrite=True, inputs=("fast", target))
    for open_it in (SINKS[kind].open, lambda path, given: open_sinks([Output(kind, path)], given)):
        with pytest.raises(OutputError, match="is an input of this run"):
            open_it(str(target), options)
    assert target.read_text() == "the truth"


def test_a_missing_folder_is_found_when_opening(kind: str, target: Path) -> None:
    with pytest.raises(OutputError, match="does not exist: create it"):
        SINKS[kind].open(str(target.parent / "nowhere" / target.name), SinkOptions())


def test_it_opens_through_the_table(kind: str, target: Path) -> None:
    with open_sinks([Output(kind, str(target))], SinkOptions()) as sinks:
        sinks.write(frame(0), [track(0)])
    assert count(kind, target) == 1
