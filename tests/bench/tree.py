"""The tree of `tracker/`, with the purpose of each file: the first line of its docstring.

python tests/bench/tree.py            prints the tree
python tests/bench/tree.py --write    also puts it between the marks in ARCHITECTURE.md
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tracker"
DOCUMENT = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- tree: made by `make tree` -->\n", "<!-- end of tree -->\n"
INDENT = "  "


def purpose(path: Path) -> str:
    """Return the first line of a module's docstring, "" where there is none."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    return text.splitlines()[0] if text else ""


def files(package: Path) -> list[Path]:
    """Return every module of `package`, sorted."""
    return sorted(package.rglob("*.py"))


def rows(folder: Path, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the indented name and the purpose of a package and of all in it, packages first."""
    yield f"{INDENT * depth}{folder.name}/", purpose(folder / "__init__.py")
    for inner in sorted(path.parent for path in folder.glob("*/__init__.py")):
        yield from rows(inner, depth + 1)
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield f"{INDENT * (depth + 1)}{path.name}", purpose(path)


def tree(package: Path = PACKAGE) -> str:
    """Return the tree as text, a line a package or module."""
    lines = list(rows(package))
    width = max(len(name) for name, _ in lines)
    return "".join(f"{name:<{width}}  {text}".rstrip() + "\n" for name, text in lines)


def section(package: Path = PACKAGE) -> str:
    """Return what belongs between the marks, the marks included."""
    return f"{BEGIN}```\n{tree(package)}```\n{END}"


def renewed(document: str, package: Path = PACKAGE) -> str:
    """Return `document` with the tree between its marks as it is now.

    Raises:
        ValueError: the document has no such marks.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document has no lines {BEGIN.strip()!r} and {END.strip()!r} for the tree")
    return before + section(package) + after


def main() -> int:
    """Print the tree and renew the document; return the exit code."""
    parser = argparse.ArgumentParser(description="Print the tree of tracker/ with the purpose of each file.")
    parser.add_argument("--write", action="store_true", help="Renew the tree in ARCHITECTURE.md.")
    if parser.parse_args().write:
        text = renewed(DOCUMENT.read_text("utf-8"))
        DOCUMENT.write_text(text, "utf-8", newline="\n")
    print(tree(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
