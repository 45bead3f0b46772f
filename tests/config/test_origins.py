from __future__ import annotations

import re

import pytest

from tracker.config.describe import commented_yaml, settings_of
from tracker.config.origins import ORIGINS, origins_of
from tracker.config.reader import load_config, preset_names


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        ("Half [CM03].", ("CM03",)),
        ("Rounds [G17: 2; measured: 2 to 4 alike].", ("G17", "measured")),
        ("One [B98], two [B98] [set].", ("B98", "set")),
        ("What it is.", ("set",)),
        ("A range [0, 1].", ("set",)),
    ],
)
def test_the_brackets_name_where_a_value_comes_from(doc: str, expected: tuple[str, ...]) -> None:
    assert origins_of(doc) == expected


def test_every_origin_is_used_and_every_bracket_is_one() -> None:
    docs = [setting.doc for setting in settings_of(load_config())]
    assert {origin for doc in docs for origin in origins_of(doc)} == set(ORIGINS)
    words = {re.split(r"\W", word)[0] for doc in docs for word in re.findall(r"\[([A-Za-z][^\]]*)\]", doc)}
    assert words <= set(ORIGINS)


@pytest.mark.parametrize("name", preset_names())
def test_a_file_with_comments_says_what_its_brackets_stand_for(name: str) -> None:
    head = commented_yaml(load_config(name)).partition("\n\n")[0]
    assert all(f"# [{origin}] " in head for origin in ORIGINS)
