"""OTB and GOT-10k: one target, a line a frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.formats.making import META, NOTHING, ONE, written
from tracker.errors import OutputError, SourceError
from tracker.formats.annotation import Annotation
from tracker.formats.otb import Got10kLines, OtbLines
from tracker.formats.registry import FORMATS
from tracker.formats.text_lines import ResultLines
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]
BOX = Box(1, 2, 30, 40)


def test_otb_layout(tmp_path: Path) -> None:
    FORMATS["otb"].write(ONE, tmp_path / "a")
    assert (tmp_path / "a").read_bytes().decode() == (
        "11.25,21.50,30.00,40.75\nnan,nan,nan,nan\n13.25,21.50,30.00,40.75\nnan,nan,nan,nan\n"
    )


def test_got10k_layout(tmp_path: Path) -> None:
    FORMATS["got10k"].write(ONE, tmp_path / "a")
    assert (tmp_path / "a").read_bytes().decode() == (
        "11.250,21.500,30.000,40.750\nnan,nan,nan,nan\n13.250,21.500,30.000,40.750\nnan,nan,nan,nan\n"
    )


@pytest.mark.parametrize(
    ("kind", "line"), [(OtbLines, "11.25,21.50,12.00,8.00"), (Got10kLines, "11.250,21.500,12.000,8.000")]
)
def test_result_lines(make_frame: MakeFrame, make_track: MakeTrack, kind: Callable[[], ResultLines], line: str) -> None:
    lines = kind()
    tracks: list[list[Track]] = [[make_track()], [make_track(state=TrackState.LOST)], []]
    assert [lines.lines(make_frame(k), each) for k, each in enumerate(tracks)] == [
        f"{line}\n",
        f"{line}\n",
        "nan,nan,nan,nan\n",
    ]


@pytest.mark.parametrize("name", ["otb", "got10k"])
def test_the_number_of_a_line_is_that_of_its_frame(
    make_frame: MakeFrame, make_track: MakeTrack, name: str, tmp_path: Path
) -> None:
    make_lines = FORMATS[name].lines
    assert make_lines is not None
    lines = make_lines()
    text = "".join(lines.lines(make_frame(index), [make_track(BOX)]) for index in (2, 5, 8))
    found = FORMATS[name].read(written(tmp_path / "a.txt", text), NOTHING)
    assert found.annotations == tuple(Annotation(frame, 0, BOX) for frame in (2, 5, 8))
    assert found.frame_count == 9


@pytest.mark.parametrize("kind", [OtbLines, Got10kLines])
def test_frames_after_the_last_one_of_a_run_have_lines(
    make_frame: MakeFrame, make_track: MakeTrack, kind: Callable[[], ResultLines]
) -> None:
    lines = kind()
    assert lines.rest(2) == 2 * "nan,nan,nan,nan\n"
    lines.lines(make_frame(2), [make_track()])
    assert lines.rest(5) == 2 * "nan,nan,nan,nan\n"
    assert lines.rest(3) == lines.rest(1) == ""


@pytest.mark.parametrize("kind", [OtbLines, Got10kLines])
def test_a_second_target_is_refused(
    make_frame: MakeFrame, make_track: MakeTrack, kind: Callable[[], ResultLines]
) -> None:
    lines = kind()
    with pytest.raises(OutputError, match="hold one target"):
        lines.lines(make_frame(0), [make_track(), make_track(id=1)])
    with pytest.raises(OutputError, match="hold one target"):
        lines.lines(make_frame(1), [make_track(id=1)])


@pytest.mark.parametrize(
    "text", ["2,3,30,40\nnan,nan,nan,nan\n2,3,0,0", "2\t3\t30\t40\r\n0 0 0 0\nNaN NaN NaN NaN\r\n"]
)
@pytest.mark.parametrize("name", ["otb", "got10k"])
def test_one_target_formats_in_their_variants(name: str, text: str, tmp_path: Path) -> None:
    found = FORMATS[name].read(written(tmp_path / "a.txt", text), NOTHING)
    assert found.annotations == (Annotation(0, 0, BOX),)
    assert found.frame_count == 3


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("otb", "1,2,3,4\n1,2,3\n", "line 2: 3 values"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS[name].read(written(tmp_path / "a.txt", text), META)
