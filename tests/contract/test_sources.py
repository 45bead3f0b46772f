"""One suite over every kind of recording: whatever frames are read from, they are handed out in the same way.

Live sources have a contract of their own, in tests/video/test_video_live_source.py. A new kind is one line in
`MAKERS` (source_makers.py); `test_every_kind_is_here` fails until it is.
"""

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.contract.source_makers import FPS, HEIGHT, MAKERS, TOTAL, WEB, WIDTH
from tests.local_web import web_server
from tracker.errors import ConfigError, SourceError
from tracker.video.base import FrameSource
from tracker.video.sources import SOURCE_KINDS, Opening, open_source
from tracker.video.span import Position, Span

LIVE = {"camera", "stream"}

Open = Callable[..., FrameSource]


@pytest.fixture(scope="module", autouse=True)
def web() -> Iterator[None]:
    """Serve the whole file system here, so that a clip has one path in it and on the web."""
    with web_server(Path("/")) as address:
        WEB.append(address)
        yield
        WEB.clear()


@pytest.fixture(params=sorted(MAKERS))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def opened(kind: str, tmp_path: Path) -> Iterator[Open]:
    """Open the source of this kind, twenty frames long; everything opened is closed at the end."""
    sources = []

    def open_it(start: Position | None = None, end: Position | None = None, stride: int = 1) -> FrameSource:
        spec = MAKERS[kind][1](tmp_path)
        if kind == "still" and end is None:
            end = TOTAL  # a still has no end of its own that is near
        sources.append(open_source(spec, start=start, end=end, stride=stride))
        return sources[-1]

    yield open_it
    for source in sources:
        source.close()


def test_every_kind_is_here() -> None:
    assert {name for name, _ in MAKERS.values()} | LIVE == {kind.name for kind in SOURCE_KINDS}


def test_a_spec_is_of_one_kind(kind: str, tmp_path: Path) -> None:
    name, make = MAKERS[kind]
    opening = Opening(make(tmp_path), Span(), FPS)
    assert next(k.name for k in SOURCE_KINDS if k.matches(opening)) == name


def test_info_tells_what_comes(opened: Open) -> None:
    with opened() as source:
        frames = list(source)
    info = source.info
    assert info.name
    assert "/" not in info.name
    assert (info.width, info.height, info.fps, info.live) == (WIDTH, HEIGHT, FPS, False)
    assert info.frame_count in (TOTAL, None)
    assert len(frames) == TOTAL
    assert source.bad_frames == 0


def test_frames_are_numbered_from_zero_with_rising_times(opened: Open) -> None:
    with opened() as source:
        frames = list(source)
    assert [frame.index for frame in frames] == list(range(TOTAL))
    assert [frame.timestamp for frame in frames] == pytest.approx([i / FPS for i in range(TOTAL)], abs=1e-3)
    assert all(earlier.timestamp < later.timestamp for earlier, later in pairwise(frames))


def test_images_are_fresh_bgr_arrays(opened: Open) -> None:
    with opened() as source:
        images = [frame.image for frame in source]
    for image in images:
        assert image.shape == (HEIGHT, WIDTH, 3)
        assert image.dtype == np.uint8
        assert image.flags.writeable
        assert image.flags.c_contiguous
    for first, second in pairwise(images):
        assert not np.shares_memory(first, second)


def test_drawing_on_a_frame_does_not_reach_the_next(opened: Open) -> None:
    with opened() as clean:
        untouched = [frame.image.copy() for frame in clean]
    with opened() as source:
        for expected, frame in zip(untouched, source, strict=True):
            np.testing.assert_array_equal(frame.image, expected)
            frame.image[:] = 77


@pytest.mark.parametrize(
    ("start", "end", "stride"),
    [
        (None, None, 1),
        (5, None, 1),
        (None, 7, 1),
        (5, 6, 1),
        (3, 17, 4),
        (None, None, 3),
        (None, None, 100),
        (0.2, None, 1),
        (0.2, 0.6, 2),
        (0.21, 0.59, 1),
        (19, None, 1),
        (4, 0.6, 1),
        (0.2, 15, 3),
        (5, 1000, 2),
    ],
)
def test_start_end_and_stride_mean_the_same(
    start: Position | None, end: Position | None, stride: int, kind: str, opened: Open
) -> None:
    total = 1000 if kind == "still" and end == 1000 else TOTAL

    def frame(position: Position | None) -> int | None:
        return int(np.ceil(position * FPS)) if isinstance(position, float) else position

    expected = list(range(total))[frame(start) : frame(end) : stride]
    with opened(start, end, stride) as source:
        assert [frame.index for frame in source] == expected
        assert source.info.frame_count in (len(expected), None)


def test_a_part_has_the_pictures_of_the_whole(opened: Open) -> None:
    with opened() as source:
        whole = {frame.index: frame.image for frame in source}
    with opened(6, 15, 4) as source:
        for frame in source:
            np.testing.assert_array_equal(frame.image, whole[frame.index])


def test_a_start_after_the_end_of_the_source_is_an_error(kind: str, opened: Open) -> None:
    with opened(30, 40) as source:
        if kind == "still":  # goes on for as long as it is asked to
            assert len(list(source)) == 10
            return
        with pytest.raises(
            SourceError, match=r"ends after 20 frames \(.*\), before the start frame 30: give an earlier start"
        ):
            list(source)


@pytest.mark.parametrize("span", [{"start": 5, "end": 5}, {"start": -1}, {"stride": 0}, {"end": 0.0}])
def test_an_impossible_span_is_refused(span: dict[str, int], opened: Open) -> None:
    with pytest.raises(ConfigError):
        opened(**span)


@pytest.mark.parametrize(("start", "end"), [(15, 0.4), (0.6, 10)])
def test_a_span_of_frames_and_seconds_without_a_frame_is_refused(start: Position, end: Position, opened: Open) -> None:
    with opened(start, end) as source, pytest.raises((ConfigError, SourceError), match="before"):
        list(source)


def test_a_loop_left_early_goes_on_where_it_stopped(opened: Open) -> None:
    with opened() as source:
        first = next(iter(source))
        rest = list(source)
    assert first.index == 0
    assert [frame.index for frame in rest] == list(range(1, TOTAL))


def test_an_exhausted_source_stays_exhausted(opened: Open) -> None:
    with opened() as source:
        assert len(list(source)) == TOTAL
        assert list(source) == []


def test_closing_twice_and_in_the_loop(opened: Open) -> None:
    source = opened()
    seen = 0
    for _ in source:
        seen += 1
        source.close()
    source.close()
    assert seen == 1


def test_a_closed_source_says_so(opened: Open) -> None:
    source = opened()
    source.close()
    with pytest.raises(SourceError, match="is closed: open it again"):
        next(iter(source))


def test_the_context_closes_when_the_body_fails(opened: Open) -> None:
    source = opened()
    with pytest.raises(ZeroDivisionError), source:
        divmod(1, next(iter(source)).index)
    with pytest.raises(SourceError, match="is closed"):
        list(source)


def open_handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_is_left_open(opened: Open) -> None:
    opened().close()  # what is loaded once and kept does not count
    handles, threads = open_handles(), threading.active_count()
    for _ in range(5):
        with opened() as source:
            next(iter(source))
    assert open_handles() == handles
    assert threading.active_count() == threads
