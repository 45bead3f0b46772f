"""What the formats need of a video, and that it is told when it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.making import META, at
from tracker.errors import OutputError
from tracker.formats.annotation import AnnotatedVideo
from tracker.formats.registry import FORMATS


@pytest.mark.parametrize("name", ["otb", "got10k", "vot"])
def test_formats_of_one_target(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="files hold one target"):
        FORMATS[name].write(AnnotatedVideo.of([at(0), at(1, 1)], META), tmp_path / "a")
    with pytest.raises(OutputError, match="frame 1 holds several boxes"):
        FORMATS[name].write(AnnotatedVideo.of([at(1), at(1)], META), tmp_path / "a")


@pytest.mark.parametrize("name", ["mot-gt", "cvat", "label-studio"])
def test_formats_of_tracks(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="frame 3 holds a target without a number"):
        FORMATS[name].write(AnnotatedVideo.of([at(3, None)], META), tmp_path / "a")
