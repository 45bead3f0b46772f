"""A small recording of every kind: the same pictures, whatever they are read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from tracker.video.sources import SourceSpec

TOTAL, WIDTH, HEIGHT, FPS = 20, 96, 64, 25.0


def arrays() -> Iterator[np.ndarray]:
    """Pictures that get brighter by ten with every frame."""
    for number in range(TOTAL):
        yield np.full((HEIGHT, WIDTH, 3), 10 * number, np.uint8)


def make_list(folder: Path) -> SourceSpec:
    return list(arrays())


def make_generator(folder: Path) -> SourceSpec:
    return arrays()


def make_folder(folder: Path) -> SourceSpec:
    for number, array in enumerate(arrays()):
        cv2.imwrite(str(folder / f"{number}.png"), array)
    return folder


def make_printf(folder: Path) -> SourceSpec:
    for number, array in enumerate(arrays()):
        cv2.imwrite(str(folder / f"{number + 1:04d}.png"), array)
    return str(folder / "%04d.png")


def make_glob(folder: Path) -> SourceSpec:
    return str(Path(str(make_folder(folder))) / "*.png")


def make_still(folder: Path) -> SourceSpec:
    cv2.imwrite(str(folder / "still.png"), np.full((HEIGHT, WIDTH, 3), 99, np.uint8))
    return folder / "still.png"


def make_pages(folder: Path) -> SourceSpec:
    cv2.imwritemulti(str(folder / "stack.tif"), list(arrays()))
    return folder / "stack.tif"


def make_scene(folder: Path) -> SourceSpec:
    return f"synth:smooth:frames={TOTAL}:size={WIDTH}x{HEIGHT}:fps={FPS:g}"


def make_mp4(folder: Path) -> SourceSpec:
    return _write(folder / "clip.mp4", "mp4v")


def make_avi(folder: Path) -> SourceSpec:
    return str(_write(folder / "clip.avi", "MJPG"))


def make_clip(folder: Path) -> SourceSpec:
    return f"{WEB[0]}{_write(folder / 'clip.mp4', 'mp4v')}"


WEB: list[str] = []
"""Where the file system is served from, while a test runs."""


def _write(path: Path, codec: str) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), FPS, (WIDTH, HEIGHT))
    assert writer.isOpened()
    for array in arrays():
        writer.write(array)
    writer.release()
    return path


MAKERS: dict[str, tuple[str, Callable[[Path], SourceSpec]]] = {
    "list": ("series of arrays", make_list),
    "generator": ("series of arrays", make_generator),
    "folder": ("folder of images", make_folder),
    "printf": ("printf pattern", make_printf),
    "glob": ("glob", make_glob),
    "still": ("image", make_still),
    "pages": ("file of pages", make_pages),
    "scene": ("synth: scene", make_scene),
    "mp4": ("video file", make_mp4),
    "avi": ("video file", make_avi),
    "clip": ("clip on a web server", make_clip),
}
