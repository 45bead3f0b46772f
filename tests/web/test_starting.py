"""Targets that start without a box that is drawn: on what a detector finds, and on the boxes of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import save
from tests.movers import ground, noisy, with_balls
from tests.web.helpers import MAY_SKIP, Running, browser, open_page
from tracker import TrackerConfig, open_source
from tracker.cli import main
from tracker.detection import open_detector
from tracker.errors import BoxError, ConfigError, SourceError
from tracker.formats.annotation import VideoMeta
from tracker.image import Image
from tracker.session import Session, TrackManager
from tracker.web.broadcast import Phase
from tracker.web.library import Choice
from tracker.web.service import TrackingService
from tracker.web.starting import starts_of_upload

SCENE = "synth:smooth:frames=20:size=160x120"
BOXES = (
    "frame,timestamp,id,label,state,confidence,reason,x,y,w,h\n"
    "0,0.0,7,ann,tracking,1,,60,40,30,30\n"
    "4,0.16,9,bob,tracking,1,,90,50,30,30\n"
)


@pytest.fixture(scope="module")
def balls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty pictures with two orange balls, of which one leaves."""

    def image(index: int) -> Image:
        return noisy(with_balls(ground(), [(80.0 - 4 * index, 40.0, 12.0), (250.0, 60.0 + index, 15.0)]), index)

    return save(tmp_path_factory.mktemp("balls") / "balls", [image(index) for index in range(60)])


@pytest.fixture
def service() -> TrackingService:
    return TrackingService(TrackerConfig(), "fast", speed=0.0)


def to_the_end(service: TrackingService) -> None:
    service.player.play()
    while service.player.phase is Phase.PLAYING:
        service.advance()


def test_targets_start_and_end_as_in_a_session(balls: Path) -> None:
    service = TrackingService(TrackerConfig(), "fast", speed=0.0, auto="color=orange")
    service.open(Choice(balls, "balls"))
    assert service.status.auto == "color=orange"
    to_the_end(service)
    found = {entry.index: [(t.id, t.label, t.result.box) for t in entry.tracks] for entry in service.results.entries()}
    with Session(open_source(balls), initiation=TrackManager(open_detector("color=orange")), config="fast") as session:
        expected = {step.frame.index: [(t.id, t.label, t.result.box) for t in step.tracks] for step in session}
    assert found == {index: tracks for index, tracks in expected.items() if tracks}
    left = service.results.targets[0]
    assert left.ended
    assert left.last < 59
    assert [track.id for track in service.snapshot().tracks] == [1]
    assert [event.event for event in service.events.newest(99) if event.target == 1][-1] == "appeared"
    service.close()


def test_what_starts_by_itself_can_be_changed_and_removed(balls: Path, service: TrackingService) -> None:
    service.automate("color=orange")
    service.open(Choice(balls, "balls"))
    assert service.add((5.0, 100.0, 30.0, 30.0)) == 0
    service.player.play()
    while len(service.results.targets) < 3:
        service.advance()
    service.remove(2, rows=True)
    to_the_end(service)
    assert sorted(service.results.targets) == [0, 1]  # no other starts where one was removed
    service.automate("")
    service.open(Choice(balls, "balls"))
    assert service.add((5.0, 100.0, 30.0, 30.0)) == 3  # no number is given twice
    to_the_end(service)
    assert sorted(service.results.targets) == [3]
    service.automate("motion")
    with pytest.raises(ConfigError, match="nothing starts by itself"):
        service.automate("sound")
    assert service.status.auto == "motion"
    service.close()


def test_numbers_go_on_where_targets_start_before_one_is_drawn(balls: Path, service: TrackingService) -> None:
    service.open(Choice(SCENE, "scene"))
    assert [service.add((20, 20, 30, 30)), service.add((60, 20, 30, 30))] == [0, 1]
    service.automate("color=orange")
    service.open(Choice(balls, "balls"))
    to_the_end(service)
    assert sorted(service.results.targets) == [2, 3]
    assert service.add((5.0, 100.0, 30.0, 30.0)) == 4
    service.close()


def test_the_boxes_of_a_file_start_where_they_are(service: TrackingService, tmp_path: Path) -> None:
    starts = starts_of_upload(BOXES.encode(), tmp_path / "boxes.txt", VideoMeta())
    service.open(Choice(SCENE, "scene"), starts)
    (track,) = service.snapshot().tracks
    assert (track.id, track.label, tuple(track.result.box)) == (0, "ann", (60.0, 40.0, 30.0, 30.0))
    to_the_end(service)
    assert [(log.label, log.born) for _, log in sorted(service.results.targets.items())] == [("ann", 0), ("bob", 4)]
    assert not list(tmp_path.iterdir())


