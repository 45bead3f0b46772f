"""Damaged files of every format: an error with a reason or a video, never a crash, a hang or numbers that are none."""

from __future__ import annotations

import functools
import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.making import META, at
from tracker.errors import TrackerError
from tracker.formats.annotation import AnnotatedVideo
from tracker.formats.registry import FORMATS
from tracker.formats.starts import read_starts
from tracker.tracking.result import TrackState

ONE_TARGET = ("otb", "got10k", "vot")
FILES = [name for name, kind in FORMATS.items() if not kind.is_folder]
NASTY = [
    b"",
    b"0",
    b"-1",
    b"nan",
    b"inf",
    b"1e400",
    b"9" * 400,
    b"9" * 5000,
    b'"',
    b"{",
    b"[" * 3000,
    b"\x00",
    b"\xff\xfe",
]
NASTY += [b"\r", "\u2028".encode(), b",,,,", b"true", b"null", b"99999999999", b"-0.0", b"1.5", b" " * 100]


@functools.cache
def sound(name: str) -> bytes:
    """Return a small file of a format."""
    states = (TrackState.TRACKING, TrackState.OCCLUDED, None)
    found = [at(k, 0, "car", confidence=0.5, state=state) for k, state in enumerate(states)]
    if name not in ONE_TARGET:
        found += [at(k, 3, "Zoë 車", confidence=0.25, timestamp=k / 25) for k in range(1, 4)]
    with tempfile.TemporaryDirectory() as folder:
        FORMATS[name].write(AnnotatedVideo.of(found, META), Path(folder) / "a")
        return (Path(folder) / "a").read_bytes()


edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 12), st.one_of(st.sampled_from(NASTY), st.binary(max_size=6))),
    min_size=1,
    max_size=4,
)
"""Where bytes are replaced (as a share of the file), how many, and by what."""


def damaged(data: bytes, changes: list[tuple[float, int, bytes]], cut: float) -> bytes:
    for place, count, new in changes:
        start = int(place * len(data))
        data = data[:start] + new + data[start + count :]
    return data[: int(len(data) * cut)]


@pytest.mark.parametrize("name", FILES)
@settings(derandomize=True, database=None, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(changes=edits, cut=st.one_of(st.just(1.0), st.floats(0, 1)))
def test_damaged_files(name: str, changes: list[tuple[float, int, bytes]], cut: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, back = Path(folder) / "a", Path(folder) / "back.csv"
        path.write_bytes(damaged(sound(name), changes, cut))
        try:
            video = FORMATS[name].read(path, META)
        except TrackerError:
            return
        for one in video.annotations:
            assert all(math.isfinite(value) for value in one.box)
            assert one.box.width > 0
            assert one.box.height > 0
            assert one.frame >= 0
            assert one.id is None or one.id >= 0
        FORMATS["csv"].write(video, back)
        again = FORMATS["csv"].read(back, META)
        assert [(one.frame, one.id) for one in again.annotations] == [(one.frame, one.id) for one in video.annotations]


@settings(derandomize=True, database=None, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(FILES), changes=edits, cut=st.floats(0, 1))
def test_damaged_files_told_by_their_content(name: str, changes: list[tuple[float, int, bytes]], cut: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(damaged(sound(name), changes, cut))
        try:
            starts = read_starts(path, META)
        except TrackerError:
            return
        assert all(start.boxes for start in starts)
