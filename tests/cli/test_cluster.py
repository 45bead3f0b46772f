from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.cli.helpers import Cli
from tracker.meanshift.clustering import MeanShift, estimate_bandwidth


def blobs(count: int = 3000, dimensions: int = 2) -> np.ndarray:
    rng = np.random.default_rng(0)
    corners = np.resize([[2.0, 2, 2], [-2, -2, 2], [2, -2, -2]], (3, dimensions))
    return corners[rng.integers(0, 3, count)] + rng.normal(scale=0.6, size=(count, dimensions))


@pytest.fixture
def points(tmp_path: Path) -> Path:
    path = tmp_path / "points.csv"
    np.savetxt(path, blobs(), delimiter=",", header="x,y", comments="")
    return path


def test_the_tutorial(cli: Cli, points: Path) -> None:
    done = cli("cluster", points)
    assert done.code == 0, done.err
    data = np.loadtxt(points, delimiter=",", skiprows=1)
    bandwidth = estimate_bandwidth(data, quantile=0.2, n_samples=500)
    model = MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(data)
    lines = done.out.splitlines()
    assert lines[0] == f"bandwidth: {bandwidth:.6g}"
    assert lines[1] == "number of estimated clusters: 3"
    sizes = [int(line.split()[1]) for line in lines[2:]]
    assert sizes == np.bincount(model.labels_).tolist()


def test_labels_and_centers_as_tables(cli: Cli, points: Path, tmp_path: Path) -> None:
    out, centers = tmp_path / "labels.csv", tmp_path / "centers.csv"
    assert cli("cluster", points, "-o", out, "--centers", centers, "--bandwidth", 1).code == 0
    assert out.read_text().splitlines()[0] == "x0,x1,label"
    table = np.loadtxt(out, delimiter=",", skiprows=1)
    data = np.loadtxt(points, delimiter=",", skiprows=1)
    model = MeanShift(bandwidth=1.0, bin_seeding=True).fit(data)
    np.testing.assert_allclose(table[:, :2], data, rtol=1e-8)
    np.testing.assert_array_equal(table[:, 2], model.labels_)
    assert centers.read_text().splitlines()[0] == "label,x0,x1,mass"
    np.testing.assert_allclose(
        np.loadtxt(centers, delimiter=",", skiprows=1)[:, 1:3], model.cluster_centers_, rtol=1e-8
    )


def test_it_names_what_it_has_written(cli: Cli, points: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("labels.csv", "centers.csv", "plot.png")]
    options = [word for pair in zip(("-o", "--centers", "--plot"), files, strict=True) for word in pair]
    assert cli("cluster", points, *options).err.splitlines() == [f"written  {file}" for file in files]
    assert cli("cluster", points, *options, "--overwrite", "-q").err == ""


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_arrays_in_and_out(cli: Cli, tmp_path: Path, dimensions: int) -> None:
    data = blobs(500, dimensions)
    np.save(tmp_path / "in.npy", data[:, 0] if dimensions == 1 else data)
    words = ("--bandwidth", 1.5, "--orphans", "--every-point", "--kernel", "epanechnikov")
    done = cli("cluster", tmp_path / "in.npy", "-o", tmp_path / "l.npy", "--centers", tmp_path / "c.npy", *words)
    assert done.code == 0, done.err
    model = MeanShift(bandwidth=1.5, cluster_all=False, kernel="epanechnikov").fit(data)
    np.testing.assert_array_equal(np.load(tmp_path / "l.npy"), model.labels_)
    np.testing.assert_array_equal(np.load(tmp_path / "c.npy"), model.cluster_centers_)


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
@pytest.mark.parametrize("header", ["", "width height"])
def test_any_separator_and_header(cli: Cli, tmp_path: Path, separator: str, header: str) -> None:
    rows = [header.replace(" ", separator)] * bool(header) + [f"{x}{separator}{x / 2}" for x in (0, 0.5, 9, 9.5)]
    (tmp_path / "points.txt").write_text("\n".join(rows))
    done = cli("cluster", tmp_path / "points.txt", "--bandwidth", 2)
    assert "number of estimated clusters: 2" in done.out, done.err


