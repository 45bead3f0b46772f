"""The buffer of past steps: a place among them, and what may be forgotten."""

from __future__ import annotations

import numpy as np

from tracker.session import FrameBuffer, Step
from tracker.video.base import Frame

PICTURE = np.zeros((24, 32, 3), np.uint8)


def step(index: int) -> Step:
    return Step(Frame(PICTURE, index, index / 10), ())


def test_the_buffer_steps_back_and_forth() -> None:
    buffer = FrameBuffer()
    assert buffer.current is None
    assert not buffer.back()
    for index in range(4):
        buffer.add(step(index))
    assert buffer.back()
    assert buffer.back()
    assert buffer.in_past
    assert buffer.current is not None
    assert buffer.current.frame.index == 1
    assert buffer.forward()
    assert buffer.current.frame.index == 2
    buffer.catch_up()
    assert not buffer.in_past
    assert not buffer.forward()


def test_the_buffer_is_bounded_by_memory_and_keeps_at_least_two() -> None:
    picture = PICTURE.nbytes
    for limit, kept in ((10 * picture, 10), (0, 2)):
        buffer = FrameBuffer(limit)
        for index in range(50):
            buffer.add(step(index))
        assert sum(buffer.back() for _ in range(50)) == kept - 1


def test_the_same_frame_again_replaces_what_was_said_of_it() -> None:
    buffer = FrameBuffer()
    buffer.add(step(1))
    buffer.add(step(1))
    assert not buffer.back()


def test_an_earlier_frame_makes_all_be_forgotten() -> None:
    buffer = FrameBuffer()
    for index in (4, 5, 6, 2, 3):
        buffer.add(step(index))
    assert buffer.back()
    assert not buffer.back()
    assert [frame.index for frame in buffer.since(2)] == [2, 3]


def test_frames_since_one_that_is_kept_and_the_newest_alone_otherwise() -> None:
    buffer = FrameBuffer()
    assert buffer.since(None) == []
    for index in range(5):
        buffer.add(step(index))
    assert [frame.index for frame in buffer.since(2)] == [2, 3, 4]
    for gone in (None, 9):
        assert [frame.index for frame in buffer.since(gone)] == [4]
