"""Cameras, with a fake where OpenCV would be: there is none in a build server."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import cv2
import pytest

from tests.video.live_fakes import HEIGHT, WIDTH, FakeCapture, number_of
from tracker.errors import ConfigError, SourceError
from tracker.video.live import camera as live_camera
from tracker.video.live.camera import Camera, CameraFeed, CameraMode, camera
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.sources import open_source

FOURCC = cv2.VideoWriter.fourcc


@pytest.fixture
def plugged(tmp_path: Path) -> Camera:
    """A camera whose device is there."""
    (tmp_path / "video0").touch()
    return Camera.parse(0, tmp_path)


def test_a_camera_is_a_number_or_a_path(tmp_path: Path) -> None:
    device = tmp_path / "video2"
    device.touch()
    link = tmp_path / "usb-Maker_Model-index0"
    link.symlink_to(device)
    assert Camera.parse("2", tmp_path).name == Camera.parse(2, tmp_path).name == "camera 2"
    by_id = Camera.parse(str(link))
    assert (by_id.name, by_id.target) == ("usb-Maker_Model-index0", str(device))


@pytest.mark.parametrize(("platform", "by_path"), [("linux", True), ("darwin", False), ("win32", False)])
def test_only_linux_opens_by_path(
    platform: str, by_path: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert Camera.parse(0, tmp_path).target == (str(tmp_path / "video0") if by_path else 0)


@pytest.mark.parametrize("spec", [-1, "-1", "-12"])
def test_a_negative_number_never_reaches_the_backend(spec: int | str) -> None:
    with pytest.raises(SourceError, match=r"camera -\d+ is not possible: cameras count from 0; `tracker devices`"):
        open_source(spec)


@pytest.mark.parametrize("spec", [63, "63", "/dev/video63"])
def test_an_absent_camera_is_named(spec: int | str) -> None:
    with pytest.raises(SourceError, match=r"there is no (camera 63|video63) \(/dev/video63\): plug it in"):
        open_source(spec)


def test_no_permission_says_so(plugged: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path != plugged.device)
    with pytest.raises(SourceError, match=r"no permission to use camera 0 .*: add yourself to the group that owns it"):
        CameraFeed(plugged, CameraMode(), lambda _: FakeCapture())


def test_a_busy_camera_says_so_and_is_let_go(plugged: Camera) -> None:
    capture = FakeCapture(opened=False)
    with pytest.raises(SourceError, match="camera 0 cannot be opened: another program may be using it"):
        CameraFeed(plugged, CameraMode(), lambda _: capture)
    assert capture.released == 1


def test_format_then_size_then_rate(plugged: Camera) -> None:
    capture = FakeCapture()
    CameraFeed(plugged, CameraMode(WIDTH, HEIGHT, 30, "MJPG"), lambda _: capture)
    assert capture.requests == [
        (cv2.CAP_PROP_FOURCC, FOURCC(*"MJPG")),
        (cv2.CAP_PROP_FRAME_WIDTH, WIDTH),
        (cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT),
        (cv2.CAP_PROP_FPS, 30),
    ]


def test_nothing_is_asked_of_a_camera_unasked(plugged: Camera) -> None:
    capture = FakeCapture()
    CameraFeed(plugged, CameraMode(), lambda _: capture)
    assert capture.requests == []


def test_a_mode_that_was_granted_is_not_spoken_of(plugged: Camera, caplog: pytest.LogCaptureFixture) -> None:
    CameraFeed(plugged, CameraMode(WIDTH, HEIGHT, 30, "MJPG"), lambda _: FakeCapture())
    assert caplog.text == ""


def test_a_mode_that_was_not_granted_is_said(plugged: Camera, caplog: pytest.LogCaptureFixture) -> None:
    grants = {cv2.CAP_PROP_FPS: 15.0, cv2.CAP_PROP_FOURCC: FOURCC(*"YUYV")}
    CameraFeed(plugged, CameraMode(1920, 1080, 30, "MJPG"), lambda _: FakeCapture(grants=grants))
    assert "camera 0 gives pixel format YUYV instead of MJPG" in caplog.text
    assert "camera 0 gives size 32x24 instead of 1920x1080" in caplog.text
    assert "camera 0 gives frames per second 15 instead of 30" in caplog.text


@pytest.mark.parametrize(
    "wrong", [{"width": 640}, {"width": 0, "height": 10}, {"fps": -1.0}, {"pixel_format": "MJPEG"}]
)
def test_an_impossible_mode_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"not possible|give both"):
        CameraMode(**wrong)


def open_fake(plugged: Camera, capture: FakeCapture) -> LiveSource:
    return LiveSource("camera 0", camera(plugged, open_capture=lambda _: capture), LivePolicy(reconnects=0))


def test_the_first_half_second_is_thrown_away(plugged: Camera) -> None:
    with open_fake(plugged, FakeCapture(level=lambda number: 0 if number < 20 else 200)) as source:
        assert number_of(next(iter(source)).image) == 200
        assert source.info.fps is None


def test_a_few_failed_reads_are_passed_over(plugged: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CameraFeed, "warm_up", 0.0)
    with open_fake(plugged, FakeCapture(fail_first=3)) as source:
        assert number_of(next(iter(source)).image) >= 4


def test_unplugged_in_mid_read(plugged: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CameraFeed, "warm_up", 0.0)
    capture = FakeCapture(good_reads=10)
    with (
        open_fake(plugged, capture) as source,
        pytest.raises(SourceError, match="camera 0 gives no more pictures: it may have been unplugged"),
    ):
        list(source)
    assert capture.released == 1


def test_plugged_in_again(plugged: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CameraFeed, "warm_up", 0.0)
    captures = iter([FakeCapture(good_reads=3), FakeCapture(opened=False), FakeCapture(level=lambda _: 99)])
    connect = camera(plugged, open_capture=lambda _: next(captures))
    with LiveSource("camera 0", connect, LivePolicy(reconnects=3, first_pause=0.01)) as source:
        assert 99 in (number_of(frame.image) for frame, _ in zip(source, range(20), strict=False))
        assert source.stats.reconnects == 1


def test_a_real_backend_that_finds_no_camera(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()  # a file, not a camera
    with pytest.raises(SourceError, match="cannot be opened"):
        live_camera.camera(Camera.parse(0, tmp_path))()
