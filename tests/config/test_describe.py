from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tracker.config.describe import Setting, commented_yaml, explanation, sections, settings_of
from tracker.config.origins import ORIGINS
from tracker.config.reader import load_config, preset_names, to_yaml
from tracker.errors import ConfigError


@pytest.mark.parametrize("name", preset_names())
def test_comments_change_nothing(name: str) -> None:
    config = load_config(name)
    text = commented_yaml(config)
    assert yaml.safe_load(text) == yaml.safe_load(to_yaml(config))
    assert max(map(len, text.splitlines())) < 200


def test_a_file_with_comments_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(commented_yaml(load_config("accurate")))
    assert load_config(path) == load_config("accurate")


def test_every_setting_is_told_with_what_may_be_given() -> None:
    text = commented_yaml(load_config())
    found = list(settings_of(load_config()))
    assert len(found) > 60
    for setting in found:
        assert f"{setting.key.rpartition('.')[2]}: " in text
        assert setting.expected
    undocumented = [one.key for one in found if not one.doc]
    assert undocumented == []
    assert all(sections().values())


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (Setting("a", 1, "", minimum=0, maximum=1), "a number from 0 to 1"),
        (Setting("a", 1, "", minimum=0, maximum=1, above=True), "a number above 0 and at most 1"),
        (Setting("a", 1, "", minimum=0, maximum=1, above=True, below=True), "a number above 0 and below 1"),
        (Setting("a", 1, "", minimum=2, whole=True), "a whole number at least 2"),
        (Setting("a", 1, "", maximum=2), "a number at most 2"),
        (Setting("a", 1, ""), "a number"),
        (Setting("a", "x", "", choices=("x", "y"), kind="text"), "one of x, y"),
        (Setting("a", True, "", kind="yes or no"), "true or false"),
        (Setting("a", (1,), "", kind="list"), "a list of numbers"),
        (Setting("a", "", "", kind="text"), "a text"),
    ],
)
def test_what_may_be_given_is_said_in_words(setting: Setting, expected: str) -> None:
    assert setting.expected == expected


def test_a_setting_is_explained_with_its_value_in_each_preset() -> None:
    text = explanation("size.damping")
    for name in preset_names():
        assert f"{name} {load_config(name).size.damping}" in text
    assert "a number above 0 and at most 1" in text
    assert f"from: {ORIGINS['measured']}" in text


def test_a_section_is_explained_with_all_its_settings() -> None:
    text = explanation("color")
    assert text.startswith("color: ")
    assert "color.space" in text
    assert "color.bins" in text


def test_what_is_no_setting_is_told_with_the_one_that_is_meant() -> None:
    with pytest.raises(ConfigError, match=r"did you mean size\.damping"):
        explanation("size.dampng")
