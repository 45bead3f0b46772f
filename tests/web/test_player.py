"""A source that is opened, lost and opened again."""

from __future__ import annotations

import time

import pytest

from tracker import open_source
from tracker.errors import ConfigError, SourceError
from tracker.image import Image
from tracker.video.live.slot import Feed
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.synthetic.source import SyntheticSource
from tracker.web import player as player_module
from tracker.web.broadcast import Phase
from tracker.web.library import Choice

SCENE = "synth:smooth:frames=200:size=320x180"


class FlakyFeed(Feed):
    """Gives a few pictures, then is lost."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._left = 3

    def read(self) -> Image:
        self._left -= 1
        if self._left < 0:
            raise SourceError("the cable /dev/video7 was pulled")
        time.sleep(0.01)
        return self._image

    def close(self) -> None:
        pass


def test_a_live_source_that_dies_is_said_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_source(SCENE) as source:
        assert isinstance(source, SyntheticSource)
        image = next(iter(source)).image
    policy = LivePolicy(reconnects=0)
    monkeypatch.setattr(
        player_module, "open_source", lambda _, **_options: LiveSource("cam", lambda: FlakyFeed(image), policy)
    )
    monkeypatch.setattr(player_module, "_RETRY", 0.1)
    player = player_module.SourcePlayer(1.0)
    player.open(Choice("0", "camera 0"))
    phases, frames = [player.phase], 0
    deadline = time.monotonic() + 60
    while phases.count(Phase.LOST) < 2 and time.monotonic() < deadline:
        frames += player.advance() is not None
        if player.phase is not phases[-1]:
            phases.append(player.phase)
            if player.phase is Phase.LOST:
                assert "pulled" in player.message
                assert "/dev" not in player.message
    player.close()
    assert phases[:4] == [Phase.PLAYING, Phase.LOST, Phase.PLAYING, Phase.LOST]
    assert frames >= 2


def test_without_a_source_there_is_nothing_to_play() -> None:
    player = player_module.SourcePlayer(1.0)
    assert list(player.frames) == []
    assert (player.advance(), player.step()) == (None, None)
    with pytest.raises(SourceError, match="there is no source: choose one"):
        player.seek(1.0)
    player.set_speed(2.0)
    assert player.speed == 2.0
    with pytest.raises(ConfigError, match="speed"):
        player.set_speed(-1.0)


def test_a_recording_waits_on_its_first_frame_and_starts_again_from_its_end() -> None:
    player = player_module.SourcePlayer(0.0)
    first = player.open(Choice(SCENE, "scene"))
    assert first is not None
    assert (first.index, player.phase) == (0, Phase.PAUSED)
    player.play()
    indices = []
    while player.phase is Phase.PLAYING:
        frame = player.advance()
        if frame is not None:
            indices.append(frame.index)
    assert indices == list(range(1, 200))
    assert player.phase is Phase.ENDED
    player.play()
    again = player.advance()
    assert again is not None
    assert again.index == 0
    player.close()
    assert (player.phase, player.choice) == (Phase.IDLE, None)
