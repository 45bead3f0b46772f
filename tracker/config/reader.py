"""Settings from a preset's name, a YAML file and `key=value` words, of which the later wins; and back to YAML."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError
from tracker.resources import resource_dir

DEFAULT_PRESET = "accurate"


def preset_names() -> list[str]:
    """Return the names of the presets that come with the package."""
    return sorted(path.stem for path in resource_dir("configs").glob("*.yaml"))


def load_config(
    source: str | Path | TrackerConfig | Mapping[str, Any] | None = None, overrides: Iterable[str] = ()
) -> TrackerConfig:
    """Return the settings of a preset, of a YAML file or of a `TrackerConfig`, changed by `key=value` words.

    Args:
        source: a preset's name, a path to a YAML file (whatever ends in .yaml or .yml or has a folder in it), settings,
            a mapping as such a file holds it, or None for the default preset. A file or mapping may begin from a preset
            with the key `preset: NAME`.
        overrides: words such as `size.method=fixed`, values in YAML; later ones win.

    Raises:
        ConfigError: unknown preset or key (with a suggestion), unreadable file, wrong type or range.
    """
    if isinstance(source, TrackerConfig):
        values, name = source.model_dump(), "settings"
    elif isinstance(source, Mapping):
        values, name = _from_preset(dict(source), "settings"), "settings"
    elif source is not None and not isinstance(source, str | Path):
        raise ConfigError(f"settings are a preset's name, a YAML file or a mapping; got {type(source).__name__}")
    else:
        values, name = _load_named(DEFAULT_PRESET if source is None else source)
    for word in overrides:
        _override(values, word)
    return _validated(values, name)


def to_yaml(config: TrackerConfig) -> str:
    """Return all settings as YAML that `load_config` reads back to the same settings."""
    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, width=100)


def _load_named(source: str | Path) -> tuple[dict[str, Any], str]:
    path = Path(source).expanduser()
    if path.suffix.lower() in {".yaml", ".yml"} or len(path.parts) > 1:
        return _read_file(path), str(source)
    if str(source) not in preset_names():
        raise ConfigError(f"{_no_preset(str(source))}, or give a .yaml file")
    return dict(_read_preset(str(source))), str(source)


def _no_preset(name: str) -> str:
    return f"no preset {name!r}{_suggestion(name, preset_names())}: there are {', '.join(preset_names())}"


def _read_preset(name: str) -> dict[str, Any]:
    return yaml.safe_load(_preset_text(name)) or {}


@cache
def _preset_text(name: str) -> str:
    return (resource_dir("configs") / f"{name}.yaml").read_text("utf-8")


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file of settings as it is: no preset is looked up, nothing is checked but its form.

    Raises:
        ConfigError: the file cannot be read, or holds no mapping.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            f"no configuration file {path}: check the path, or use a preset: {', '.join(preset_names())}"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read the configuration file {path} ({error}): give a UTF-8 text file that may be read"
        ) from error
    try:
        values = yaml.load(text, Loader=_UniqueKeyLoader)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not YAML ({_yaml_mistake(error)}): correct that line") from error
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise ConfigError(
            f"{path} holds a {type(values).__name__}: a configuration is a mapping of settings, key: value"
        )
    return values


def _read_file(path: Path) -> dict[str, Any]:
    return _from_preset(read_mapping(path), str(path))


def _from_preset(values: dict[str, Any], name: str) -> dict[str, Any]:
    """Return settings on top of the preset that they name with the key `preset`."""
    base = values.pop("preset", None)
    if base is None:
        return values
    if base not in preset_names():
        raise ConfigError(f"{name}: {_no_preset(str(base))}")
    return _merged(_read_preset(base), values)


def _yaml_mistake(error: yaml.YAMLError) -> str:
    """Return what is wrong with a YAML text, and where."""
    mark = getattr(error, "problem_mark", None)
    problem = " ".join(str(getattr(error, "problem", None) or error).split())
    return problem if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: {problem}"


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that is given twice; plain YAML would silently let the later one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _merged(base: dict[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in top.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), dict)
        result[key] = _merged(result[key], value) if both else value
    return result


def _override(values: dict[str, Any], word: str) -> None:
    key, equals, text = word.partition("=")
    path = key.strip().split(".")
    if not equals or not all(path):
        raise ConfigError(f"cannot read {word!r}: a setting is given as key=value, e.g. size.method=fixed")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"cannot read the value in {word!r} ({_yaml_mistake(error)}): give a YAML value") from error
    for name in path[:-1]:
        section = values.setdefault(name, {})
        if not isinstance(section, dict):
            raise ConfigError(f"{word!r}: {name} is a value, not a section: write {name}=VALUE")
        values[name] = dict(section)
        values = values[name]
    values[path[-1]] = value


def _validated(values: Mapping[str, Any], name: str) -> TrackerConfig:
    """Check all settings; every mistake is named, not only the first."""
    keys = list(_all_keys(TrackerConfig, ""))
    unknown = list(_unknown_keys(values, TrackerConfig, ""))
    mistakes = [
        "preset is no setting: begin from a preset with -c NAME, or with preset: NAME in a file"
        if path == "preset"
        else f"no setting {path}{_suggestion(path, keys)}"
        for path in unknown
    ]
    try:
        config = TrackerConfig.model_validate(values)
    except ValidationError as error:
        mistakes += [told for one in error.errors() if (told := _told(one)) is not None]
    if mistakes:
        raise ConfigError(f"{name}: {'; '.join(dict.fromkeys(mistakes))}")
    return config


def nearest_key(word: str, further: Iterable[str] = ()) -> str:
    """Return a hint at the setting (or one of `further` names) that is meant, "" where none is near."""
    return _suggestion(word, [*_all_keys(TrackerConfig, ""), *further])


_KINDS = {
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a number that is finite",
    "string_type": "a text",
    "tuple_type": "a list",
}
"""What is expected, by pydantic's name of the mistake."""
_BOUNDS = {
    "greater_than": ("gt", "a number above {}"),
    "greater_than_equal": ("ge", "a number of {} or more"),
    "less_than": ("lt", "a number below {}"),
    "less_than_equal": ("le", "a number of {} or less"),
}


