"""Commands that do not change the targets: what is drawn, snapshots, the speed, the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import cv2

from tracker.config.reader import to_yaml
from tracker.config.settings import TrackerConfig
from tracker.config.tuning import Tuner
from tracker.errors import BoxError, OutputError, TargetError
from tracker.files import free_name
from tracker.image import Image
from tracker.session import Session
from tracker.video.playback import SeekResult
from tracker.viewer.display import ZOOM_STEP, PlayerDisplay
from tracker.viewer.keys import Command
from tracker.viewer.recorder import WindowRecorder
from tracker.viewer.timeline import Timeline


class PlayerActions:
    """Acts on the step that is shown."""

    def __init__(
        self, session: Session, timeline: Timeline, display: PlayerDisplay, recorder: WindowRecorder, folder: Path
    ) -> None:
        """Work on these; snapshots and presets go to `folder`."""
        self._recorder = recorder
        self._session = session
        self._timeline = timeline
        self._display = display
        self._folder = folder
        self._tuner = Tuner()

    def table(self) -> Mapping[Command, Callable[[], None]]:
        """Return what each of the commands does."""
        display, timeline = self._display, self._timeline
        return {
            Command.DENSITY: lambda: display.restyle(layer=display.style.layer.following()),
            Command.TRAIL: lambda: display.restyle(trail=not display.style.trail),
            Command.HISTOGRAM: lambda: display.restyle(histogram=not display.style.histogram),
            Command.CURVE: lambda: display.restyle(curve=not display.style.curve),
            Command.FULL_SCREEN: display.toggle_full_screen,
            Command.ZOOM_IN: lambda: display.zoom(ZOOM_STEP),
            Command.ZOOM_OUT: lambda: display.zoom(1 / ZOOM_STEP),
            Command.WHOLE: display.show_whole,
            Command.RECORD: lambda: display.say(self._recorder.toggle()),
            Command.HELP: display.toggle_help,
            Command.SNAPSHOT: self._snapshot,
            Command.FASTER: lambda: self._tell(timeline.faster()),
            Command.SLOWER: lambda: self._tell(timeline.slower()),
            Command.NEXT_SETTING: lambda: display.say(
                f"{self._tuner.choose_next(self._session.config)}   ([ ] change it)"
            ),
            Command.LOWER: lambda: self._tune(-1),
            Command.RAISE: lambda: self._tune(1),
            Command.WRITE_PRESET: lambda: self._save(lambda: write_preset(self._session.config, self._folder)),
        }

    def _tell(self, result: SeekResult) -> None:
        self._display.say(result.text)

    def _snapshot(self) -> None:
        step = self._timeline.current
        if step is None:
            return
        stem = f"{Path(self._timeline.name).stem}-{step.frame.index:06d}"
        picture = self._display.picture(step, self._timeline.status(self._display.fps))
        self._save(lambda: save_picture(picture, self._folder, stem))

    def _save(self, write: Callable[[], Path]) -> None:
        try:
            self._display.say(f"saved {write().name}")
        except OutputError as error:
            self._display.say(str(error))

    def _tune(self, steps: int) -> None:
        step = self._timeline.newest
        config = self._tuner.turn(self._session.config, steps)
        try:
            if step is not None:
                self._session.configure(step.frame, config)
        except (BoxError, TargetError) as error:
            self._display.say(str(error))
        else:
            self._display.say(self._tuner.describe(config))


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
