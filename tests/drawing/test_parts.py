from __future__ import annotations

import pytest

from tracker.drawing.parts import PARTS, parse_style, style_of
from tracker.drawing.style import OverlayStyle
from tracker.errors import ConfigError


def test_nothing_written_is_the_usual_style() -> None:
    assert parse_style("") == OverlayStyle()
    assert style_of({}) == OverlayStyle()


def test_named_parts_are_drawn_and_no_others() -> None:
    style = parse_style("box, curve")
    assert {name for name, field in PARTS.items() if getattr(style, field)} == {"box", "curve"}


def test_none_draws_nothing() -> None:
    for style in (parse_style("none"), style_of({"parts": []}), style_of({"parts": None})):
        assert not any(getattr(style, field) for field in PARTS.values())


def test_settings_alone_leave_the_parts_as_they_are() -> None:
    base = OverlayStyle(trail=False)
    style = parse_style("color=target,thickness=2,font=1.5", base)
    assert style == OverlayStyle(trail=False, by_target=True, thickness=2.0, font=1.5)


def test_a_line_and_a_mapping_say_the_same() -> None:
    mapping = {"parts": ["box", "label"], "color": "target", "thickness": 2}
    assert style_of(mapping) == parse_style("box,label,color=target,thickness=2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("boxes", "did you mean 'box'"),
        ("box,color=red", "by state or by target"),
        ("thickness=0", r"from 0\.1 to 10"),
        ("font=big", r"from 0\.1 to 10"),
        ("colr=target", "did you mean 'color'"),
    ],
)
def test_what_cannot_be_drawn_is_told(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_style(text)
