"""The comparison itself: what it finds, and what it lets pass."""

from __future__ import annotations

import pytest

from tests.golden.comparison import ROUNDING, Verdict, compare, report
from tests.golden.golden import frozen
from tests.golden.results import CLIPS, COLUMNS, PRESETS, SCENES, SEVERAL

TABLE = "frame,state,x\n0,tracking,10.5\n1,lost,-0.25\n"
OLD = {"results/a.csv": TABLE, "help/track.txt": "Usage: track\n  --roi  The target.\n"}


def changed(name: str, before: str, after: str) -> dict[str, str]:
    assert before in OLD[name]
    return {**OLD, name: OLD[name].replace(before, after)}


def test_the_same_files_are_exact() -> None:
    text, verdict = report(OLD, dict(OLD))
    assert verdict is Verdict.EXACT
    assert text == "golden: 2 files, exact"


@pytest.mark.parametrize("after", ["10.50001", "10.6", "nan", "inf", "", "ten"])
def test_a_changed_number_is_found_with_its_place(after: str) -> None:
    (found,) = compare(OLD, changed("results/a.csv", "10.5", after))
    assert found.verdict is Verdict.DIFFERENT
    assert (found.file, found.row, found.column) == ("results/a.csv", 2, "x")
    assert (found.old, found.new) == ("10.5", after)


@pytest.mark.parametrize("after", [str(10.5 + ROUNDING / 2), str(10.5 - ROUNDING / 2), "10.50", "10.500000000000002"])
def test_rounding_is_accepted_and_told(after: str) -> None:
    text, verdict = report(OLD, changed("results/a.csv", "10.5", after))
    assert verdict is Verdict.ROUNDED
    assert "equal up to rounding (1 numbers" in text


def test_rounding_does_not_hide_a_difference() -> None:
    table = OLD["results/a.csv"].replace("10.5", "10.5000000001").replace("-0.25", "0.25")
    text, verdict = report(OLD, {**OLD, "results/a.csv": table})
    assert verdict is Verdict.DIFFERENT
    assert text.splitlines() == ["golden: 1 of 2 files differ", "  results/a.csv, row 3, column x: -0.25 -> 0.25"]


def test_a_changed_word_of_a_table_is_found() -> None:
    (found,) = compare(OLD, changed("results/a.csv", "lost", "occluded"))
    assert (found.row, found.column, found.verdict) == (3, "state", Verdict.DIFFERENT)


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [("1,lost,-0.25\n", "", 3), ("1,lost,-0.25\n", "1,lost,-0.25\n2,lost,0\n", 4), ("0,tracking,", "0,", 2)],
)
def test_a_row_or_cell_too_many_or_too_few_is_found(before: str, after: str, row: int) -> None:
    (found,) = compare(OLD, changed("results/a.csv", before, after))
    assert (found.row, found.verdict) == (row, Verdict.DIFFERENT)


def test_a_changed_column_name_is_found() -> None:
    assert compare(OLD, changed("results/a.csv", "state", "status"))[0].row == 1


@pytest.mark.parametrize(
    ("before", "after", "row", "column"),
    [("target.", "targets.", 2, "20"), ("track\n", "track\r\n", 1, "13"), ("  --roi  The target.\n", "", 2, "1")],
)
def test_a_changed_text_is_found_with_its_place(before: str, after: str, row: int, column: str) -> None:
    (found,) = compare(OLD, changed("help/track.txt", before, after))
    assert (found.row, found.column, found.verdict) == (row, column, Verdict.DIFFERENT)


def test_only_the_place_of_a_long_line_is_shown() -> None:
    line = "a" * 500
    (found,) = compare({"x.json": line + "b" + line}, {"x.json": line + "c" + line})
    assert found.column == "501"
    assert "ab" in found.old
    assert "ac" in found.new
    assert len(str(found)) < 250


def test_numbers_in_texts_are_exact() -> None:
    (found,) = compare({"sinks/a.text": "1.0\n"}, {"sinks/a.text": "1.0000000001\n"})
    assert found.verdict is Verdict.DIFFERENT


def test_missing_and_new_files_are_found() -> None:
    found = compare({"a.txt": ""}, {"b.txt": ""})
    assert [(one.file, one.old, one.new) for one in found] == [
        ("a.txt", "there", "missing"),
        ("b.txt", "missing", "there"),
    ]


def test_a_long_report_is_cut() -> None:
    old, new = ({"a.csv": "x\n" + f"{value}\n" * 9} for value in (1, 2))
    text, _ = report(old, new, most=2)
    assert text.splitlines()[-1] == "  a.csv: 7 more"
    assert len(text.splitlines()) == 4


def test_the_frozen_tables_are_whole() -> None:
    """Every clip, scene and preset is there, and every state is among the results."""
    tables = {name: text.splitlines() for name, text in frozen().items() if name.startswith("results/")}
    assert len(tables) == len(PRESETS) * (len(CLIPS) + len(SCENES) + len(SEVERAL))
    assert all(lines[0].split(",") == list(COLUMNS) for lines in tables.values())
    states = {line.split(",")[2] for lines in tables.values() for line in lines[1:]}
    assert states == {"tracking", "occluded", "lost"}
