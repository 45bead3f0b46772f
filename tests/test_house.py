"""The laws of the house that a program can check: names, sizes and imports of the files of `tracker/`."""

import ast
from collections import Counter
from pathlib import Path

import tracker

PACKAGE = Path(tracker.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 400

STILL_DOUBLE: frozenset[str] = frozenset()
"""Class names that two files still share: this list only shrinks."""
STILL_CIRCULAR = frozenset()
"""Files that still import each other, by their sorted module names: this list only shrinks."""


def module_of(path):
    parts = ("tracker", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}


def imports_of(path):
    """The modules of `tracker` that a file imports anywhere, in a function too; not what only annotations need."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & set(MODULES)
            yield from inner
            if node.module in MODULES and len(inner) < len(node.names):
                yield node.module


def circles(graph):
    """Groups of modules that reach each other (strongly connected components, Tarjan 1972)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph[node]:
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1 or node in graph[node]:
                found.append(tuple(sorted(group)))

    for node in graph:
        if node not in index:
            visit(node)
    return found


def test_no_two_classes_share_a_name():
    names = Counter(
        node.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, count in names.items() if count > 1} <= STILL_DOUBLE


def test_no_file_is_longer_than_one_idea():
    lines = {module_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_files_import_each_other():
    graph = {name: set(imports_of(path)) for name, path in MODULES.items()}
    assert {circle for circle in circles(graph) if circle not in STILL_CIRCULAR} == set()


def test_a_circle_is_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": {"e"}}
    assert sorted(circles(graph)) == [("a", "b", "c"), ("e",)]
