"""Stand-in for `tracker.video.open_source` until it is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2

from tracker.errors import SourceError
from tracker.image import as_image
from tracker.video.base import Frame, FrameSource, SourceInfo


class _Source(FrameSource):
    def __init__(self, spec: str) -> None:
        self._path = Path(spec)
        self.info = SourceInfo(self._path.stem, 0, 0, None, None)

    def __iter__(self) -> Iterator[Frame]:
        if self._path.is_dir():
            for index, path in enumerate(sorted(self._path.iterdir())):
                yield Frame(as_image(cv2.imread(str(path))), index, index / 25)
            return
        capture = cv2.VideoCapture(str(self._path))
        if not capture.isOpened():
            raise SourceError(f"cannot open {self._path}: is it a video?")
        index = 0
        while True:
            read, image = capture.read()
            if not read:
                break
            yield Frame(as_image(image), index, index / 25)
            index += 1
        capture.release()

    def close(self) -> None:
        pass


def open_source(spec: str) -> FrameSource:
    return _Source(spec)
