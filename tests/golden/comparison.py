"""Old files against new ones: exact, equal up to rounding, or different, with the place of the first differences."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, zip_longest

ROUNDING = 1e-6
"""Largest absolute difference of two numbers that another processor's SIMD or BLAS may make."""
NUMBERS = ".csv"
"""Suffix of the tables whose cells are compared as numbers; every other file is text."""
BEFORE, AFTER = 30, 50
"""Characters of a text that are shown before and from the first different one on."""

Files = Mapping[str, str]
"""The frozen files: their text by their name, a relative path with forward slashes."""


class Verdict(IntEnum):
    """How well old and new agree; the worse one has the greater value."""

    EXACT = 0
    ROUNDED = 1
    """Equal up to rounding."""
    DIFFERENT = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where old and new are not the same.

    Attributes:
        file: name of the file.
        row: 1-based line of the file; 0 where the file as a whole is meant.
        column: name of the column in a table, 1-based column of the first different character in a text.
        old: what was frozen.
        new: what there is now.
        verdict: ROUNDED or DIFFERENT.
    """

    file: str
    row: int
    column: str
    old: str
    new: str
    verdict: Verdict

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}, column {self.column}: {self.old} -> {self.new}"


def compare(old: Files, new: Files) -> list[Difference]:
    """Return every difference, sorted by file and row."""
    found: list[Difference] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            there, gone = "there", "missing"
            states = (there, gone) if name in old else (gone, there)
            found.append(Difference(name, 0, "-", *states, Verdict.DIFFERENT))
        elif old[name] != new[name]:
            found += (
                _cells(name, old[name], new[name]) if name.endswith(NUMBERS) else _lines(name, old[name], new[name])
            )
    return found


def verdict_of(differences: list[Difference]) -> Verdict:
    """Return the worst verdict."""
    return max((one.verdict for one in differences), default=Verdict.EXACT)


def report(old: Files, new: Files, most: int = 5) -> tuple[str, Verdict]:
    """Return a text for the terminal, with at most so many differences of each file, and the verdict."""
    differences = compare(old, new)
    verdict = verdict_of(differences)
    files = f"{len(old.keys() | new.keys())} files"
    if verdict is Verdict.EXACT:
        return f"golden: {files}, exact", verdict
    if verdict is Verdict.ROUNDED:
        return (
            f"golden: {files}, equal up to rounding ({len(differences)} numbers differ by at most {ROUNDING:g})",
            verdict,
        )
    real = [one for one in differences if one.verdict is Verdict.DIFFERENT]
    changed = sorted({one.file for one in real})
    lines = [f"golden: {len(changed)} of {files} differ"]
    for name in changed:
        here = [one for one in real if one.file == name]
        lines += [f"  {one}" for one in islice(here, most)]
        if len(here) > most:
            lines.append(f"  {name}: {len(here) - most} more")
    return "\n".join(lines), verdict


def _lines(name: str, old: str, new: str) -> Iterator[Difference]:
    # Line ends are kept, so that a changed one is a difference too.
    pairs = zip_longest(old.splitlines(keepends=True), new.splitlines(keepends=True), fillvalue="")
    for row, (a, b) in enumerate(pairs, 1):
        if a != b:
            place = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            yield Difference(name, row, str(place + 1), _excerpt(a, place), _excerpt(b, place), Verdict.DIFFERENT)


def _excerpt(line: str, place: int) -> str:
    start, end = max(place - BEFORE, 0), place + AFTER
    return ("…" if start else "") + repr(line[start:end]) + ("…" if end < len(line) else "")


def _cells(name: str, old: str, new: str) -> Iterator[Difference]:
    before, after = (list(csv.reader(io.StringIO(text))) for text in (old, new))
    header = before[0] if before else []
    for row, (a, b) in enumerate(zip_longest(before, after), 1):
        if a is None or b is None or len(a) != len(b) or len(a) != len(header):
            yield Difference(name, row, "-", _shown(a), _shown(b), Verdict.DIFFERENT)
            continue
        for column, x, y in zip(header, a, b, strict=True):
            if x != y:
                verdict = Verdict.ROUNDED if _close(x, y) else Verdict.DIFFERENT
                yield Difference(name, row, column, x, y, verdict)


def _shown(row: list[str] | None) -> str:
    return "no row" if row is None else ",".join(row)


def _close(x: str, y: str) -> bool:
    try:
        return abs(float(x) - float(y)) <= ROUNDING
    except ValueError:
        return False
