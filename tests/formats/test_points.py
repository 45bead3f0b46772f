from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tracker.errors import DataError, OutputError, SourceError
from tracker.formats.points import TABLES, read_points, write_array, write_centers, write_labels

POINTS = np.array([[0.5, -1.25], [1e-7, 3.0], [123456.789, 2.0]])


@pytest.mark.parametrize("suffix", TABLES)
def test_labels_and_centers_are_read_back(tmp_path: Path, suffix: str) -> None:
    labels, centers = tmp_path / f"labels{suffix}", tmp_path / f"centers{suffix}"
    write_labels(labels, POINTS, np.array([0, -1, 1]))
    write_centers(centers, POINTS[:2], np.array([2.0, 1.0]))
    with_points, with_mass = read_points(labels), read_points(centers)
    assert with_points[:, -1].tolist() == [0, -1, 1]
    if suffix == ".csv":
        np.testing.assert_allclose(with_points[:, :-1], POINTS, rtol=1e-8)
        np.testing.assert_allclose(with_mass, [[0, *POINTS[0], 2], [1, *POINTS[1], 1]], rtol=1e-8)
    else:
        np.testing.assert_array_equal(with_mass, POINTS[:2])


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
@pytest.mark.parametrize("header", ["", "x y\n"])
def test_text_with_any_separator_with_or_without_a_header(tmp_path: Path, separator: str, header: str) -> None:
    path = tmp_path / "points.txt"
    path.write_text(f"\ufeff{header}1 2\n3 4\n".replace(" ", separator), encoding="utf-8")
    assert read_points(path).tolist() == [[1, 2], [3, 4]]


def test_an_array_of_one_axis_is_taken_for_points_on_a_line(tmp_path: Path) -> None:
    np.save(tmp_path / "line.npy", np.arange(3.0))
    assert read_points(tmp_path / "line.npy").tolist() == [[0], [1], [2]]


@pytest.mark.parametrize(("name", "content"), [("a.csv", "1,2\n3,x\n"), ("a.csv", "1,2\n3\n"), ("a.npy", "1,2\n")])
def test_a_file_that_is_no_table_of_numbers(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match="of numbers"):
        read_points(tmp_path / name)


@pytest.mark.parametrize("suffix", TABLES)
def test_a_file_that_cannot_be_read_or_written(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "missing" / f"a{suffix}"
    with pytest.raises(SourceError, match="check the path"):
        read_points(path)
    with pytest.raises(OutputError, match="choose another place"):
        write_labels(path, POINTS, np.zeros(3, np.intp))
    with pytest.raises(OutputError, match="choose another place"):
        write_array(path, POINTS)
