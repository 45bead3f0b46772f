"""Rendered scenes as a source, and the words of a `synth:` address."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from tracker.errors import ConfigError
from tracker.geometry import Box
from tracker.image import Image
from tracker.video.recording import Facts, Reader, Recording
from tracker.video.span import Span
from tracker.video.synthetic.scene import Renderer, Scene
from tracker.video.synthetic.scene_builder import SceneBuilder
from tracker.video.synthetic.scenes import SCENES
from tracker.video.synthetic.texture import LOOKS

PREFIX = "synth:"

_SMALLEST, _LARGEST = 64, 8192
"""Bounds of a frame's sides, px."""


class SceneReader(Reader):
    """Renders the frames of a scene, only those that are wanted."""

    def __init__(self, scene: Scene) -> None:
        """Draw the textures of `scene`."""
        self._renderer = Renderer(scene)
        self._total = scene.frames
        self._index = -1
        self.facts = Facts(scene.name, scene.width, scene.height, scene.fps, scene.frames)

    def grab(self) -> bool:
        """Step to the next frame, without rendering it."""
        self._index += 1
        return self._index < self._total

    def retrieve(self) -> Image:
        """Render the frame."""
        return self._renderer.image(self._index)


class SyntheticSource(Recording):
    """A rendered scene as a source, with the exact truth of its targets."""

    def __init__(self, scene: Scene, span: Span) -> None:
        """Take the frames of `span` out of `scene`."""
        super().__init__(SceneReader(scene), span)
        self.scene = scene

    def truth(self, index: int, target: int = 0) -> Box | None:
        """Return a target's tight box in the frame of number `index`; None while it is hidden or away."""
        return self.scene.truth(index, target)

    @property
    def truths(self) -> tuple[Box | None, ...]:
        """The truth of every frame of the scene, whatever the span."""
        return tuple(self.scene.truth(index) for index in range(self.scene.frames))


def parse_scene(spec: str) -> Scene:
    """Read `synth:NAME:key=value:…`, as in `synth:occlusion:seed=3:frames=200:size=640x360`.

    The keys are those of `SceneBuilder`, with `size=WIDTHxHEIGHT`. `synth:` alone is the scene `smooth`.

    Raises:
        ConfigError: no such scene or key, or a value out of range; names what is meant, if it can be guessed.
    """
    name, *settings = spec.removeprefix(PREFIX).split(":")
    name = name or "smooth"
    if name not in SCENES:
        raise ConfigError(f"there is no scene {name!r}{_suggestion(name, SCENES)}")
    values: dict[str, int | float | str] = {}
    for setting in settings:
        key, _, text = setting.partition("=")
        if key not in _KEYS:
            raise ConfigError(f"a scene has no setting {key!r}{_suggestion(key, _KEYS)}")
        values.update(_KEYS[key](key, text))
    return SCENES[name](SceneBuilder(**values))  # type: ignore[arg-type]


def _suggestion(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f": did you mean {close[0]!r}?" if close else f": choose from {', '.join(known)}"


def _number(low: float, high: float, kind: type[int] | type[float]) -> Callable[[str, str], dict[str, int | float]]:
    def read(key: str, text: str) -> dict[str, int | float]:
        try:
            value = kind(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            what = "whole number" if kind is int else "number"
            raise ConfigError(f"scene setting {key}={text} is not possible: give a {what} from {low:g} to {high:g}")
        return {key: value}

    return read


def _size(key: str, text: str) -> dict[str, int]:
    match = re.fullmatch(r"(\d+)x(\d+)", text)
    if match is None or not all(_SMALLEST <= int(side) <= _LARGEST for side in match.groups()):
        raise ConfigError(
            f"scene setting {key}={text} is not possible: write WIDTHxHEIGHT, each {_SMALLEST} to {_LARGEST}"
        )
    return {"width": int(match[1]), "height": int(match[2])}


def _look(key: str, text: str) -> dict[str, str]:
    if text not in LOOKS:
        raise ConfigError(f"scene setting {key}={text} is not possible{_suggestion(text, LOOKS)}")
    return {key: text}


_KEYS: Mapping[str, Callable[[str, str], Mapping[str, int | float | str]]] = MappingProxyType(
    {
        "seed": _number(0, 2**31, int),
        "frames": _number(2, 1_000_000, int),
        "size": _size,
        "fps": _number(1, 1000, float),
        "noise": _number(0, 100, float),
        "look": _look,
    }
)
"""The settings by key, each with the function from its text to fields of `SceneBuilder`."""
