"""The settings as controls: value, range, choices and documentation, all taken from the settings themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import BaseModel

from tracker.config.describe import settings_of
from tracker.config.reader import load_config, preset_names
from tracker.config.settings import TrackerConfig
from tracker.config.tuning import TUNABLES
from tracker.web.schemas import ConfigOrder

_MAIN = (*(tunable.key for tunable in TUNABLES), "size.method", "search.window", "model.density", "color.space")
"""The settings that are shown first."""


_SOURCES = re.compile(r"\s*\[[A-Za-z0-9 ,.;:-]+\]")
"""Where a number comes from, such as a paper: for those who read the code."""


class Control(BaseModel):
    """A setting.

    Attributes:
        key: its dotted name.
        value: what it is.
        doc: what it does, with unit and range.
        main: whether it matters to most.
        group: the part of the tracker that it belongs to, in words.
        name: what it is called, in words.
        usual: what it is in the preset; the value itself where the settings began from no preset.
        choices: the values it can have, where they are words.
        minimum: the least it can be, None for no bound.
        maximum: the most it can be.
        whole: whether it is a whole number.
    """

    key: str
    value: bool | int | float | str | list[int] | list[float] | None
    doc: str = ""
    main: bool = False
    group: str = ""
    name: str = ""
    usual: bool | int | float | str | list[int] | list[float] | None = None
    choices: list[str] = []
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False


class ConfigOut(BaseModel):
    """The settings in force, the preset they began from, and the presets there are."""

    preset: str
    presets: list[str]
    controls: list[Control]


def config_out(config: TrackerConfig, preset: str) -> ConfigOut:
    """Return the settings as controls, the main ones first."""
    usual = _usual(preset, config)
    found = [
        control.model_copy(update={"usual": usual.get(control.key, control.value)}) for control in _controls(config)
    ]
    found.sort(key=lambda control: not control.main)
    return ConfigOut(preset=preset, presets=preset_names(), controls=found)


def ordered(config: TrackerConfig, preset: str, order: ConfigOrder) -> tuple[TrackerConfig, str]:
    """Return the settings that a client asked for, and the preset they began from.

    Raises:
        ConfigError: unknown preset or setting, wrong type or range.
    """
    words = [f"{key}={yaml.safe_dump(value, default_flow_style=True).strip()}" for key, value in order.settings.items()]
    words = [word.removesuffix("...").strip() for word in words]
    return load_config(config if order.preset is None else order.preset, words), order.preset or preset


def _controls(config: TrackerConfig) -> Iterator[Control]:
    for setting in settings_of(config):
        if setting.key != "description":
            yield Control(
                key=setting.key,
                value=list(setting.value) if isinstance(setting.value, tuple) else setting.value,
                doc=_plain(setting.doc),
                group=_words(setting.key.rpartition(".")[0] or "general"),
                name=_words(setting.key.rpartition(".")[2]),
                main=setting.key in _MAIN,
                choices=list(setting.choices),
                minimum=setting.minimum,
                maximum=setting.maximum,
                whole=setting.whole,
            )


def _usual(preset: str, config: TrackerConfig) -> dict[str, Any]:
    """Return the values of a preset by their dotted names; those in force where it is a file."""
    base = load_config(preset) if preset in preset_names() else config
    return {control.key: control.value for control in _controls(base)}


def _plain(doc: str) -> str:
    """Return what a setting does for readers who do not see the code: without sources, names of classes and quotes."""
    text = re.sub(r" ?\(see `[^`]*`\)", "", _SOURCES.sub("", doc))
    text = text.replace("`", "").strip(" .")
    return f"{text}." if text else ""


def _words(name: str) -> str:
    return name.replace(".", ", ").replace("_", " ").capitalize()
