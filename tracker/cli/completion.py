"""The values that the shell completes: presets, settings, kinds of drawing, effects, formats, scenes.

Each function gets what is typed so far and returns what it may become. Heavy modules are imported inside them, so that
help needs none.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def presets(typed: str) -> list[str]:
    """Return the presets, and the YAML files and folders that begin so."""
    from tracker.config.reader import preset_names

    return _fitting(typed, preset_names()) + _files(typed, (".yaml", ".yml"))


def setting_keys(typed: str) -> list[str]:
    """Return the settings and sections."""
    from tracker.config.describe import sections, settings_of
    from tracker.config.reader import load_config

    return _fitting(typed, [*sections(), *(setting.key for setting in settings_of(load_config()))])


def overrides(typed: str) -> list[str]:
    """Return KEY= of the settings, and after it the values that are words."""
    from tracker.config.describe import settings_of
    from tracker.config.reader import load_config

    found = []
    for setting in settings_of(load_config()):
        words = setting.choices or (("true", "false") if setting.kind == "yes or no" else ())
        found += [f"{setting.key}={word}" for word in words] if "=" in typed and words else [f"{setting.key}="]
    return _fitting(typed, found)


def effects(typed: str) -> list[str]:
    """Return the effects, and after a colon their settings."""
    from tracker.effects.registry import EFFECTS, SETTINGS

    before, colon, _ = typed.rpartition(":")
    if not colon:
        return _fitting(typed, EFFECTS)
    return _fitting(typed, [f"{before}:{word}" for word in ("invert", *(f"{name}=" for name in SETTINGS))])


def parts(typed: str) -> list[str]:
    """Return what can be drawn, after each comma again."""
    from tracker.drawing.parts import PARTS

    before, comma, _ = typed.rpartition(",")
    words = (*PARTS, "none", "color=state", "color=target", "thickness=", "font=")
    return _fitting(typed, [f"{before}{comma}{word}" for word in words]) + _files(typed, (".yaml", ".yml"))


def panels(typed: str) -> list[str]:
    """Return the panels of a figure, after each comma again."""
    from tracker.measure.figure import PANELS

    before, comma, _ = typed.rpartition(",")
    return _fitting(typed, [f"{before}{comma}{name}" for name in PANELS])


def files_of_a_batch(typed: str) -> list[str]:
    """Return what a batch writes beside its tables, after each comma again."""
    from tracker.batch.worker import ALSO

    before, comma, _ = typed.rpartition(",")
    return _fitting(typed, [f"{before}{comma}{name}" for name in ALSO])


def readable_formats(typed: str) -> list[str]:
    """Return the formats of tables."""
    from tracker.formats.registry import FORMATS

    return _fitting(typed, FORMATS)


def sources(typed: str) -> list[str]:
    """Return the scenes after `synth:`, and files and folders otherwise."""
    if not "synth:".startswith(typed[:6]) and not typed.startswith("synth:"):
        return _files(typed, None)
    from tracker.video.synthetic.scenes import SCENES

    scenes = _fitting(typed, [f"synth:{name}" for name in SCENES]) if typed.startswith("synth:") else []
    return scenes or [*_fitting(typed, ["synth:"]), *_files(typed, None)]


def kernels(typed: str) -> list[str]:
    """Return the kernels of mean shift."""
    return _fitting(typed, ("flat", "epanechnikov", "gaussian"))


def points(typed: str) -> list[str]:
    """Return the places of a box that can be measured."""
    return _fitting(typed, ("center", "top", "bottom", "left", "right"))


def _fitting(typed: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(typed)]


def _files(typed: str, suffixes: tuple[str, ...] | None) -> list[str]:
    """Return files with one of the suffixes (any where None), and folders, that begin as typed."""
    folder, _, name = typed.rpartition("/")
    base = Path(folder or ("/" if typed.startswith("/") else ".")).expanduser()
    prefix = f"{folder}/" if "/" in typed else ""
    try:
        entries = sorted(base.iterdir())
    except OSError:
        return []
    found = []
    for entry in entries:
        if entry.name.startswith(name) and (name.startswith(".") or not entry.name.startswith(".")):
            if entry.is_dir():
                found.append(f"{prefix}{entry.name}/")
            elif suffixes is None or entry.suffix.lower() in suffixes:
                found.append(f"{prefix}{entry.name}")
    return found
