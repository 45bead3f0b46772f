"""The real window: the program in a process of its own on a real X server, driven by keys and mouse."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pytest
from player_desk import Desk, wait_for

from tracker.config.reader import load_config
from tracker.geometry import Box, iou
from tracker.image import Image

TARGET = Box(100, 80, 60, 50)
SECOND = Box(420, 300, 60, 50)


def picture(shift: int = 0) -> Image:
    image = np.full((480, 640, 3), 110, np.uint8)
    image[::2] += 10
    for box, color in ((TARGET, (40, 60, 220)), (SECOND, (220, 120, 30))):
        x, y, width, height = box.rounded()
        image[y : y + height, x + shift : x + shift + width] = color
    return image


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two targets that move half a pixel a frame to the right, 400 frames at 10 a second."""
    folder = tmp_path_factory.mktemp("clip")
    for number in range(400):
        cv2.imwrite(str(folder / f"{number:03d}.png"), picture(number // 2))
    path = folder / "clip.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-framerate", "10", "-i", str(folder / "%03d.png")]
    subprocess.run([*command, "-c:v", "libx264", "-pix_fmt", "yuv420p", str(path)], check=True, timeout=60)
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def box_of(row: dict[str, str]) -> Box:
    return Box(*(float(row[name]) for name in ("x", "y", "w", "h")))


def moved(box: Box, row: dict[str, str]) -> Box:
    return Box(box.x + int(row["frame"]) // 2, box.y, box.width, box.height)


def test_a_dragged_target_is_followed_until_q(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--csv", "box.csv", "--record", "raw.mp4", "-o", "out.mp4")
    before = desk.screenshot()
    desk.drag(*TARGET)
    wait_for(lambda: (desk.screenshot()[60:200, 60:640] != before[60:200, 60:640]).any(), "a moving target")
    time.sleep(1.0)
    desk.press("q")
    code, out, err = desk.end()
    assert (code, out) == (0, ""), err
    found = rows(desk.folder / "box.csv")
    assert len(found) >= 5
    assert [int(row["frame"]) for row in found] == list(range(len(found)))
    assert iou(box_of(found[-1]), moved(TARGET, found[-1])) > 0.6
    for name in ("raw.mp4", "out.mp4"):
        video = cv2.VideoCapture(str(desk.folder / name))
        assert video.read()[0]
        video.release()


def test_pause_density_reselect_snapshot_preset(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--csv", "box.csv")
    desk.drag(*TARGET)
    time.sleep(0.5)
    desk.press("space")
    time.sleep(0.5)
    still = desk.screenshot()
    time.sleep(0.5)
    np.testing.assert_array_equal(desk.screenshot(), still)  # it is paused
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
    desk.drag(SECOND.x + paused_at // 2, SECOND.y, SECOND.width, SECOND.height)
    time.sleep(1.5)
    desk.press("q")
    code, _, err = desk.end()
    assert code == 0, err
    last = rows(desk.folder / "box.csv")[-1]
    assert int(last["frame"]) > paused_at
    assert iou(box_of(last), moved(SECOND, last)) > 0.6


def test_a_big_frame_is_scaled_down_and_the_box_up(desk: Desk) -> None:
    big = cv2.resize(picture(), (3200, 2400), interpolation=cv2.INTER_NEAREST)  # shown at 1200x900
    cv2.imwrite(str(desk.folder / "big.png"), big)
    desk.start("select", "big.png")
    desk.drag(*TARGET, scale=1200 / 640)
    desk.press("Return")
    code, out, err = desk.end()
    assert code == 0, err
    box = Box(*map(float, out.strip().split(",")))
    assert iou(box, Box(*(5 * v for v in TARGET))) > 0.95


def test_a_selection_cancelled_with_escape(desk: Desk, clip: Path) -> None:
    desk.start("select", clip, "--at", "2s")
    desk.press("Escape")
    code, out, err = desk.end()
    assert (code, out, err) == (4, "", "error: no box was chosen: drag one and press Enter\n")


def test_the_x_closes_the_program(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--csv", "box.csv", "--display", "--roi", ",".join(f"{v:g}" for v in TARGET))
    time.sleep(0.5)
    desk.close_by_x()
    code, _, err = desk.end()
    assert code == 0, err
    assert 0 < len(rows(desk.folder / "box.csv")) < 400


def test_the_x_before_a_target_is_a_cancelled_selection(desk: Desk, clip: Path) -> None:
    desk.start("track", clip)
    desk.close_by_x()
    code, _, err = desk.end()
    assert (code, err) == (4, "error: no target was chosen: drag a box around it, or give --roi\n")


def test_a_resized_window_still_maps_the_mouse(desk: Desk, clip: Path) -> None:
    desk.start("track", clip, "--csv", "box.csv")
    desk.do("search", "--name", "^tracker: ", "windowsize", 960, 720)
    time.sleep(0.5)
    desk.drag(*TARGET, scale=1.5)
    time.sleep(1.0)
    desk.press("q")
    code, _, err = desk.end()
    assert code == 0, err
    assert iou(box_of(rows(desk.folder / "box.csv")[0]), TARGET) > 0.85


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_window_in_order(desk: Desk, clip: Path, signal_number: signal.Signals) -> None:
    desk.start("track", clip, "--csv", "box.csv", "--display", "--roi", ",".join(f"{v:g}" for v in TARGET))
    wait_for(lambda: (desk.folder / "box.csv").exists(), "rows")
    time.sleep(0.5)
    assert desk.process is not None
    desk.process.send_signal(signal_number)
    code, _, err = desk.end()
    assert code == 130, err
    assert (desk.folder / "box.csv").read_text().endswith("\n")


def test_a_file_plays_at_its_own_pace(desk: Desk, clip: Path) -> None:
    roi = ",".join(f"{v:g}" for v in TARGET)
    desk.start("track", clip, "--display", "--roi", roi, "--end", "30")
    started = time.perf_counter()
    assert desk.end()[0] == 0
    paced = time.perf_counter() - started
    desk.start("track", clip, "--display", "--roi", roi, "--speed", "0.5")
    desk.press("q")
    assert desk.end()[0] == 0
    assert paced > 1.0  # three seconds of pictures, less what the start took


def test_without_a_display_the_error_says_what_to_do(tmp_path: Path, clip: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2])}
    for words, code, message in (
        (["track", clip], 2, "error: where is the target? Give --roi or --roi-file (no display for a window"),
        (["track", clip, "--no-display"], 2, "error: where is the target? Give --roi or --roi-file (with --no-display"),
        (["track", clip, "--display", "--roi", "1,1,9,9"], 3, "error: no display for a window (DISPLAY is not set)"),
        (["select", clip], 3, "error: no display for a window (DISPLAY is not set): give --roi"),
    ):
        command = [sys.executable, "-m", "tracker", *map(str, words)]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stderr
        assert done.stderr.startswith(message)
        assert done.stderr.count("\n") == 1
