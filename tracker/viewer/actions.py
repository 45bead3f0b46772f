"""What a person does beside following: change what is drawn, save it, tune the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import cv2

from tracker.config.reader import to_yaml
from tracker.config.settings import TrackerConfig
from tracker.config.tuning import Tuner
from tracker.errors import BoxError, OutputError, TargetError
from tracker.image import Image
from tracker.session import BaseSession
from tracker.viewer.display import Stage
from tracker.viewer.keys import Command
from tracker.viewer.supply import Outcome
from tracker.viewer.timeline import Playback


class Tools:
    """Acts on what is looked at now."""

    def __init__(self, session: BaseSession, playback: Playback, stage: Stage, folder: Path) -> None:
        """Work on these; snapshots and presets go to `folder`."""
        self._session = session
        self._playback = playback
        self._stage = stage
        self._folder = folder
        self._tuner = Tuner()

    def table(self) -> Mapping[Command, Callable[[], None]]:
        """Return what each of the commands does."""
        stage, playback = self._stage, self._playback
        return {
            Command.DENSITY: lambda: self._restyle(layer=stage.style.layer.following()),
            Command.TRAIL: lambda: self._restyle(trail=not stage.style.trail),
            Command.HISTOGRAM: lambda: self._restyle(histogram=not stage.style.histogram),
            Command.CURVE: lambda: self._restyle(curve=not stage.style.curve),
            Command.FULL_SCREEN: stage.toggle_full_screen,
            Command.HELP: stage.toggle_help,
            Command.SNAPSHOT: self._snapshot,
            Command.FASTER: lambda: self._tell(playback.faster()),
            Command.SLOWER: lambda: self._tell(playback.slower()),
            Command.NEXT_SETTING: lambda: stage.say(self._tuner.choose_next(self._session.config)),
            Command.LOWER: lambda: self._tune(-1),
            Command.RAISE: lambda: self._tune(1),
            Command.WRITE_PRESET: lambda: self._save(lambda: write_preset(self._session.config, self._folder)),
        }

    def _restyle(self, **changes: object) -> None:
        self._stage.style = replace(self._stage.style, **changes)  # type: ignore[arg-type]

    def _tell(self, outcome: Outcome) -> None:
        self._stage.say(outcome.text)

    def _snapshot(self) -> None:
        step = self._playback.current
        if step is None:
            return
        stem = f"{Path(self._playback.name).stem}-{step.frame.index:06d}"
        picture = self._stage.picture(step, self._playback.status(self._stage.fps))
        self._save(lambda: save_picture(picture, self._folder, stem))

    def _save(self, write: Callable[[], Path]) -> None:
        try:
            self._stage.say(f"saved {write().name}")
        except OutputError as error:
            self._stage.say(str(error))

    def _tune(self, steps: int) -> None:
        step = self._playback.newest
        config = self._tuner.turn(self._session.config, steps)
        try:
            if step is not None:
                self._session.configure(step.frame, config)
        except (BoxError, TargetError) as error:
            self._stage.say(str(error))
        else:
            self._stage.say(self._tuner.describe(config))


def save_picture(picture: Image, folder: Path, stem: str) -> Path:
    """Write a picture to a new PNG file in `folder` and return its path.

    Raises:
        OutputError: it cannot be written.
    """
    path = free_name(folder, stem, ".png")
    try:
        done = cv2.imwrite(str(path), picture)
    except cv2.error:
        done = False
    if not done:
        raise OutputError(f"cannot write {path}: start in a folder that can be written")
    return path


def write_preset(config: TrackerConfig, folder: Path) -> Path:
    """Write the settings to a new file in `folder` and return its path.

    Raises:
        OutputError: it cannot be written.
    """
    path = free_name(folder, "preset", ".yaml")
    try:
        path.write_text(to_yaml(config), "utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {path} ({error.strerror}): start in a folder that can be written") from error
    return path


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Return the first of `stem-1`, `stem-2`, ... that does not exist in `folder`."""
    number = 1
    while (path := folder / f"{stem}-{number}{suffix}").exists():
        number += 1
    return path
