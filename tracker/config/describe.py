"""The settings told in words: what each does, in which unit and range, and what it is in a preset."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from tracker.config.origins import ORIGINS, origins_of
from tracker.config.reader import load_config, nearest_key, preset_names
from tracker.config.section import Section
from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError

_WIDTH = 100
"""Columns of a comment."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        key: its dotted name.
        value: what it is.
        doc: what it does, with its unit and where the value comes from.
        choices: the values it can have, where they are words.
        minimum: the least it can be, None for no bound; `above` whether that itself is excluded.
        maximum: the most it can be.
        whole: whether it is a whole number.
        above: whether `minimum` itself is not possible.
        below: whether `maximum` itself is not possible.
        kind: "number", "word", "yes or no", "list" or "text".
    """

    key: str
    value: Any
    doc: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    above: bool = False
    below: bool = False
    kind: str = "number"

    @property
    def expected(self) -> str:
        """What may be given, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.kind == "yes or no":
            return "true or false"
        if self.kind != "number":
            return {"list": "a list of numbers", "text": "a text"}[self.kind]
        what = "a whole number" if self.whole else "a number"
        low = "" if self.minimum is None else f"{'above' if self.above else 'from'} {self.minimum:g}"
        high = "" if self.maximum is None else f"{'below' if self.below else 'to'} {self.maximum:g}"
        if low and high and not self.above and not self.below:
            return f"{what} {low} {high}"
        bounds = [part.replace("from ", "at least ").replace("to ", "at most ") for part in (low, high) if part]
        return " ".join([what, " and ".join(bounds)]).strip()


def settings_of(config: TrackerConfig) -> Iterator[Setting]:
    """Yield every setting of a configuration, in the order of the file."""
    schema = TrackerConfig.model_json_schema()
    yield from _settings(config, schema, schema.get("$defs", {}), "")


def sections() -> Mapping[str, str]:
    """Return what each section is about, by its dotted name."""
    return dict(_sections(load_config(), ""))


def commented_yaml(config: TrackerConfig) -> str:
    """Return the settings as YAML, each below a comment that says what it does and what may be given.

    What the brackets in the comments stand for is said at the beginning.
    """
    about = sections()
    used = dict.fromkeys(origin for setting in settings_of(config) for origin in origins_of(setting.doc))
    lines = ["# Where the values come from; without brackets: [set]."]
    for origin in sorted(used):
        lines += _comment(f"[{origin}] {ORIGINS[origin]}", "")
    lines.append("")
    open_section = ""
    for setting in settings_of(config):
        section, _, name = setting.key.rpartition(".")
        if section != open_section:
            lines += _heading(section, open_section, about)
            open_section = section
        indent = "  " * (section.count(".") + 1) if section else ""
        lines += _comment(f"{setting.doc} ({setting.expected})" if setting.doc else setting.expected, indent)
        lines.append(f"{indent}{name}: {_plain(setting.value)}")
    return "\n".join(lines) + "\n"


def explanation(key: str) -> str:
    """Return what is known of a setting, or of every setting of a section, for reading.

    Raises:
        ConfigError: there is no such setting or section.
    """
    about = sections()
    found = [one for one in settings_of(load_config()) if one.key == key or one.key.startswith(f"{key}.")]
    if not found:
        raise ConfigError(
            f"there is no setting {key}{nearest_key(key, about)}: tracker config show --doc lists them all"
        )
    head = [f"{key}: {about[key]}"] if key in about else []
    return "\n\n".join([*head, *map(_explained, found)])


def _explained(setting: Setting) -> str:
    values = {name: _value_of(load_config(name), setting.key) for name in preset_names()}
    shown = ", ".join(f"{name} {_plain(value)}" for name, value in values.items())
    origin = "; ".join(ORIGINS[name] for name in origins_of(setting.doc))
    lines = [setting.key, *textwrap.wrap(setting.doc, _WIDTH - 2), f"give: {setting.expected}"]
    return "\n  ".join([*lines, f"presets: {shown}", f"from: {origin}"])


def _value_of(config: TrackerConfig, key: str) -> Any:
    value: Any = config
    for name in key.split("."):
        value = getattr(value, name)
    return value


def _heading(section: str, before: str, about: Mapping[str, str]) -> list[str]:
    """Return the lines that open a section, and those above it that are not open yet."""
    lines: list[str] = []
    names = section.split(".") if section else []
    for depth in range(len(names)):
        path = ".".join(names[: depth + 1])
        if before == path or before.startswith(f"{path}."):
            continue
        indent = "  " * depth
        lines += ["", *_comment(about.get(path, ""), indent), f"{indent}{names[depth]}:"]
    return lines


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _plain(value: Any) -> str:
    """Return a value as it stands in YAML, on one line."""
    shown = yaml.safe_dump(
        list(value) if isinstance(value, tuple) else value, default_flow_style=True, width=10_000, allow_unicode=True
    )
    return shown.removesuffix("\n").removesuffix("\n...")


def _sections(section: Section, prefix: str) -> Iterator[tuple[str, str]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield f"{prefix}{name}", _text(type(value).__doc__ or "")
            yield from _sections(value, f"{prefix}{name}.")


def _settings(section: Section, schema: Mapping[str, Any], shared: Mapping[str, Any], prefix: str) -> Iterator[Setting]:
    for name, field in schema["properties"].items():
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _settings(value, shared[type(value).__name__], shared, f"{prefix}{name}.")
        else:
            yield _setting(f"{prefix}{name}", value, field)


def _setting(key: str, value: Any, field: Mapping[str, Any]) -> Setting:
    form = next((part for part in field.get("anyOf", []) if "type" in part and part["type"] != "null"), field)
    kinds = {"boolean": "yes or no", "array": "list", "string": "text"}
    return Setting(
        key=key,
        value=value,
        doc=_text(field.get("description", "")),
        choices=tuple(form.get("enum", ())),
        minimum=form.get("minimum", form.get("exclusiveMinimum")),
        maximum=form.get("maximum", form.get("exclusiveMaximum")),
        whole=form.get("type") == "integer",
        above="exclusiveMinimum" in form,
        below="exclusiveMaximum" in form,
        kind=kinds.get(form.get("type", ""), "number"),
    )


def _text(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
