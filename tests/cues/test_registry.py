"""The cues by name."""

from typing import get_args

import pytest

from tracker.config.reader import load_config
from tracker.config.settings import TrackerConfig
from tracker.cues.base import ColoredCue
from tracker.cues.registry import CUES, load_cue


def test_the_settings_name_every_cue_of_the_table():
    assert set(get_args(TrackerConfig.model_fields["cue"].annotation)) == set(CUES)


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_each_preset_gets_its_cue(preset):
    config = load_config(preset)
    assert isinstance(load_cue(config.cue)(config, None), ColoredCue)
