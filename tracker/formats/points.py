"""Tables of points: read for clustering from text or numpy's own format, and written with their labels or centers."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.errors import DataError, OutputError, SourceError
from tracker.files import reason

TABLES = (".csv", ".npy")
"""Suffixes of the files that can be written: text with a header, or numpy's own format."""

_SEPARATORS = (",", ";", "\t")


def read_points(path: Path) -> NDArray[np.float64]:
    """Read `(N, d)` points from a `.npy` file, or from text: one point a line, with or without a header.

    Columns of text are separated by commas, semicolons, tabs or blanks. An array of one axis is taken for points on
    a line.

    Raises:
        SourceError: the file cannot be read.
        DataError: its content is no table of numbers.
    """
    path = path.expanduser()
    try:
        return _from_numpy(path) if path.suffix.lower() == ".npy" else _from_text(path)
    except OSError as error:
        raise SourceError(f"cannot read {path}: {reason(error)}; check the path and its permissions") from error


def write_labels(path: Path, points: NDArray[np.float64], labels: NDArray[np.intp]) -> None:
    """Write the label of each point: `.csv` with the point before it, `.npy` alone.

    Raises:
        OutputError: the file cannot be written.
    """
    if path.suffix.lower() == ".npy":
        write_array(path, labels)
    else:
        names = [f"x{axis}" for axis in range(points.shape[1])]
        _write_table(path, [*names, "label"], [*points.T, labels])


def write_centers(path: Path, centers: NDArray[Any], masses: NDArray[np.float64]) -> None:
    """Write the centers: `.csv` with a label before and the mass behind each, `.npy` alone.

    Raises:
        OutputError: the file cannot be written.
    """
    if path.suffix.lower() == ".npy":
        write_array(path, centers)
    else:
        names = [f"x{axis}" for axis in range(centers.shape[1])]
        _write_table(path, ["label", *names, "mass"], [np.arange(len(centers)), *centers.T, masses])


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array in numpy's own format.

    Raises:
        OutputError: the file cannot be written.
    """
    try:
        with path.open("wb") as file:
            np.save(file, array)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error


def _from_numpy(path: Path) -> NDArray[np.float64]:
    try:
        points: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
    except ValueError as error:  # another file, a cut one, or pickled objects
        raise DataError(f"{path} is no numpy array of numbers: save one with numpy.save") from error
    return points[:, None] if points.ndim == 1 else np.asarray(points)


def _from_text(path: Path) -> NDArray[np.float64]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        first = file.readline()
        separator = next((mark for mark in _SEPARATORS if mark in first), None)
        header = not all(_is_number(word) for word in first.strip().split(separator))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a file without points, which is refused later
            return np.loadtxt(path, delimiter=separator, skiprows=int(header), ndmin=2, encoding="utf-8-sig")
    except ValueError as error:
        cause = str(error).splitlines()[0].rstrip(".")
        raise DataError(f"{path} is no table of numbers ({cause}): give one point a line, numbers only") from error


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _write_table(path: Path, names: list[str], columns: list[NDArray[Any]]) -> None:
    formats = ["%d" if column.dtype.kind == "i" else "%.9g" for column in columns]
    table = np.empty((len(columns[0]), len(columns)))
    for index, column in enumerate(columns):
        table[:, index] = column
    try:
        np.savetxt(path, table, fmt=formats, delimiter=",", header=",".join(names), comments="")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
