"""What the documents say of the files is so: the tree, the places to add something, the numbers of decisions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tracker
from tests.bench import tree

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MODULES = [path.relative_to(ROOT).as_posix() for path in tree.files(tree.PACKAGE)]


def words_beyond_the_name(path: str, purpose: str) -> list[str]:
    """Return the words of a purpose that are not in the path already."""
    return [word for word in re.findall(r"\w+", purpose.lower()) if word not in re.findall(r"\w+", path.lower())]


@pytest.mark.parametrize("path", MODULES)
def test_the_docstring_of_each_file_begins_with_its_purpose(path: str) -> None:
    purpose = tree.purpose(ROOT / path)
    assert purpose, "there is no docstring"
    assert purpose.endswith((".", ":")), f"the first line is no whole sentence: {purpose}"
    assert words_beyond_the_name(path, purpose), f"this says no more than the file's name: {purpose}"


def test_the_tree_in_the_document_is_that_of_the_files() -> None:
    assert tree.renewed(ARCHITECTURE) == ARCHITECTURE, "run `make tree`"


def test_a_document_without_a_place_for_the_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="end of tree"):
        tree.renewed("# Architecture\n")


def test_the_tree_has_packages_first_and_names_in_one_column(tmp_path: Path) -> None:
    for name, text in {
        "__init__": "Top.",
        "a": "First.\n\nMore.",
        "inner/__init__": "In.",
        "inner/long_name": "",
    }.items():
        path = tmp_path / "top" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'"""{text}"""\n', "utf-8")
    assert tree.tree(tmp_path / "top").splitlines() == [
        "top/              Top.",
        "  inner/          In.",
        "    long_name.py",
        "  a.py            First.",
    ]


def test_the_citation_has_the_version_of_the_program() -> None:
    assert f"version: {tracker.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_decisions_are_numbered_without_a_gap() -> None:
    found = re.findall(r"^\*\*D(\d+) \(\d{4}-\d\d-\d\d\), ", ARCHITECTURE, re.MULTILINE)
    assert [int(number) for number in found] == list(range(1, len(found) + 1))
    assert len(found) == len(re.findall(r"^\*\*", ARCHITECTURE, re.MULTILINE))


PLACES = sorted(set(re.findall(r"`((?:tracker|tests|configs)/[\w/.]*)`", CONTRIBUTING)))
TABLES = re.findall(r"`([A-Z_]{3,})` in `([\w/]+\.py)`", CONTRIBUTING)


@pytest.mark.parametrize("place", PLACES)
def test_places_to_add_something_exist(place: str) -> None:
    assert (ROOT / place).exists()


@pytest.mark.parametrize(("name", "path"), TABLES)
def test_tables_to_add_a_line_to_exist(name: str, path: str) -> None:
    assert re.search(rf"^{name}\b", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def test_there_are_places_and_tables_to_check() -> None:
    assert len(PLACES) > 10
    assert len(TABLES) > 5
