"""The API reference, made from the docstrings: the public names of `tracker` first, then every room below it.

python tests/bench/docs.py [FOLDER]    writes FOLDER/index.html, by default below out/docs; a warning ends it with 1

What the command line and the web service accept is in `tracker VERB --help` and in the OpenAPI document of
`tracker serve`, so `tracker.cli` has no pages.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import pkgutil
import sys
import typing
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pdoc
import pdoc.render

import tracker

ROOT = Path(__file__).parents[2]
LEFT_OUT = ("tracker.__main__", "tracker.cli")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Yield every module below `package`, imported, but those of `LEFT_OUT`."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if found.name not in LEFT_OUT:
            module = importlib.import_module(found.name)
            yield module
            if found.ispkg:
                yield from modules(module)


def resolve_inherited(module: ModuleType) -> None:
    """Give the dataclasses of `module` evaluated annotations.

    `__init__` of a dataclass repeats the fields of its bases as text, and the names in that text are those of the
    module of the base: pdoc looks for them in the module of the class.
    """
    for value in vars(module).values():
        if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == module.__name__:
            try:
                hints = typing.get_type_hints(value)
            except NameError:
                continue  # a name that only type checkers import; pdoc knows the way to it
            annotations = value.__init__.__annotations__
            annotations.update({name: hint for name, hint in hints.items() if name in annotations})


def listed(rooms: Sequence[ModuleType]) -> str:
    """Return a list in Markdown that leads from the first page to all others, which `__all__` keeps out of its menu."""
    lines = (f"- `{room.__name__}`: {(room.__doc__ or '').strip().splitlines()[0]}" for room in rooms)
    return "\n".join(["The public names are on this page; below it are the rooms that they come from:", "", *lines])


def write(folder: Path) -> None:
    """Write the pages into `folder`."""
    for name in tracker.__all__:
        getattr(tracker, name)  # loads it: pdoc sees what is in the module, and these come when first used
    below = list(modules(tracker))
    for module in below:
        resolve_inherited(module)
    pdoc.render.configure(docformat="google", footer_text=f"meanshift-tracker {tracker.__version__}")
    rooms = [module for module in below if module.__name__.count(".") == 1]
    tracker.__doc__ = f"{inspect.cleandoc(tracker.__doc__ or '')}\n\n{listed(rooms)}"
    pdoc.pdoc("tracker", *(room.__name__ for room in rooms), output_directory=folder)


def main() -> int:
    """Write the reference; return the exit code."""
    parser = argparse.ArgumentParser(description="Write the API reference.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "out" / "docs", help="Where the pages go.")
    folder = parser.parse_args().folder
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        write(folder)
    for warning in found:
        print(f"{warning.filename}:{warning.lineno}: {warning.message}", file=sys.stderr)
    print(f"{folder / 'index.html'}: {sum(1 for _ in folder.rglob('*.html'))} pages")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
