import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest

from tracker.errors import OutputError
from tracker.geometry import Box
from tracker.video.sources import open_source
from tracker.video.synthetic.source import parse_scene
from videos import render

VIDEOS = Path(__file__).parents[1] / "videos"


@pytest.mark.parametrize("name", sorted(render.CLIPS))
def test_the_bundled_clips_are_the_scenes_with_their_truth(name: str) -> None:
    scene = parse_scene(render.CLIPS[name])
    rows = (VIDEOS / f"{name}.csv").read_text().split()
    assert rows[0] == "x,y,w,h"
    assert len(rows) == 1 + scene.frames
    for index, row in enumerate(rows[1:]):
        box = scene.truth(index)
        expected = [np.nan] * 4 if box is None else list(box)
        assert [float(value) for value in row.split(",")] == pytest.approx(expected, abs=1e-3, nan_ok=True)
    assert Box.parse([float(value) for value in rows[1].split(",")]).area > 900
    with open_source(VIDEOS / f"{name}.mp4", stride=60) as clip, open_source(render.CLIPS[name], stride=60) as rendered:
        assert clip.info.frame_count == rendered.info.frame_count
        for seen, meant in zip(clip, rendered, strict=True):
            assert seen.timestamp == pytest.approx(meant.timestamp, abs=1e-3)
            assert np.abs(seen.image.astype(int) - meant.image).mean() < 8


@pytest.mark.parametrize("name", sorted(render.CLIPS))
def test_the_bundled_clips_are_small_and_play_in_browsers(name: str) -> None:
    path = VIDEOS / f"{name}.mp4"
    data = path.read_bytes()
    assert len(data) < 1_000_000
    assert data.find(b"moov") < data.find(b"mdat")  # starts before it is loaded
    capture = cv2.VideoCapture(str(path))
    code = int(capture.get(cv2.CAP_PROP_FOURCC))
    assert bytes(code >> shift & 255 for shift in (0, 8, 16, 24)).lower() in (b"avc1", b"h264")


def test_rendering_twice_gives_the_same_bytes(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(render, "CLIPS", {"short": "synth:juggle:frames=10:size=160x90"})
    contents = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        render.main([str(folder)])
        contents.append([(path.name, path.read_bytes()) for path in sorted(folder.iterdir())])
    assert contents[0] == contents[1]
    assert [name for name, _ in contents[0]] == ["short.csv", "short.mp4"]
    assert capsys.readouterr().out.count("short.mp4") == 2


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="give a folder that exists"):
        render.render_clip("grey", tmp_path / "gone")


def test_an_encoder_that_fails_is_said(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(render, "CLIPS", {"short": "synth:juggle:frames=2:size=160x90"})
    (tmp_path / "short.mp4").mkdir()
    with pytest.raises(OutputError, match="ffmpeg could not write"):
        render.render_clip("short", tmp_path)


def test_every_clip_travels_in_the_wheel_and_nothing_else_of_its_folder() -> None:
    project = tomllib.loads((VIDEOS.parent / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    clips = {f"videos/{name}.{suffix}" for name in render.CLIPS for suffix in ("csv", "mp4")}
    assert {path for path in included if path.startswith("videos")} == clips
