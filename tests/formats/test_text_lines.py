"""Lines of numbers, and documents."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.formats.making import written
from tracker.errors import SourceError
from tracker.formats.text_lines import Part, TextLine, box_numbers, box_of, lines_of, read_document, read_text
from tracker.geometry import Box


def test_lines_are_split_at_commas_tabs_and_spaces() -> None:
    text = "1,2 3\t4\r\n\n  5 , 6,,\n\x0b7"
    lines = list(lines_of(text, "a.txt"))
    assert [line.words for line in lines] == [("1", "2", "3", "4"), ("5", "6"), ("7",)]
    assert [line.place for line in lines][:2] == ["a.txt, line 1", "a.txt, line 3"]


def test_numbers_and_integers() -> None:
    line = TextLine("here", ("3.0", "nan", "1e2", "2.5", "x", "19999999999912001153269760", "-1e300", "inf"))
    assert line.numbers(0, 1) + line.numbers(2, 4) == [3.0, 100.0, 2.5]
    assert math.isnan(line.numbers(1, 2)[0])
    assert line.integer(0) == 3
    for index in (1, 3, 5, 6, 7):
        with pytest.raises(SourceError, match=r"here: .* is no whole number: is this the format"):
            line.integer(index)
    with pytest.raises(SourceError, match="here: 'x' is no number: is this the format"):
        line.numbers()


@pytest.mark.parametrize("numbers", [(1, 2, 0, 4), (1, 2, 3, -4), (1, math.nan, 3, 4), (1, 2, math.inf, 4)])
def test_a_box_without_a_place_or_area_is_no_target(numbers: tuple[float, ...]) -> None:
    assert box_of(numbers) is None


def test_pixels_are_counted_from_where_the_format_begins() -> None:
    box = Box(0.5, -2.0, 3.25, 4.0)
    assert box_numbers(box, 2, 1) == "1.50,-1.00,3.25,4.00"
    assert box_of([float(word) for word in box_numbers(box, 2, 1).split(",")], 1) == box


def test_files_that_are_no_text(tmp_path: Path) -> None:
    assert read_text(written(tmp_path / "a", "\ufeffx")) == "x"
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match=r"cannot read .*b \(it is no text\): give a text file"):
        read_text(tmp_path / "b")
    with pytest.raises(SourceError, match=r"cannot read .* \(Is a directory\)"):
        read_text(tmp_path)


def test_a_document_says_where_it_is_wrong(tmp_path: Path) -> None:
    class Point(Part):
        x: float

    read = read_document(written(tmp_path / "a.json", '[{"x": 1, "y": 2}]'), list[Point], "point")
    assert [point.x for point in read] == [1.0]
    with pytest.raises(SourceError, match=r"is no point document: at 1\.x: "):
        read_document(written(tmp_path / "a.json", '[{"x": 1}, {}]'), list[Point], "point")
