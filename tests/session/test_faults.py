"""What fails in a session: sources and sinks are closed, and what came before is kept."""

from __future__ import annotations

import numpy as np
import pytest

from tests.session.helpers import Notes, Source, scene
from tracker.errors import BoxError, FrameError, OutputError, SourceError
from tracker.geometry import Box
from tracker.session import Session


@pytest.fixture
def images() -> list[np.ndarray]:
    return scene()[0]


@pytest.fixture
def roi() -> Box:
    return scene()[1]


@pytest.mark.parametrize("box", [(0, 0, 0, 5), (500, 500, 10, 10), (float("nan"), 0, 9, 9)])
def test_nothing_is_written_for_a_box_that_cannot_be_used(box: tuple[float, ...], images: list[np.ndarray]) -> None:
    source, notes = Source(images), Notes()
    with pytest.raises(BoxError):
        Session(source, box, sinks=[notes]).run()
    assert notes.frames == []
    assert notes.closed
    assert source.closed


def test_a_frame_of_another_size_ends_the_run_and_keeps_what_came_before(images: list[np.ndarray], roi: Box) -> None:
    source, notes = Source([*images[:5], images[5][:-2], *images[6:]]), Notes()
    session = Session(source, roi, sinks=[notes])
    with pytest.raises(FrameError, match=r"160x118.*160x120"):
        session.run()
    assert notes.frames == [0, 1, 2, 3, 4]
    assert session.summary.frames == 5
    assert notes.closed
    assert source.closed


def test_a_source_that_fails_leaves_the_sinks_closed(images: list[np.ndarray], roi: Box) -> None:
    notes = Notes()
    with pytest.raises(SourceError, match="unplugged"):
        Session(Source([*images[:3], SourceError("unplugged")]), roi, sinks=[notes]).run()
    assert notes.frames == [0, 1, 2]
    assert notes.closed


def test_a_sink_that_fails_ends_the_run_and_leaves_the_others_complete(images: list[np.ndarray], roi: Box) -> None:
    source, broken, sound = Source(images), Notes(fail_at=2, fail_to_close=True), Notes()
    with pytest.raises(OutputError, match="disk full") as caught:
        Session(source, roi, sinks=[broken, sound]).run()
    assert caught.value.__notes__ == ["cannot finish"]
    assert sound.frames == [0, 1, 2]
    assert sound.closed
    assert source.closed


def test_a_sink_that_cannot_finish_is_an_error_of_the_run(images: list[np.ndarray], roi: Box) -> None:
    source = Source(images)
    with pytest.raises(OutputError, match="cannot finish"):
        Session(source, roi, sinks=[Notes(fail_to_close=True)]).run()
    assert source.closed


def test_an_error_of_the_caller_leaves_everything_closed(images: list[np.ndarray], roi: Box) -> None:
    source, notes = Source(images), Notes()

    def look() -> None:
        with Session(source, roi, sinks=[notes]) as session:
            for _ in session:
                raise KeyError("the caller's")

    with pytest.raises(KeyError):
        look()
    assert source.closed
    assert notes.closed
