import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import ConfigError
from tracker.video.span import Position, Span, parse_position


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("0", 0),
        ("100", 100),
        (" 7 ", 7),
        ("12.5s", 12.5),
        ("3s", 3.0),
        (".5s", 0.5),
        ("01:02.5", 62.5),
        ("00:01:02.5", 62.5),
        ("1:0:0", 3600.0),
        ("100:00:01", 360001.0),
    ],
)
def test_positions_are_read_as_people_write_them(text: str, position: Position) -> None:
    result = parse_position(text)
    assert result == position
    assert type(result) is type(position)


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "-1s", "12.5", "1e3", "00:60:00", "00:00:61", "1:2:3:4", "s", "5 s", "nan"]
)
def test_nonsense_is_no_position(text: str) -> None:
    with pytest.raises(ConfigError, match=r"is no position in a video: write a frame number"):
        parse_position(text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": -1}, "positions count from 0"),
        ({"end": -0.5}, "positions count from 0"),
        ({"start": math.nan}, "positions count from 0"),
        ({"end": math.inf}, "positions count from 0"),
        ({"start": True}, "is no position"),
        ({"start": "5"}, "is no position"),
        ({"stride": 0}, "at least 1"),
        ({"stride": -2}, "at least 1"),
        ({"start": 5, "end": 5}, "no frame lies between"),
        ({"start": 2.0, "end": 1.0}, "no frame lies between"),
        ({"end": 0}, "no frame lies between"),
        ({"end": 0.0}, "no frame lies between"),
    ],
)
def test_impossible_spans_are_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Span(**arguments)


def test_a_frame_number_and_a_time_are_not_compared() -> None:
    assert Span(start=100, end=50.0).start == 100


@settings(deadline=None)
@given(
    start=st.none() | st.integers(0, 60),
    length=st.none() | st.integers(1, 60),
    stride=st.integers(1, 70),
    total=st.integers(1, 80),
    in_seconds=st.booleans(),
)
def test_count_is_the_number_of_frames_between(
    start: int | None, length: int | None, stride: int, total: int, in_seconds: bool
) -> None:
    fps = 30.0
    end = None if length is None else (start or 0) + length
    unit = (lambda n: None if n is None else n / fps) if in_seconds else (lambda n: n)
    span = Span(unit(start), unit(end), stride)
    wanted = [i for i in range(total) if span.starts_at(i, i / fps) and not span.ends_at(i, i / fps)][::stride]
    assert span.count(total, fps) == len(wanted) == len(range(total)[start:end:stride])


def test_count_is_unknown_where_it_cannot_be_told() -> None:
    assert Span().count(None, 25.0) is None
    assert Span(start=1.0).count(100, None) is None
    assert Span(end=20).count(None, 25.0) is None
    assert Span(start=5, end=20).count(100, None) == 15
