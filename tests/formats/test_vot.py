"""VOT: regions of one target."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.making import META, NOTHING, ONE, written
from tracker.errors import SourceError
from tracker.formats.annotation import Annotation
from tracker.formats.registry import FORMATS
from tracker.geometry import Box

BOX = Box(1, 2, 30, 40)


def test_vot_layout(tmp_path: Path) -> None:
    FORMATS["vot"].write(ONE, tmp_path / "a")
    assert (tmp_path / "a").read_bytes().decode() == ("10.2500,20.5000,30.0000,40.7500\n0\n0\n0\n")


def test_vot_regions(tmp_path: Path) -> None:
    lines = [
        "1",
        "1,2,30,40",
        "2",
        "0",
        "nan,nan,nan,nan",
        "1,2,31,2,31,42,1,42",
        "16,2,31,22,16,42,1,22",
        "nan," * 7 + "1",
    ]
    found = FORMATS["vot"].read(written(tmp_path / "a.txt", "\n".join(lines)), NOTHING)
    assert found.annotations == tuple(Annotation(frame, 0, BOX) for frame in (1, 5, 6))
    assert found.frame_count == 8


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("vot", "1,2,3,4\n1,2,3,4,5\n", "line 2: 5 values are no rectangle"),
        ("vot", "m1,2,3,4,5\n", "line 1: a mask"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS[name].read(written(tmp_path / "a.txt", text), META)
