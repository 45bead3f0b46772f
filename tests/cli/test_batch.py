from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from tests.cli.helpers import ROI, Cli


@pytest.fixture
def manifest(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "manifest.csv"
    path.write_text(f'source,roi,label\n{folder.name},"{ROI}",ball\nmissing.mp4,"{ROI}",\n')
    return path


def test_a_bad_video_is_in_the_summary_and_in_the_exit_code(cli: Cli, manifest: Path, tmp_path: Path) -> None:
    done = cli("batch", manifest, "--out", tmp_path / "out", "-j", 1)
    assert done.code == 1
    assert "1 done, 1 failed" in done.out
    assert "No such file" in " ".join(done.out.split())
    assert done.err == f"written: {tmp_path / 'out' / 'summary.csv'}\n"
    with (tmp_path / "out" / "summary.csv").open(newline="") as file:
        good, bad = csv.DictReader(file)
    assert (good["status"], good["result"], good["frames"], good["tracking"]) == ("done", "moving.csv", "10", "1.0")
    assert (bad["status"], bad["result"], bad["frames"]) == ("failed", "", "0")
    assert "missing.mp4 (No such file" in bad["error"]


def test_a_bad_target_is_in_the_summary_and_in_the_exit_code(cli: Cli, folder: Path, tmp_path: Path) -> None:
    manifest = folder.parent / "targets.csv"
    manifest.write_text(f'source,roi,id\n{folder.name},"{ROI}",0\n{folder.name},"9000,1,9,9",1\n')
    for status in ("done", "kept"):
        done = cli("batch", manifest, "--out", tmp_path / "out", "-j", 1)
        assert done.code == 1
        assert "target 1, frame 0: box (9000, 1, 9, 9) lies outside" in " ".join(done.out.split())
        with (tmp_path / "out" / "summary.csv").open(newline="") as file:
            (row,) = csv.DictReader(file)
        assert (row["status"], row["targets"], row["refused"]) == (status, "1", "1")
        assert row["error"].startswith("target 1, frame 0: ")


def test_good_ones_are_quiet_and_kept(cli: Cli, manifest: Path, tmp_path: Path) -> None:
    manifest.write_text(manifest.read_text().splitlines(keepends=True)[0] + manifest.read_text().splitlines()[1])
    words = (
        "batch",
        manifest,
        "--out",
        tmp_path / "out",
        "-j",
        1,
        "-c",
        "accurate",
        "--set",
        "size.method=fixed",
        "-q",
    )
    done = cli(*words)
    assert (done.code, done.out, done.err) == (0, "", "")
    before = (tmp_path / "out" / "moving.csv").stat().st_mtime_ns
    assert cli(*words).code == 0
    assert (tmp_path / "out" / "moving.csv").stat().st_mtime_ns == before
    assert cli(*words, "--overwrite").code == 0
    assert (tmp_path / "out" / "moving.csv").stat().st_mtime_ns > before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-j", "0"), "0 processes are not possible"),
        (("-j", "1", "--dask", "tcp://host:1"), "--jobs and --dask"),
        (("-c", "slow"), "no preset 'slow'"),
    ],
)
def test_what_is_not_possible(cli: Cli, manifest: Path, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    done = cli("batch", manifest, "--out", tmp_path / "out", "-q", *words)
    assert done.code == 2
    assert message in done.err


def test_nothing_to_do(cli: Cli, tmp_path: Path) -> None:
    done = cli("batch", tmp_path / "*.mp4", "--out", tmp_path / "out")
    assert done.code == 2
    assert "no videos in" in done.err
    assert not (tmp_path / "out").exists()


def test_without_dask(cli: Cli, manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = cli("batch", manifest, "--out", tmp_path / "out", "--dask", "tcp://127.0.0.1:1")
    assert done.code == 2
    assert "pip install 'meanshift-tracker[dask]'" in done.err
