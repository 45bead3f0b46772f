"""The last touch to a video where it must not take long: the run was told to end, before it or meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from tests.output.video_reading import boxes_of, read_back
from tracker.ffmpeg import finishing
from tracker.ffmpeg.containers import CONTAINERS
from tracker.ffmpeg.encoder import Encoder
from tracker.ffmpeg.finishing import SoundTrack, finish_video

MP4 = CONTAINERS[".mp4"]
NO_SOUND = SoundTrack("clip.mp4", ("-i", "nowhere.mp4"), "aac", 0.0)


@pytest.fixture
def fragments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A video as it is before the last touch."""
    path = tmp_path / "out.mp4"
    monkeypatch.setattr(finishing, "_QUICK", 0)
    encoder = Encoder(path, 64, 48, 25.0)
    for number in range(70):
        encoder.put(np.full((48, 64, 3), 90, np.uint8), number / 25)
    hurry = threading.Event()
    hurry.set()
    encoder.close(hurry)
    return path


def test_a_large_file_stays_as_it_is_where_the_run_was_ended(fragments: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert boxes_of(fragments).count("moof") == 2
    assert len(read_back(fragments)) == 70
    before = fragments.read_bytes()
    hurry = threading.Event()
    hurry.set()
    with caplog.at_level(logging.WARNING):
        finish_video(fragments, MP4, NO_SOUND, 3.0, hurry)
    assert caplog.messages == ["the sound of clip.mp4 is not kept: the run was ended"]
    assert fragments.read_bytes() == before


def test_a_small_file_is_finished_even_then(fragments: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "_QUICK", 1 << 20)
    hurry = threading.Event()
    hurry.set()
    finish_video(fragments, MP4, None, 3.0, hurry)
    assert "moof" not in boxes_of(fragments)


@pytest.mark.parametrize("sound", [None, NO_SOUND])
def test_it_is_given_up_where_the_run_is_ended_meanwhile(
    fragments: Path,
    sound: SoundTrack | None,
    tmp_path: Path,
    fake_ffmpeg: Callable[[str], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = fragments.read_bytes()
    begun = tmp_path / "begun"
    fake_ffmpeg(f"touch '{begun}'; exec sleep 1000")
    hurry = threading.Event()
    finisher = threading.Thread(target=finish_video, args=(fragments, MP4, sound, 3.0, hurry))
    with caplog.at_level(logging.WARNING):
        finisher.start()
        while not begun.exists():
            time.sleep(0.01)
        hurry.set()
        finisher.join()
    told = ["the sound of clip.mp4 is not kept: the run was ended"]
    assert caplog.messages == (told if sound else [])
    assert fragments.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["begun", "ffmpeg", "out.mp4"]


def test_a_program_that_does_not_start_leaves_the_file(
    fragments: Path, tmp_path: Path, fake_ffmpeg: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    fake_ffmpeg("exit")
    (tmp_path / "ffmpeg").write_bytes(b"\x7fELF")
    before = fragments.read_bytes()
    with caplog.at_level(logging.WARNING):
        finish_video(fragments, MP4, NO_SOUND, 3.0)
    assert "not kept: cannot start ffmpeg" in caplog.messages[0]
    assert fragments.read_bytes() == before
    assert imageio_ffmpeg.get_ffmpeg_exe() == str(tmp_path / "ffmpeg")
