from __future__ import annotations

import pytest

from tracker.config.reader import load_config
from tracker.config.tuning import TUNABLES, Tunable, Tuner
from tracker.errors import ConfigError


@pytest.mark.parametrize("tunable", TUNABLES, ids=lambda tunable: tunable.key)
def test_every_tunable_goes_both_ways(tunable: Tunable) -> None:
    config = load_config("fast")
    up, down = tunable.turned(config, 1), tunable.turned(config, -1)
    assert tunable.value(down) < tunable.value(config) < tunable.value(up)


def test_a_tunable_stops_at_the_end_of_its_range() -> None:
    with pytest.raises(ConfigError, match=r"size\.damping"):
        Tunable("size.damping", 100.0).turned(load_config(), 3)


def test_a_tuner_goes_through_all_of_them_and_begins_again() -> None:
    config, tuner = load_config(), Tuner()
    keys = [tuner.choose_next(config).partition(" = ")[0] for _ in range(len(TUNABLES) + 1)]
    assert keys == [tunable.key for tunable in (*TUNABLES, TUNABLES[0])]


def test_a_tuner_turns_the_chosen_one_and_keeps_the_settings_at_the_end_of_a_range() -> None:
    config, tuner = load_config(), Tuner()
    tuner.choose_next(config)
    turned = tuner.turn(config, 1)
    assert TUNABLES[0].value(turned) > TUNABLES[0].value(config)
    assert tuner.turn(config, 1000) == config
    assert tuner.describe(turned) == f"{TUNABLES[0].key} = {TUNABLES[0].value(turned):g}"