def test_approximations_and_orphans_are_said(cli: Cli, tmp_path: Path) -> None:
    np.save(tmp_path / "in.npy", np.concatenate((blobs(4000), [[5.0, 2.0]])))
    done = cli("cluster", tmp_path / "in.npy", "--bandwidth", 1.5, "--grid", "--orphans")
    assert done.out.splitlines()[1] == "number of estimated clusters: 3 (approximate)"
    said = done.out.splitlines()[-1].split()
    assert (said[0], said[2]) == ("-1", "orphans")
    assert 1 <= int(said[1]) < 400
    assert "orphans" not in cli("cluster", tmp_path / "in.npy", "--bandwidth", 1.5).out


def test_many_clusters_are_cut_short(cli: Cli, tmp_path: Path) -> None:
    np.save(tmp_path / "in.npy", np.arange(50.0))
    done = cli("cluster", tmp_path / "in.npy", "--bandwidth", 0.1)
    assert done.out.splitlines()[-1].strip() == "and 30 more"


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_a_plot(cli: Cli, tmp_path: Path, dimensions: int) -> None:
    np.save(tmp_path / "in.npy", blobs(400, dimensions))
    assert cli("cluster", tmp_path / "in.npy", "--bandwidth", 1.5, "--plot", tmp_path / "p.png").code == 0
    picture = cv2.imread(str(tmp_path / "p.png"))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1,2\n3,x\n", "is no table of numbers"),
        ("1,2\n3\n", "is no table of numbers"),
        ("", "holds no point"),
        ("x,y\n", "holds no point"),
        ("1,2\nnan,2\n", "X holds NaN at row 1, column 0"),
    ],
)
def test_text_that_holds_no_points(cli: Cli, tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "points.csv").write_text(content)
    done = cli("cluster", tmp_path / "points.csv")
    assert done.code == 2
    assert message in done.err
    assert done.err.count("\n") == 1


def test_a_file_that_is_no_array(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "points.npy").write_text("1,2")
    done = cli("cluster", tmp_path / "points.npy")
    assert (done.code, done.err.split(": ", 1)[0]) == (2, "error")
    assert "is no numpy array of numbers" in done.err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--bandwidth", "-1"), 2, "bandwidth is a number above 0"),
        (("--quantile", "2"), 2, "quantile lies in [0, 1]"),
        (("--kernel", "round"), 2, "kernel is one of"),
        (("-o", "labels.txt"), 6, "use one of .csv, .npy"),
        (("--plot", "plot.gif"), 6, "use one of .png, .svg, .pdf"),
        (("-o", "missing/labels.csv"), 6, "does not exist"),
    ],
)
def test_what_is_not_possible(cli: Cli, points: Path, words: tuple[str, ...], code: int, message: str) -> None:
    done = cli("cluster", points, *words)
    assert done.code == code
    assert message in done.err


def test_the_data_are_never_overwritten(cli: Cli, points: Path) -> None:
    before = points.read_bytes()
    assert cli("cluster", points, "-o", points, "--overwrite").code == 6
    assert points.read_bytes() == before


def test_no_such_file(cli: Cli, tmp_path: Path) -> None:
    done = cli("cluster", tmp_path / "none.csv")
    assert done.code == 3
    assert "No such file" in done.err


@pytest.mark.parametrize("count", [1, 30])
def test_equal_points_are_one_cluster(cli: Cli, tmp_path: Path, count: int) -> None:
    np.save(tmp_path / "equal.npy", np.ones((count, 2)))
    shown = cli("cluster", tmp_path / "equal.npy")
    assert shown.code == 0, shown.err
    assert "number of estimated clusters: 1" in shown.out


def test_very_many_equal_points_need_a_bandwidth(cli: Cli, tmp_path: Path) -> None:
    np.save(tmp_path / "equal.npy", np.ones((10_001, 2)))
    shown = cli("cluster", tmp_path / "equal.npy")
    assert (shown.code, "give --bandwidth" in shown.err) == (2, True), shown.err
    assert cli("cluster", tmp_path / "equal.npy", "--bandwidth", "1").code == 0
