"""Changes by hand: what they replace, what they leave, and that each can be undone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tracker import TrackerConfig, open_source
from tracker.errors import BoxError, SourceError, TargetIdError
from tracker.geometry import Box, iou
from tracker.tracking.result import TrackState
from tracker.web.broadcast import Phase
from tracker.web.library import Choice
from tracker.web.orders import StaleOrderError
from tracker.web.results import LoggedFrame
from tracker.web.service import TrackingService

SCENE = "synth:smooth:frames=20:size=160x120"
CHOICE = Choice(SCENE, "scene")
ASIDE = Box(5, 5, 24, 24)
_PATIENCE = 60.0


def truth(index: int) -> Box:
    with open_source(SCENE) as source:
        return source.truth(index)


@pytest.fixture
def service() -> Iterator[TrackingService]:
    service = TrackingService(TrackerConfig(), "fast", speed=0.0)
    service.open(CHOICE)
    yield service
    service.close()


def until(service: TrackingService, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        service.advance()
        time.sleep(0.002)


def play(service: TrackingService) -> None:
    service.player.play()
    until(service, lambda: service.player.phase is not Phase.PLAYING)


def go_to(service: TrackingService, index: int) -> None:
    service.show(service.player.seek(index / 25))
    assert service.frame is not None
    assert service.frame.index == index


def settle(service: TrackingService) -> None:
    until(service, lambda: not service.edits.work)


def rows(service: TrackingService, target: int = 0) -> dict[int, Box]:
    return {
        entry.index: track.result.box
        for entry in service.results.entries()
        for track in entry.tracks
        if track.id == target
    }


def entries(service: TrackingService) -> list[LoggedFrame]:
    return list(service.results.entries())


def test_adding_can_be_undone_and_done_again(service: TrackingService) -> None:
    service.add(truth(0))
    play(service)
    before = entries(service)
    assert service.status.undo == "add #0"
    service.edits.undo()
    service.refresh()
    assert (entries(service), service.snapshot().tracks, service.status.undo) == ([], (), "")
    assert service.status.redo == "add #0"
    service.edits.redo()
    settle(service)
    service.refresh()
    assert entries(service) == before
    assert [track.id for track in service.snapshot().tracks] == [0]


def test_removing_takes_the_rows_only_where_asked_and_can_be_undone(service: TrackingService) -> None:
    service.add(truth(0))
    play(service)
    before = entries(service)
    assert service.remove(0)
    assert service.snapshot().tracks == ()
    assert entries(service) == before
    service.edits.undo()
    assert service.remove(0, rows=True)
    assert entries(service) == []
    service.edits.undo()
    settle(service)
    assert entries(service) == before


def test_a_target_goes_on_after_its_removal_was_undone(service: TrackingService) -> None:
    service.add(truth(0))
    for _ in range(5):
        service.show(service.player.step())
    service.remove(0, rows=True)
    for _ in range(5):
        service.show(service.player.step())
    assert entries(service) == []
    service.edits.undo()
    settle(service)
    play(service)
    found = rows(service)
    assert sorted(found) == list(range(20))
    assert iou(found[19], truth(19)) > 0.5


def test_a_box_on_an_early_frame_is_tracked_to_the_newest(service: TrackingService) -> None:
    service.add(ASIDE)
    play(service)
    aside = rows(service, 0)
    go_to(service, 3)
    number = service.add(truth(3))
    assert service.player.phase is Phase.PAUSED
    settle(service)
    found = rows(service, number)
    assert sorted(found) == list(range(3, 20))
    assert all(iou(box, truth(index)) > 0.5 for index, box in found.items())
    assert rows(service, 0) == aside


def test_a_correction_replaces_the_rows_up_to_the_next_key_frame(service: TrackingService) -> None:
    service.add(ASIDE)
    play(service)
    wrong = rows(service)
    go_to(service, 12)
    service.edits.correct(0, truth(12), 12)
    settle(service)
    go_to(service, 5)
    service.edits.correct(0, truth(5), 5)
    settle(service)
    found = rows(service)
    assert sorted(found) == list(range(20))
    assert {n: found[n] for n in range(5)} == {n: wrong[n] for n in range(5)}
    assert all(iou(found[n], truth(n)) > 0.5 for n in range(5, 20))
    assert found[12] == truth(12)
    assert sorted(service.results.targets[0].keys) == [0, 5, 12]
    service.edits.undo()
    service.edits.undo()
    settle(service)
    assert rows(service) == wrong


def test_a_correction_of_the_newest_frame_is_followed_from_there(service: TrackingService) -> None:
    service.add(ASIDE)
    for _ in range(5):
        service.show(service.player.step())
    service.edits.correct(0, truth(5), 5)
    service.refresh()
    (track,) = service.snapshot().tracks
    assert (track.id, track.result.box, track.result.state) == (0, truth(5), TrackState.TRACKING)
    play(service)
    assert all(iou(box, truth(index)) > 0.5 for index, box in rows(service).items() if index >= 5)


def test_tracking_again_replaces_what_follows(service: TrackingService) -> None:
    service.add(truth(0))
    play(service)
    first = rows(service)
    go_to(service, 8)
    service.edits.retrack(0, 8)
    assert service.status.undo == "track #0 again"
    settle(service)
    again = rows(service)
    assert {n: again[n] for n in range(9)} == {n: first[n] for n in range(9)}
    assert all(iou(again[n], truth(n)) > 0.5 for n in range(20))
    with pytest.raises(TargetIdError):
        service.edits.retrack(7, 8)


def test_playing_on_beyond_rows_goes_on_from_them(service: TrackingService) -> None:
    service.add(truth(0))
    for _ in range(8):
        service.show(service.player.step())
    first = rows(service)
    service.show(service.player.seek(18 / 25))
    go_to(service, 2)
    play(service)
    found = rows(service)
    assert {n: found[n] for n in range(9)} == first
    assert sorted(found) == list(range(20))
    assert all(iou(found[n], truth(n)) > 0.5 for n in range(18))


def test_a_name_and_a_color_can_be_given(service: TrackingService) -> None:
    service.add(truth(0))
    service.edits.rename(0, "ann", "#ff8800")
    service.refresh()
    (track,) = service.snapshot().tracks
    assert (track.label, service.results.targets[0].color) == ("ann", "#ff8800")
    play(service)
    assert {track.label for entry in entries(service) for track in entry.tracks} == {"ann"}
    service.edits.undo()
    assert service.results.targets[0].label == ""


def test_orders_for_another_source_and_frames_that_are_gone_are_refused(service: TrackingService) -> None:
    serial = service.player.source.serial
    service.check(serial)
    service.check(None)
    with pytest.raises(BoxError, match="frame 7 is not kept"):
        service.add(truth(7), index=7)
    service.open(CHOICE)
    with pytest.raises(StaleOrderError, match="another source"):
        service.check(serial)
    assert service.edits.undo() == ""
    with pytest.raises(SourceError, match="no frame before"):
        service.step_back()


def test_a_step_back_shows_the_frame_before(service: TrackingService) -> None:
    go_to(service, 6)
    done = service.step_back()
    until(service, done.done)
    assert service.frame is not None
    assert service.frame.index == 5
