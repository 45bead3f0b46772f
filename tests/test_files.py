"""Every way in which an output's path can be wrong; nothing is touched by asking; atomic files are all or nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracker.errors import OutputError
from tracker.files import atomic_path, check_distinct, check_output, remove_leftovers, write_atomic


def test_a_good_path_is_returned_and_nothing_created(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert check_output(target) == target
    assert not target.exists()


def test_home_folder_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert check_output("~/out.csv") == tmp_path / "out.csv"


def test_existing_file_needs_overwrite(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("precious")
    with pytest.raises(OutputError, match=r"out\.csv exists already: use --overwrite"):
        check_output(target)
    assert check_output(target, overwrite=True) == target
    assert target.read_text() == "precious"


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere does not exist: create it"):
        check_output(tmp_path / "nowhere" / "out.csv")


def test_folder_instead_of_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder: give the name of a file"):
        check_output(tmp_path, overwrite=True)


def test_unknown_or_missing_suffix(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"suffix '\.xyz'.* use one of \.mp4, \.mkv"):
        check_output(tmp_path / "out.xyz", suffixes=(".mp4", ".mkv"))
    with pytest.raises(OutputError, match="has no suffix"):
        check_output(tmp_path / "out", suffixes=(".mp4",))
    assert check_output(tmp_path / "OUT.MP4", suffixes=(".mp4",))


@pytest.mark.parametrize("how", ["same", "symlink", "hardlink", "dots"])
def test_the_input_is_never_an_output(tmp_path: Path, how: str) -> None:
    source = tmp_path / "in.mp4"
    source.write_bytes(b"film")
    target = {"same": source, "dots": tmp_path / ".." / tmp_path.name / "in.mp4"}.get(how, tmp_path / "alias.mp4")
    if how == "symlink":
        target.symlink_to(source)
    if how == "hardlink":
        os.link(source, target)
    with pytest.raises(OutputError, match="is the input itself"):
        check_output(target, overwrite=True, source=source)


@pytest.mark.parametrize("how", ["same", "symlink", "hardlink", "home"])
def test_nothing_that_is_read_is_an_output(tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    table = tmp_path / "start.csv"
    table.write_text("x,y,w,h")
    target = table if how in ("same", "home") else tmp_path / "alias.csv"
    if how == "symlink":
        target.symlink_to(table)
    if how == "hardlink":
        os.link(table, target)
    given = "~/start.csv" if how == "home" else table
    with pytest.raises(OutputError, match="is an input of this run: choose another name"):
        check_output(target, overwrite=True, source="0", inputs=("fast", given))
    assert check_output(tmp_path / "out.csv", inputs=("fast", given, "bad\0name")) == tmp_path / "out.csv"


def test_a_source_that_is_no_file_is_ignored(tmp_path: Path) -> None:
    for source in ("0", "rtsp://camera/1", "synth:plain", "frames/%04d.png", "bad\0name"):
        assert check_output(tmp_path / "out.csv", source=source)


def test_unwritable_folder_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Permissions do not bind the administrator, so the system's answer is given here.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match=r"the folder .* cannot be written: change its permissions"):
        check_output(tmp_path / "out.csv")
    target = tmp_path / "old.csv"
    target.touch()
    with pytest.raises(OutputError, match=r"old\.csv cannot be written: change its permissions"):
        check_output(target, overwrite=True)


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "bad\0name.csv"])
def test_impossible_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="choose another name") as caught:
        check_output(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_devices_and_pipes_are_written_to_not_replaced() -> None:
    assert check_output(os.devnull) == Path(os.devnull)


@pytest.mark.parametrize("content", ["Zoë\n", b"\x00\xff"])
def test_an_atomic_file_is_complete_and_alone(tmp_path: Path, content: str | bytes) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    write_atomic(target, content)
    assert target.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")

    def fail() -> None:
        with atomic_path(target) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*: No such file or directory; choose another place"):
        write_atomic(tmp_path / "nowhere" / "out.csv", "")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"cannot write .*folder: Is a directory"):
        write_atomic(tmp_path / "folder", "")


def test_leftovers_of_a_name_are_removed_and_no_others(tmp_path: Path) -> None:
    for name in (".a.csv.0123.part", ".b.csv.0123.part", "a.csv", ".a.csv"):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path, {"a.csv"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.csv", ".b.csv.0123.part", "a.csv"]


@pytest.mark.parametrize("spelling", ["./a.csv", "x/../a.csv", "~/a.csv", "link.csv", "hard.csv"])
def test_two_names_of_one_file_are_one_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    Path("x").mkdir()
    Path("link.csv").symlink_to("a.csv")
    if spelling == "hard.csv":
        Path("a.csv").touch()
        Path("hard.csv").hardlink_to("a.csv")
    with pytest.raises(OutputError, match=f"two outputs go to {spelling}: give each its own file"):
        check_distinct("a.csv", None, "b.csv", spelling)


def test_outputs_of_their_own_are_no_two_of_one(tmp_path: Path) -> None:
    check_distinct(tmp_path / "a.csv", None, None, tmp_path / "b.csv", "-")
    check_distinct()