def test_a_box_of_a_file_that_cannot_be_used_is_said(service: TrackingService, tmp_path: Path) -> None:
    text = BOXES.replace("60,40,30,30", "900,40,30,30")
    service.open(Choice(SCENE, "scene"), starts_of_upload(text.encode(), tmp_path / "boxes.txt", VideoMeta()))
    assert "ann is not followed from frame 0 on" in service.status.message
    to_the_end(service)
    assert [log.label for log in service.results.targets.values()] == ["bob"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04" + bytes(30), "archives are not taken"),
        (b"", "the file"),
        (b"\x00\xff" * 50, "the file"),
        (BOXES.splitlines()[0].encode() + b"\n", "no box"),
        (b"[" * 100_000, "the file"),
    ],
    ids=["archive", "empty", "bytes", "head alone", "deep"],
)
def test_what_is_no_file_of_boxes_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises((SourceError, ConfigError), match=message) as refused:
        starts_of_upload(content, tmp_path / "boxes.txt", VideoMeta())
    assert str(tmp_path) not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_a_file_of_too_many_targets_is_refused(tmp_path: Path) -> None:
    service = TrackingService(TrackerConfig(), "fast", speed=0.0, max_targets=1)
    starts = starts_of_upload(BOXES.encode(), tmp_path / "boxes.txt", VideoMeta())
    with pytest.raises(BoxError, match="there are 0 targets already: 2 more are too many"):
        service.expect(starts)


def test_programs_send_boxes_and_say_what_starts(serve) -> None:
    running = serve(SCENE)
    sent = running.http.post("/api/targets/file", content=BOXES)
    assert sent.json() == {"targets": 2}, sent.text
    assert running.http.post("/api/targets/file", content=b"PK" + bytes(99)).status_code == 400
    assert running.http.post("/api/targets/file?source=99", content=BOXES).status_code == 409
    running.post("/api/playback", action="speed", speed=0)
    running.post("/api/playback", action="play")
    running.wait_for("ended")
    assert {row["label"] for row in running.http.get("/api/targets").json()} == {"ann", "bob"}
    assert running.http.put("/api/auto", json={"what": "color=orange"}).status_code == 204
    assert running.status()["auto"] == "color=orange"
    assert running.http.put("/api/auto", json={"what": "color=mauve"}).status_code == 400
    for outside in ("color=/etc/passwd", "color=ball.png", "sound"):  # no client names files of the server
        assert running.http.put("/api/auto", json={"what": outside}).status_code == 422


def test_options_of_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    boxes, none = tmp_path / "boxes.csv", tmp_path / "none.csv"
    boxes.write_text(BOXES)
    none.write_text(BOXES.splitlines()[0] + "\n")
    for words, message in (
        (["--roi-file", str(boxes)], "give the SOURCE"),
        (["--auto", "sound"], "nothing starts by itself"),
        ([SCENE, "--roi-file", str(none)], "holds no box"),
        (["--webhook", "ftp://ann:secret@host/x"], "no address of a web server"),
    ):
        with pytest.raises(SystemExit, match="2"):
            main(["serve", "--port", "0", *words])
        said = capsys.readouterr().err
        assert message in said
        assert "secret" not in said


@pytest.mark.skipif(MAY_SKIP, reason="no chromium here")
def test_in_the_page(serve, balls: Path, tmp_path: Path) -> None:
    running: Running = serve(str(balls), speed=0.0)
    boxes = tmp_path / "boxes.csv"
    boxes.write_text(BOXES)
    with browser(tmp_path / "browser") as context:
        page, errors = open_page(context, running.url)
        page.wait_for_selector("body[data-role=lead] #picture[data-frame='0']")
        page.select_option("#auto", "color")
        page.wait_for_selector("#auto-color:visible")
        running.wait_until(lambda: running.status()["auto"] == "color=#ff8800")
        page.set_input_files("#boxes", boxes)
        page.wait_for_selector("#announce:text('2 targets')", state="attached")
        page.click("#play")
        page.wait_for_selector("body[data-phase=ended]")
        page.wait_for_selector("#events:has-text('color')")
        page.wait_for_selector("#events:has-text('bob')")
        assert not errors
