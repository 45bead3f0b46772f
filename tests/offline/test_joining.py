from __future__ import annotations

import pytest

from tracker.geometry import Box
from tracker.offline import Seen, join
from tracker.tracking.result import TrackResult, TrackState

T, L = TrackState.TRACKING, TrackState.LOST


def seen(states: str, x: float = 0.0, confidence: float = 0.9) -> list[Seen]:
    """A pass: t is TRACKING at `x`, l is LOST."""
    found = []
    for index, letter in enumerate(states):
        state = T if letter == "t" else L
        result = TrackResult(Box(x, 0, 10, 10), state, confidence if state is T else 0.0)
        found.append(Seen(index, index / 25, result))
    return found


def source_of(joined: list[Seen], forward: list[Seen]) -> str:
    return "".join("f" if one is ahead else "b" for one, ahead in zip(joined, forward, strict=True))


@pytest.mark.parametrize(
    ("forward", "backward", "expected"),
    [
        ("tttttttt", "llllllll", "ffffffff"),
        ("tttlllll", "lllltttt", "fff"),
        ("ttttllll", "lltttttt", "ff"),
        ("tlllllll", "tttttttt", "f"),
    ],
)
def test_each_pass_is_used_where_it_has_the_target(forward: str, backward: str, expected: str) -> None:
    ahead, back = seen(forward), seen(backward)
    joined = join(ahead, back)
    assert source_of(joined, ahead).startswith(expected)
    assert sum(one.result.ok for one in joined) == sum("t" in pair for pair in zip(forward, backward, strict=True))


def test_they_change_where_they_say_the_same() -> None:
    ahead, back = seen("tttttttt"), seen("tttttttt", x=30)
    back[5] = seen("tttttttt")[5]
    assert source_of(join(ahead, back), ahead) == "ffffffbb"


def test_the_surer_one_wins_where_they_never_agree() -> None:
    ahead, back = seen("tttttttt", confidence=0.5), seen("tttttttt", x=30, confidence=0.9)
    assert source_of(join(ahead, back), ahead) == "fbbbbbbb"


def test_nothing_joined_is_nothing() -> None:
    assert join([], []) == []


def test_passes_over_other_frames_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="same frames"):
        join(seen("ttt"), seen("tt"))
