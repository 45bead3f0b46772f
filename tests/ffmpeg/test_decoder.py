"""The decoder: pictures of any input, and why it ended. How it fares with streams is in tests/video."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tracker.errors import SourceError
from tracker.ffmpeg.decoder import Decoder

PICTURE = ("-f", "lavfi", "-i", "testsrc=s=65x49:r=12.5:d=0.4")


def test_pictures_rate_and_end() -> None:
    decoder = Decoder("test", PICTURE)
    try:
        assert decoder.fps == 12.5
        pictures = [decoder.read() for _ in range(6)]
        assert [None if picture is None else picture.shape for picture in pictures] == [(49, 65, 3)] * 5 + [None]
        first = pictures[0]
        assert first is not None
        assert first.dtype == np.uint8
        assert first.std() > 20
        assert decoder.complaint() == ""
    finally:
        decoder.close()


def test_the_last_words_are_quoted(tmp_path: Path) -> None:
    decoder = Decoder("test", ("-i", str(tmp_path / "missing.mp4")))
    try:
        assert decoder.read() is None
        assert decoder.complaint() == "No such file or directory"
    finally:
        decoder.close()


def test_a_killed_one_ends() -> None:
    decoder = Decoder("test", ("-re", "-f", "lavfi", "-i", "testsrc=s=32x32:r=5"))
    try:
        assert decoder.read() is not None
        decoder.kill()
        deadline = time.monotonic() + 60
        while decoder.read() is not None:
            assert time.monotonic() < deadline
    finally:
        decoder.close()
        decoder.close()


def test_what_is_no_picture_is_an_error(fake_ffmpeg: Callable[[str], None]) -> None:
    fake_ffmpeg("printf '%060d' 7")
    decoder = Decoder("test", ())
    try:
        with pytest.raises(SourceError, match="ffmpeg sent something that is no picture"):
            decoder.read()
    finally:
        decoder.close()
