"""The list of cameras, read from what systems say; there is no camera in a build server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tracker.video.live import devices
from tracker.video.live.devices import (
    Device,
    DeviceMode,
    linux_devices,
    list_devices,
    v4l2_modes,
)

V4L2 = """\
[video4linux2,v4l2 @ 0x55] Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480 160x120 1280x720
[video4linux2,v4l2 @ 0x55] Compressed:       mjpeg :          Motion-JPEG : 640x480 1920x1080
[in#0 @ 0x55] Error opening input: Immediate exit requested
"""


def plug_in(root: Path, number: int, name: str, index: int = 0) -> None:
    entry = root / "sys" / f"video{number}"
    entry.mkdir(parents=True)
    (entry / "name").write_text(f"{name}\n")
    (entry / "index").write_text(f"{index}\n")
    (root / "dev" / "v4l" / "by-id").mkdir(parents=True, exist_ok=True)
    device = root / "dev" / f"video{number}"
    device.touch()
    link = root / "dev" / "v4l" / "by-id" / f"usb-{name.replace(' ', '_')}-video-index{index}"
    link.symlink_to(device)


def test_linux_lists_names_links_and_modes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name, index in ((10, "HD Webcam", 0), (2, "Café Cam", 0), (3, "Café Cam", 1)):
        plug_in(tmp_path, number, name, index)
    monkeypatch.setattr(devices, "_ask", lambda *_: V4L2)
    by_id = tmp_path / "dev" / "v4l" / "by-id"
    modes = (DeviceMode("yuyv422", ("640x480", "160x120", "1280x720")), DeviceMode("mjpeg", ("640x480", "1920x1080")))
    assert linux_devices(tmp_path / "sys", tmp_path / "dev") == [
        Device("2", "Café Cam", str(by_id / "usb-Café_Cam-video-index0"), modes),
        Device("10", "HD Webcam", str(by_id / "usb-HD_Webcam-video-index0"), modes),
    ]


def test_no_cameras(tmp_path: Path) -> None:
    assert linux_devices(tmp_path / "sys", tmp_path / "dev") == []


def test_a_camera_that_does_not_say_what_it_can_do_is_still_listed(tmp_path: Path) -> None:
    plug_in(tmp_path, 0, "Odd Cam")  # its device is a plain file, of which the real ffmpeg can say nothing
    assert [(device.source, device.modes) for device in linux_devices(tmp_path / "sys", tmp_path / "dev")] == [
        ("0", ())
    ]


def test_no_ffmpeg_costs_the_modes_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("ffmpeg", 10)

    monkeypatch.setattr(subprocess, "run", hang)
    plug_in(tmp_path, 0, "Slow Cam")
    assert linux_devices(tmp_path / "sys", tmp_path / "dev")[0].name == "Slow Cam"


@pytest.mark.parametrize(("platform", "backend"), [("darwin", 1200), ("win32", 1400)])
def test_other_systems_have_the_numbers_by_which_opencv_opens(
    platform: str, backend: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def enumerate_cameras(which: int) -> list[SimpleNamespace]:
        asked.append(which)
        return [SimpleNamespace(index=number, name=name) for number, name in enumerate(("Front", "Back"))]

    module = SimpleNamespace(supported_backends=(backend, 700), enumerate_cameras=enumerate_cameras)
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", module)
    assert list_devices() == [Device(str(backend), "Front"), Device(str(backend + 1), "Back")]
    assert asked == [backend]


def test_without_the_package_there_are_no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    assert list_devices() == []


def test_a_report_without_modes() -> None:
    assert v4l2_modes("/dev/video0: Inappropriate ioctl for device") == ()
