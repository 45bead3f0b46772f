from __future__ import annotations

import pytest

from tracker.errors import ConfigError
from tracker.video.sources import open_source
from tracker.video.synthetic.source import SyntheticSource


def test_all_settings_of_a_scene_are_read() -> None:
    with open_source("synth:zoom:seed=3:frames=50:size=320x240:fps=10:noise=0:look=grey") as source:
        assert isinstance(source, SyntheticSource)
        assert (source.info.name, source.info.width, source.info.height) == ("zoom", 320, 240)
        assert (source.info.fps, source.info.frame_count) == (10.0, 50)
        assert source.scene.seed == 3
        assert source.scene.target.paint.look == "grey"
        assert [source.truth(index) for index in range(50)] == list(source.truths)
    assert open_source("synth:").info.name == "smooth"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("synth:oclusion", "there is no scene 'oclusion': did you mean 'occlusion'"),
        ("synth:xyz", "there is no scene 'xyz': choose from smooth, fast"),
        ("synth:zoom:sed=3", "no setting 'sed': did you mean 'seed'"),
        ("synth:zoom:qqq=3", "no setting 'qqq': choose from seed, frames"),
        ("synth:zoom:seed", "give a whole number from 0"),
        ("synth:zoom:seed=-1", "give a whole number from 0"),
        ("synth:zoom:seed=1.5", "give a whole number from 0"),
        ("synth:zoom:frames=1", "give a whole number from 2"),
        ("synth:zoom:noise=nan", "give a number from 0 to 100"),
        ("synth:zoom:fps=0", "give a number from 1 to 1000"),
        ("synth:zoom:size=640", "write WIDTHxHEIGHT, each 64 to 8192"),
        ("synth:zoom:size=10x10", "write WIDTHxHEIGHT, each 64 to 8192"),
        ("synth:zoom:look=gray", "did you mean 'grey'"),
    ],
)
def test_what_no_scene_knows_is_said_with_a_suggestion(spec: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        open_source(spec)