def _told(mistake: Any) -> str | None:
    """Return one of pydantic's mistakes in our words; None for an unknown key, which is told with a suggestion."""
    kind, given = mistake["type"], mistake["input"]
    where, context = ".".join(str(part) for part in mistake["loc"]), mistake.get("ctx", {})
    if kind == "extra_forbidden":
        return None
    if kind in _BOUNDS:
        bound, form = _BOUNDS[kind]
        wanted = form.format(f"{context[bound]:g}")
    elif kind == "literal_error":
        wanted = f"one of {context['expected'].replace(' or ', ', ')}"
    elif kind in ("model_type", "model_attributes_type"):
        wanted = f"settings of this section, as {where}.NAME=VALUE"
    elif kind in _KINDS:
        wanted = _KINDS[kind]
    else:
        shown = f" (got {given!r})" if given is not None and not isinstance(given, Mapping) else ""
        return f"{where}: {mistake['msg'].removeprefix('Value error, ')}{shown}".removeprefix(": ")
    return f"{where}: {given!r} is not possible: give {wanted}"


def _unknown_keys(values: Mapping[str, Any], model: type[BaseModel], prefix: str) -> Iterator[str]:
    for key, value in values.items():
        field = model.model_fields.get(str(key))
        if field is None:
            yield f"{prefix}{key}"
        elif (
            isinstance(value, Mapping)
            and isinstance(field.annotation, type)
            and issubclass(field.annotation, BaseModel)
        ):
            yield from _unknown_keys(value, field.annotation, f"{prefix}{key}.")


def _all_keys(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for key, field in model.model_fields.items():
        yield f"{prefix}{key}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _all_keys(field.annotation, f"{prefix}{key}.")


def _suggestion(word: str, known: list[str]) -> str:
    whole = difflib.get_close_matches(word, known, 1)
    tails = {key.rsplit(".", 1)[-1]: key for key in known}
    close = whole or [tails[tail] for tail in difflib.get_close_matches(word.rsplit(".", 1)[-1], tails, 1)]
    return f" (did you mean {close[0]}?)" if close else ""
