"""The real window: the program in a process of its own on a real X server, driven by keys and mouse."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.viewer.desk import FIRST, FRAMES, SECOND, Desk, box_of, frames, moved, picture, rows, wait_for, written
from tracker.config.reader import load_config
from tracker.geometry import Box, iou


def test_a_dragged_target_is_followed_until_q(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--csv", "box.csv", "--record", "raw.mp4", "-o", "out.mp4")
    before = desk.screenshot()
    desk.drag(*FIRST)
    wait_for(lambda: (desk.screenshot()[60:200, 60:640] != before[60:200, 60:640]).any(), "a moving target")
    wait_for(lambda: len(frames(desk.folder / "box.csv")) >= 5, "rows")
    desk.press("q")
    code, out, err = desk.end()
    assert (code, out) == (0, ""), err
    found = rows(desk.folder / "box.csv")
    assert [int(row["frame"]) for row in found] == list(range(len(found)))
    assert iou(box_of(found[-1]), moved(FIRST, int(found[-1]["frame"]))) > 0.6
    for name in ("raw.mp4", "out.mp4"):
        video = cv2.VideoCapture(str(desk.folder / name))
        assert video.read()[0]
        video.release()


def stands_still(desk: Desk) -> bool:
    """Whether nothing changes for as long as several frames take."""
    before = desk.screenshot()
    time.sleep(0.5)
    return np.array_equal(desk.screenshot(), before)


def test_pause_density_reselect_snapshot_preset(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--csv", "box.csv")
    desk.drag(*FIRST)
    wait_for(lambda: frames(desk.folder / "box.csv"), "rows")
    desk.press("space")
    wait_for(lambda: stands_still(desk), "the pause")
    still = desk.screenshot()
    desk.press("d")
    wait_for(lambda: (desk.screenshot() != still).mean() > 0.1, "the density")
    desk.press("d", "d", "s", "w", "bracketright")
    wait_for(lambda: list(desk.folder.glob("clip-*.png")), "a snapshot")
    wait_for(lambda: (desk.folder / "preset-1.yaml").exists(), "a preset")
    snapshot = cv2.imread(str(next(iter(desk.folder.glob("clip-*.png")))))
    assert snapshot is not None
    assert snapshot.shape == (480, 640, 3)
    load_config(desk.folder / "preset-1.yaml")
    paused_at = int(next(iter(desk.folder.glob("clip-*.png"))).stem.split("-")[1])
    desk.press("r")
    desk.drag(*moved(SECOND, paused_at))
    wait_for(lambda: frames(desk.folder / "box.csv")[-1] > paused_at + 10, "rows of the other")
    desk.press("q")
    code, _, err = desk.end()
    assert code == 0, err
    last = rows(desk.folder / "box.csv")[-1]
    assert iou(box_of(last), moved(SECOND, int(last["frame"]))) > 0.6


def test_no_key_is_lost_while_the_loop_is_busy(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--roi", written(FIRST), "--display")
    assert desk.process is not None
    desk.press("space")
    wait_for(lambda: stands_still(desk), "the pause")
    desk.process.send_signal(signal.SIGSTOP)
    desk.press("s", "w", "bracketright", "q")
    desk.process.send_signal(signal.SIGCONT)
    code, _, err = desk.end()
    assert code == 0, err
    assert list(desk.folder.glob("clip-*.png"))
    assert (desk.folder / "preset-1.yaml").exists()


def test_a_big_frame_is_scaled_down_and_the_box_up(desk: Desk) -> None:
    big = cv2.resize(picture(), (3200, 2400), interpolation=cv2.INTER_NEAREST)  # shown at 1125x844
    cv2.imwrite(str(desk.folder / "big.png"), big)
    desk.start("select", "big.png")
    desk.drag(*FIRST, scale=844 / 480)
    desk.press("Return")
    code, out, err = desk.end()
    assert code == 0, err
    box = Box(*map(float, out.strip().split(",")))
    assert iou(box, Box(*(5 * v for v in FIRST))) > 0.95


def test_a_selection_cancelled_with_escape(desk: Desk, clip: Path) -> None:
    desk.start("select", clip, "--at", "2s")
    desk.press("Escape")
    code, out, err = desk.end()
    assert (code, out, err) == (4, "", "error: no box was chosen: drag one and press Enter\n")


def test_the_x_closes_the_program(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--csv", "box.csv", "--display", "--roi", written(FIRST))
    wait_for(lambda: frames(desk.folder / "box.csv"), "rows")
    desk.close_by_x()
    code, _, err = desk.end()
    assert code == 0, err
    assert len(frames(desk.folder / "box.csv")) < FRAMES


def test_the_x_before_a_target_is_a_cancelled_selection(desk: Desk, clip: Path) -> None:
    desk.start("track", clip)
    desk.close_by_x()
    code, _, err = desk.end()
    assert (code, err) == (4, "error: no target was chosen: drag a box around it, or give --roi\n")


def test_a_resized_window_still_maps_the_mouse(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--csv", "box.csv")
    desk.do("search", "--name", "^tracker: ", "windowsize", 960, 734)  # 14 of them are the strip
    time.sleep(0.5)
    desk.drag(*FIRST, scale=1.5)
    wait_for(lambda: frames(desk.folder / "box.csv"), "rows")
    desk.press("q")
    code, _, err = desk.end()
    assert code == 0, err
    assert iou(box_of(rows(desk.folder / "box.csv")[0]), FIRST) > 0.85


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_window_in_order(desk: Desk, clip: Path, signal_number: signal.Signals) -> None:
    desk.start("track", clip, "--csv", "box.csv", "--display", "--roi", written(FIRST))
    wait_for(lambda: frames(desk.folder / "box.csv"), "rows")
    assert desk.process is not None
    desk.process.send_signal(signal_number)
    code, _, err = desk.end()
    assert code == 130, err
    assert (desk.folder / "box.csv").read_text().endswith("\n")


@pytest.mark.parametrize("speed", [1.0, 0.5])
def test_a_file_plays_no_faster_than_asked(desk: Desk, clip: Path, speed: float) -> None:
    """A slow machine may take longer, by its own account of the time."""
    desk.start("track", clip, "--display", "--roi", written(FIRST), "--speed", speed, "--csv", "box.csv")
    wait_for(lambda: len(frames(desk.folder / "box.csv")) > 20, "rows")
    desk.press("q")
    code, _, err = desk.end()
    assert code == 0, err
    told = re.search(r"(\d+) frames in ([\d.]+) s", err)
    assert told, err
    shown, seconds = int(told[1]), float(told[2])
    assert shown <= 1 + 10 * speed * (seconds + 0.5)


def test_without_a_display_the_error_says_what_to_do(tmp_path: Path, clip: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2])}
    for words, code, message in (
        (["track", clip], 2, "error: where is the target? Give --roi or --roi-file (no display for a window"),
        (["track", clip, "--no-display"], 2, "error: where is the target? Give --roi or --roi-file (with --no-display"),
        (["track", clip, "--display", "--roi", "1,1,9,9"], 3, "error: no display for a window (DISPLAY is not set)"),
        (
            ["select", clip],
            3,
            "error: no display for a window (DISPLAY is not set): --grid grid.png writes the picture",
        ),
    ):
        command = [sys.executable, "-m", "tracker", *map(str, words)]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stderr
        assert done.stderr.startswith(message)
        assert done.stderr.count("\n") == 1
