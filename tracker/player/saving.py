"""Files that a person makes while watching; none replaces another."""

from __future__ import annotations

from pathlib import Path

import cv2

from tracker.config.reader import to_yaml
from tracker.config.settings import TrackerConfig
from tracker.errors import OutputError
from tracker.image import Image


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
