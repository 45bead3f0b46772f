from __future__ import annotations

import math

import numpy as np
import pytest

from tracker.errors import ConfigError
from tracker.measure import Calibration, parse_point, parse_scale


@pytest.mark.parametrize(
    ("text", "pixels", "unit"),
    [
        ("0.84m=212px", 212 / 0.84, "m"),
        (" 10 cm = 55.5 ", 5.55, "cm"),
        ("2µm=80px", 40.0, "µm"),
        ("5m=100,100:400,500", 100.0, "m"),
        ("1e-3km=.5px", 500.0, "km"),
        ("1m=-3,0:0,-4", 5.0, "m"),
    ],
)
def test_a_scale_is_read(text: str, pixels: float, unit: str) -> None:
    found, name = parse_scale(text)
    assert found == pytest.approx(pixels)
    assert name == unit


@pytest.mark.parametrize(
    "text", ["", "212px", "0.84=212px", "m=3px", "1m=3m", "1m=1,2", "1m=1,2:3", "1m=1,2:3,4:5,6", "1m2=3", "1 m = px"]
)
def test_what_is_no_scale_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="no scale"):
        parse_scale(text)


@pytest.mark.parametrize("text", ["0m=212px", "1m=0px", "1m=5,5:5,5", "-1m=3px", "1m=-3"])
def test_a_scale_is_above_zero(text: str) -> None:
    with pytest.raises(ConfigError, match="above 0"):
        parse_scale(text)


def test_a_place_is_read() -> None:
    assert parse_point(" 12.5,-3 ") == (12.5, -3.0)
    for wrong in ("", "12", "1,2,3", "a,b", "nan,1"):
        with pytest.raises(ConfigError, match="no place"):
            parse_point(wrong)


def test_places_in_units() -> None:
    x, y = Calibration(50.0, "m", (100.0, 200.0), y_up=True).apply(np.array([150.0, 0.0]), np.array([100.0, 300.0]))
    assert x == pytest.approx([1.0, -2.0])
    assert y == pytest.approx([2.0, -2.0])
    x, y = Calibration().apply(np.array([3.0]), np.array([4.0]))
    assert (x[0], y[0]) == (3.0, 4.0)


@pytest.mark.parametrize(
    "wrong", [{"pixels_per_unit": 0.0}, {"pixels_per_unit": math.nan}, {"origin": (0.0, math.inf)}]
)
def test_what_is_not_possible_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"not possible|not finite"):
        Calibration(**wrong)  # type: ignore[arg-type]  # wrong on purpose
