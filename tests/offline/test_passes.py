from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tracker.errors import ConfigError
from tracker.offline import Clip, passes
from tracker.output.video_file import RecordingSink
from tracker.video.sources import open_source
from tracker.video.span import Span

SCENE = "synth:smooth:frames=60:size=96x64"


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 60 frames, the rate of which varies."""
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    with open_source(SCENE) as source, RecordingSink(path, 25) as sink:
        for frame in source:
            late = type(frame)(frame.image, frame.index, frame.timestamp + 0.02 * (frame.index % 3 == 0))
            sink.write(late, ())
    return path


@pytest.mark.parametrize("kind", ["scene", "video", "arrays"])
@pytest.mark.parametrize(("start", "first"), [(59, 0), (30, 7), (5, 5), (0, 0)])
def test_backward_is_forward_in_reverse(
    kind: str, video: Path, start: int, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "_FEWEST", 4)
    monkeypatch.setattr(passes, "_MEMORY", 7 * 96 * 64 * 3)
    spec = {"scene": SCENE, "video": video, "arrays": [frame.image for frame in open_source(SCENE)]}[kind]
    clip = Clip(spec)
    ahead = [frame for frame in clip.forward() if first <= frame.index <= start]
    back = list(clip.backward(start, first))
    assert [frame.index for frame in back] == list(range(start, first - 1, -1))
    for one, other in zip(ahead, reversed(back), strict=True):
        assert one.timestamp == pytest.approx(other.timestamp, abs=1e-6)
        np.testing.assert_array_equal(one.image, other.image)


def test_backward_goes_by_the_stride() -> None:
    clip = Clip(SCENE, Span(3, None, 5))
    assert [frame.index for frame in clip.forward()] == [3, 8, 13, 18, 23, 28, 33, 38, 43, 48, 53, 58]
    assert [frame.index for frame in clip.backward(28, 3)] == [28, 23, 18, 13, 8, 3]


def test_no_more_pictures_are_held_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "_MEMORY", 10 * 96 * 64 * 3)
    monkeypatch.setattr(passes, "_FEWEST", 2)
    held = []
    whole = Clip.forward

    def counted(self, start=None, end=None):  # type: ignore[no-untyped-def]
        frames = list(whole(self, start, end))
        held.append(len(frames))
        return iter(frames)

    monkeypatch.setattr(Clip, "forward", counted)
    assert len(list(Clip(SCENE).backward(59, 0))) == 60
    assert max(held) == 10


def test_what_cannot_be_read_again_is_refused() -> None:
    for spec, said in (("rtsp://host/x", "record it first"), (iter([np.zeros((9, 9, 3), np.uint8)]), "give a list")):
        with pytest.raises(ConfigError, match=said):
            Clip(spec)
