"""The tracker as the VOT toolkit drives it: a process of its own, spoken to by the toolkit's client library."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
import trax
import trax.client

from tracker.cli import main
from tracker.geometry import Box, iou
from tracker.tracking.tracker import Tracker
from tracker.video.images import read_image
from tracker.video.span import Span
from tracker.video.synthetic.source import SyntheticSource, parse_scene

SCENE = "synth:smooth:frames=20:size=200x150"
SERVER = (sys.executable, "-m", "tracker", "trax")


@pytest.fixture(scope="module")
def scene() -> SyntheticSource:
    return SyntheticSource(parse_scene(SCENE), Span())


@pytest.fixture(scope="module")
def pictures(scene: SyntheticSource, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("color")
    paths = []
    for frame in scene:
        paths.append(folder / f"{frame.index + 1:08d}.png")
        cv2.imwrite(str(paths[-1]), frame.image)
    return paths


@contextmanager
def server(*words: str) -> Iterator[tuple[trax.client.Client, subprocess.Popen[bytes]]]:
    with subprocess.Popen(
        [*SERVER, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield trax.client.Client((process.stdin.fileno(), process.stdout.fileno()), log=_unheard), process
        finally:
            process.stdin.close()
            process.kill()


def _unheard(text: str) -> None:
    """The client library wants somebody to tell what it says."""


def truth(scene: SyntheticSource, index: int) -> Box:
    box = scene.truth(index)
    assert box is not None
    return box


def shown(path: Path) -> dict[str, trax.Image]:
    return {"color": trax.FileImage.create(str(path))}


def region(box: Box) -> trax.Region:
    return trax.Rectangle.create(*box)


def boxes(objects: list[tuple[trax.Region, trax.Properties]]) -> list[Box]:
    return [Box(*found.bounds()) for found, _ in objects]


def test_the_toolkits_client_follows_a_target(scene: SyntheticSource, pictures: list[Path]) -> None:
    start = truth(scene, 0)
    own = Tracker()
    with server() as (client, process):
        assert client.tracker_name == "meanshift-tracker"
        assert (client.region_formats, client.get("multiobject")) == (["rectangle"], True)
        objects, _ = client.initialize(shown(pictures[0]), [(region(start), {})], {})
        assert tuple(boxes(objects)[0]) == pytest.approx(tuple(own.init(read_image(pictures[0]), start).box), abs=0.01)
        overlaps = []
        for index, path in enumerate(pictures[1:], 1):
            objects, _ = client.frame(shown(path), {}, [])
            result = own.update(read_image(path))
            assert tuple(boxes(objects)[0]) == pytest.approx(tuple(result.box), abs=0.01)
            assert float(objects[0][1].get("confidence")) == pytest.approx(result.confidence, abs=1e-3)
            assert objects[0][1].get("state") == result.state.value
            overlaps.append(iou(boxes(objects)[0], truth(scene, index)))
        client.quit()
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert min(overlaps) > 0.5


def test_pictures_come_in_every_way(scene: SyntheticSource, pictures: list[Path]) -> None:
    start = truth(scene, 0)
    with server("-c", "accurate") as (client, _):
        picture = read_image(pictures[1])
        assert picture is not None
        rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        ways = [
            trax.FileImage.create(str(pictures[1])),
            trax.MemoryImage.create(rgb),
            trax.BufferImage.create(pictures[1].read_bytes()),
        ]
        found = []
        for image in ways:
            client.initialize(shown(pictures[0]), [(region(start), {})], {})
            found += boxes(client.frame({"color": image}, {}, [])[0])
        client.quit()
    assert found[0] == found[1] == found[2]


def test_several_objects(scene: SyntheticSource, pictures: list[Path]) -> None:
    start = truth(scene, 0)
    corner = Box(5, 5, 30, 30)
    with server() as (client, _):
        objects, _ = client.initialize(shown(pictures[0]), [(region(start), {}), (region(corner), {})], {})
        assert [tuple(box) for box in boxes(objects)] == [
            pytest.approx(tuple(box), abs=0.01) for box in (start, corner)
        ]
        objects, _ = client.frame(shown(pictures[1]), {}, [])
        assert len(objects) == 2
        objects, _ = client.frame(shown(pictures[2]), {}, [(region(Box(60, 60, 20, 20)), {})])
        assert len(objects) == 3
        client.quit()


def test_one_bad_object_does_not_stop_the_others(scene: SyntheticSource, pictures: list[Path]) -> None:
    start, outside = truth(scene, 0), Box(900, 0, 9, 9)
    with server() as (client, process):
        objects, _ = client.initialize(shown(pictures[0]), [(region(outside), {}), (region(start), {})], {})
        assert (boxes(objects)[0], objects[0][1].get("state")) == (outside, "lost")
        assert float(objects[0][1].get("confidence")) == 0.0
        assert "outside the 200x150 frame" in objects[0][1].get("reason")
        objects, _ = client.frame(shown(pictures[1]), {}, [(region(outside), {})])
        assert [found.get("state") for _, found in objects] == ["lost", "tracking", "lost"]
        assert iou(boxes(objects)[1], truth(scene, 1)) > 0.5
        client.quit()
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert process.stderr.read().decode().count("is not followed: box (900, 0, 9, 9) lies outside") == 2


def test_polygons_and_masks_come_as_rectangles(scene: SyntheticSource, pictures: list[Path]) -> None:
    box = Box(60, 40, 30, 20)
    polygon = trax.Polygon.create([(60, 40), (90, 40), (90, 60), (60, 60)])
    mask = trax.Mask.create(np.ones((20, 30), np.uint8), x=60, y=40)
    with server() as (client, _):
        objects, _ = client.initialize(shown(pictures[0]), [(polygon, {}), (mask, {})], {})
        client.quit()
    assert [tuple(found) for found in boxes(objects)] == [pytest.approx(tuple(box), abs=1.0)] * 2


@pytest.mark.parametrize("unusable", [Box(900, 0, 9, 9), Box(10, 10, 1, 1)])
def test_an_only_object_that_cannot_be_followed_does_not_end_the_session(
    unusable: Box, scene: SyntheticSource, pictures: list[Path]
) -> None:
    with server() as (client, process):
        for path in pictures[:2]:
            objects, _ = client.initialize(shown(path), [(region(unusable), {})], {})
            assert (boxes(objects)[0], objects[0][1].get("state")) == (unusable, "lost")
            assert "200x150 frame" in objects[0][1].get("reason")
        objects, _ = client.frame(shown(pictures[2]), {}, [])
        assert objects[0][1].get("state") == "lost"
        objects, _ = client.initialize(shown(pictures[3]), [(region(truth(scene, 3)), {})], {})
        assert objects[0][1].get("state") == "tracking"
        client.quit()
        assert process.wait(timeout=30) == 0


def test_a_picture_that_cannot_be_decoded_is_answered_and_the_next_one_followed(
    scene: SyntheticSource, pictures: list[Path], tmp_path: Path
) -> None:
    torn = tmp_path / "torn.png"
    torn.write_bytes(pictures[1].read_bytes()[:400])
    bad = [
        trax.FileImage.create(str(tmp_path / "none.png")),
        trax.FileImage.create(str(torn)),
        trax.BufferImage.create(b"\x89PNG\r\n and no more"),
    ]
    with server() as (client, process):
        client.initialize(shown(pictures[0]), [(region(truth(scene, 0)), {})], {})
        for image in bad:
            objects, _ = client.frame({"color": image}, {}, [])
            assert (objects[0][1].get("state"), float(objects[0][1].get("confidence"))) == ("lost", 0.0)
            assert "no picture that OpenCV can decode" in objects[0][1].get("reason")
            assert iou(boxes(objects)[0], truth(scene, 0)) > 0.5, "the last known box"
        objects, _ = client.frame(shown(pictures[1]), {}, [])
        assert objects[0][1].get("state") == "tracking"
        assert iou(boxes(objects)[0], truth(scene, 1)) > 0.5
        client.quit()
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert process.stderr.read().decode().count("no picture that OpenCV can decode") == 3


def test_a_first_picture_that_cannot_be_decoded_does_not_end_the_session(
    scene: SyntheticSource, pictures: list[Path]
) -> None:
    box = truth(scene, 1)
    with server() as (client, process):
        objects, _ = client.initialize(shown(Path("none.png")), [(region(box), {})], {})
        assert tuple(boxes(objects)[0]) == pytest.approx(tuple(box), abs=0.01)
        assert objects[0][1].get("state") == "lost"
        objects, _ = client.frame(shown(pictures[1]), {}, [(region(box), {})])
        assert [found.get("state") for _, found in objects] == ["lost", "tracking"]
        client.quit()
        assert process.wait(timeout=30) == 0


def test_a_picture_of_another_size_is_answered_in_its_own_pixels(
    scene: SyntheticSource, pictures: list[Path], tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    cv2.imwrite(str(large), cv2.resize(cv2.imread(str(pictures[1])), None, fx=2.0, fy=3.0))
    with server() as (client, _):
        client.initialize(shown(pictures[0]), [(region(truth(scene, 0)), {})], {})
        x, y, width, height = truth(scene, 1)
        twice = Box(2 * x, 3 * y, 2 * width, 3 * height)
        objects, _ = client.frame(shown(large), {}, [(region(twice), {})])
        assert [found.get("state") for _, found in objects] == ["tracking", "tracking"]
        assert min(iou(found, twice) for found in boxes(objects)) > 0.5
        objects, _ = client.frame(shown(pictures[2]), {}, [])
        assert min(iou(found, truth(scene, 2)) for found in boxes(objects)) > 0.5
        client.quit()


def test_nothing_but_the_protocol_on_standard_output(scene: SyntheticSource, pictures: list[Path]) -> None:
    start = ",".join(f"{value:.2f}" for value in truth(scene, 0))
    frames = "".join(f'@@TRAX:frame "file://{path}"\n' for path in pictures[:2])
    said = f'@@TRAX:initialize "{start}"\n{frames}@@TRAX:quit\n'
    done = subprocess.run([*SERVER, "-v"], input=said, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["@@TRAX:hello", "@@TRAX:state", "@@TRAX:state"]


@pytest.mark.parametrize("said", ["good day\n", "", "@@TRAX:foo\n"])
def test_what_is_no_conversation_is_told(said: str) -> None:
    done = subprocess.run(SERVER, input=said, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "no request of TraX came: let the VOT toolkit start this command" in done.stderr


def test_a_frame_before_the_objects_is_told(pictures: list[Path]) -> None:
    said = f'@@TRAX:frame "file://{pictures[0]}"\n@@TRAX:quit\n'
    done = subprocess.run(SERVER, input=said, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "a frame came before the objects" in done.stderr


def test_a_client_that_leaves_in_the_middle_of_a_request_ends_the_server() -> None:
    if sys.platform == "win32":  # a pipe cannot be asked there
        return
    done = subprocess.run(SERVER, input='@@TRAX:initialize "1,1,9,9"\n', capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "the client left in the middle of a request" in done.stderr


def test_a_client_that_leaves_ends_the_server(scene: SyntheticSource, pictures: list[Path]) -> None:
    start = ",".join(f"{value:.2f}" for value in truth(scene, 0))
    said = f'@@TRAX:initialize "{start}"\n@@TRAX:frame "file://{pictures[0]}"\n'
    done = subprocess.run(SERVER, input=said, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("@@TRAX:state") == 1


def test_without_the_package(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "trax", None)
    monkeypatch.delitem(sys.modules, "tracker.trax_server", raising=False)
    with pytest.raises(SystemExit) as exited:
        main(["trax"])
    assert exited.value.code == 2
    assert "pip install 'meanshift-tracker[vot]'" in capsys.readouterr().err
