"""From names, files and words to settings; every mistake has one clear line."""

import pytest
import yaml
from pydantic import ValidationError

from tracker.config.reader import DEFAULT_PRESET, load_config, preset_names, to_yaml
from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError


def test_presets_are_listed_and_read():
    assert {"classic", "fast"} <= set(preset_names())
    for name in preset_names():
        config = load_config(name)
        assert config.description
        assert load_config(config) == config


def test_nothing_means_the_default_preset():
    assert load_config() == load_config(DEFAULT_PRESET)


def test_words_override_and_the_later_wins():
    config = load_config("fast", ["size.damping=0.5", "color.bins=[8, 8, 8]", "size.damping=0.7"])
    assert config.size.damping == 0.7
    assert config.color.bins == (8, 8, 8)
    assert config.search == load_config("fast").search


def test_a_file_may_begin_from_a_preset(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("\ufeffpreset: classic\nsize:\n  damping: 0.5\n", "utf-8")
    config = load_config(path)
    assert config.size.damping == 0.5
    assert config.color == load_config("classic").color
    assert config.size.method == load_config("classic").size.method


def test_an_empty_file_is_all_defaults(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text("")
    assert load_config(str(path)) == TrackerConfig()


@pytest.mark.parametrize("name", ["fast", "classic"])
def test_yaml_there_and_back(tmp_path, name):
    path = tmp_path / "all.yaml"
    path.write_text(to_yaml(load_config(name)))
    assert load_config(path) == load_config(name)


@pytest.mark.parametrize(
    ("source", "words", "message"),
    [
        ("fats", [], r"no preset 'fats' \(did you mean fast\?\)"),
        ("fast", ["sise.damping=1"], r"no setting sise.*did you mean size\?"),
        ("fast", ["size.dampng=1"], r"no setting size.dampng \(did you mean size.damping\?\)"),
        ("fast", ["damping=1"], r"did you mean size.damping\?"),
        ("fast", ["size.damping=7"], "size.damping: 7 is not possible: give a number of 1 or less"),
        ("fast", ["size.damping=fast"], "size.damping: 'fast' is not possible: give a number"),
        ("fast", ["size.method=huge"], "size.method: 'huge' is not possible: give one of 'fixed', 'mass'"),
        ("fast", ["size=3"], "size: 3 is not possible: give settings of this section, as size.NAME=VALUE"),
        ("fast", ["size.damping=7", "size.dampng=1"], "no setting size.dampng.*; size.damping: 7 is not possible"),
        ("fast", ["color.bins=7"], "color.bins: .*give a list"),
        ("fast", ["color.bins=[4, 4]"], "has 3 channel"),
        ("fast", ["color.bins=[256, 256, 256]"], "too many"),
        ("fast", ["confidence.occluded_below=0.9"], "flicker"),
        ("fast", ["size.damping"], "key=value"),
        ("fast", ["=3"], "key=value"),
        ("fast", ["size.damping=[1"], "cannot read the value"),
        ("fast", ["description.x=1"], "is a value, not a section"),
        ("fast", ["search.margin=.inf"], "search.margin"),
        ("./none.yaml", [], "no configuration file"),
    ],
)
def test_mistakes_are_named(source, words, message):
    with pytest.raises(ConfigError, match=message) as error:
        load_config(source, words)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n- b\n", "holds a list"),
        ("just words", "holds a str"),
        ("size: [1", r"not YAML \(line 1, column \d+: "),
        ("size:\n  damping: 0.1\n  damping: 0.2\n", "'damping' is given twice"),
        ("preset: fats\n", "no preset 'fats'"),
        ("size:\n  damping: on\n", "size.damping"),
        ("speed: 3\n", "no setting speed"),
    ],
)
def test_mistakes_in_a_file_are_named(tmp_path, text, message):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message) as error:
        load_config(path)
    assert "bad.yaml" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(ConfigError, match="cannot read"):
        load_config(tmp_path / "bytes.yaml")
    with pytest.raises(ConfigError, match="cannot read"):
        load_config(f"{tmp_path}/.")


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        load_config().size.damping = 0.9


def test_presets_only_say_what_differs_or_matters():
    for name in preset_names():
        assert yaml.safe_load(to_yaml(load_config(name))).keys() == TrackerConfig.model_fields.keys()


def test_a_mapping_is_read_as_a_file_is():
    config = load_config({"preset": "classic", "size": {"damping": 0.5}})
    assert config.size.damping == 0.5
    assert config.color == load_config("classic").color
    with pytest.raises(ConfigError, match="no setting sise"):
        load_config({"sise": 3})
    with pytest.raises(ConfigError, match="no preset 'fats'"):
        load_config({"preset": "fats"})
    with pytest.raises(ConfigError, match="a YAML file or a mapping; got int"):
        load_config(3)


def test_a_preset_is_no_setting():
    with pytest.raises(ConfigError, match="begin from a preset with -c NAME"):
        load_config("fast", ["preset=accurate"])
