"""`tracker compare`, mostly as a process of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from tests.cli.helpers import Cli

VIDEOS = Path(__file__).parents[2] / "videos"
SCENE = "synth:smooth:frames=12:size=160x120"


def compare(*words, cwd):
    command = [sys.executable, "-m", "tracker", "compare", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=cwd)


def test_a_table_and_a_video_with_all_boxes(tmp_path):
    done = compare(SCENE, "--roi", "20%,40%,20%,20%", "--trackers", "fast,camshift", "-o", "all.mp4", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "fast" in done.stdout
    assert "camshift" in done.stdout
    assert "AUC" not in done.stdout
    capture = cv2.VideoCapture(str(tmp_path / "all.mp4"))
    assert sum(iter(lambda: capture.read()[0], False)) == 12
    capture.release()


def test_scores_against_truth(tmp_path):
    (tmp_path / "truth.csv").write_text("x,y,w,h\n" + "60,50,20,20\n" * 12)
    done = compare(SCENE, "--truth", "truth.csv", "--trackers", "meanshift", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "P@20" in done.stdout


def test_drills_score_the_claims_of_every_tracker(tmp_path):
    (tmp_path / "truth.csv").write_text("x,y,w,h\n" + "60,50,20,20\n" * 12)
    words = ("--truth", "truth.csv", "--trackers", "fast,meanshift", "--drill", "blackout", "-o", "all.mp4")
    done = compare(SCENE, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "blackout: 35 frames are black" in done.stdout
    assert "fast" in done.stdout
    assert "meanshift" in done.stdout
    assert (tmp_path / "all.mp4").is_file()


def test_drills_run_over_all_clips_of_a_folder(tmp_path):
    for name in ("a", "b"):
        shutil.copy(VIDEOS / "grey.mp4", tmp_path / f"{name}.mp4")
        (tmp_path / f"{name}.csv").write_text("\n".join((VIDEOS / "grey.csv").read_text().splitlines()[:31]))
    done = compare(tmp_path, "--trackers", "fast", "--drill", "cut,flash", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("2/2") == 2


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([SCENE], 2, "--roi X,Y,W,H or --truth FILE"),
        ([SCENE, "--roi", "1,1,20,20", "--truth", "t.csv"], 2, "one of them"),
        ([SCENE, "--roi", "1,1,20,20", "--trackers", "fsat"], 2, "no tracker 'fsat'"),
        ([SCENE, "--roi", "1,1,20,20", "--trackers", "fast", "-o", "x.txt"], 6, "x.txt"),
        ([SCENE, "--roi", "900,1,20,20", "--trackers", "fast"], 2, "outside"),
        ([SCENE, "--roi", "1,1,20,20", "--drill", "cut"], 2, "give --truth FILE instead of --roi"),
        ([SCENE, "--truth", "t.csv", "--drill", "cat"], 2, "no drill 'cat'"),
        ([VIDEOS, "--trackers", "fast", "--drill", "cut", "-o", "x.mp4"], 2, "a video shows one clip with one drill"),
    ],
)
def test_mistakes(cli: Cli, tmp_path, monkeypatch, words, code, message):
    monkeypatch.chdir(tmp_path)
    done = cli("compare", *words)
    assert done.code == code
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_clip_that_is_not_there_is_one_line_of_the_whole_process(tmp_path):
    """Nothing of the decoders, which write past Python, is beside it."""
    done = compare("none.mp4", "--roi", "1,1,20,20", "--trackers", "fast", cwd=tmp_path)
    assert done.returncode == 3
    assert "none.mp4" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
