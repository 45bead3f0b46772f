from __future__ import annotations

import pytest

from tracker.effects import EFFECTS, CoverageSettings, Effect, EffectSpec, parse_effect
from tracker.errors import ConfigError


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_a_name_is_an_effect(name: str) -> None:
    spec = parse_effect(name)
    assert spec == EffectSpec(name)
    assert isinstance(spec.build(), Effect)


def test_settings_are_read() -> None:
    spec = parse_effect("solid:shape=box:margin=0.5:invert:ahead=40")
    assert spec == EffectSpec("solid", invert=True, settings=CoverageSettings(margin=0.5, shape="box", ahead=40))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("blu", "did you mean 'blur'"),
        ("", "choose from blur, pixelate"),
        ("blur:margn=1", "did you mean 'margin'"),
        ("blur:margin=wide", "give a number"),
        ("blur:ahead=1.5", "give a whole number"),
        ("blur:margin=-1", "from 0 to 10"),
        ("blur:shape=round", "ellipse or box"),
        ("blur:invert=yes", "no setting 'invert'|did you mean 'invert'"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_effect(text)
