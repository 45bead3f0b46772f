"""How a person writes what starts by itself, and what is said to a mistake."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tracker.detection import DETECTORS, ColorDetector, Detector, MotionDetector, open_detector
from tracker.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("motion", MotionDetector),
        (" motion ", MotionDetector),
        ("color=FF8800", ColorDetector),
        ("color=#ff8800", ColorDetector),
        ("color = 000000", ColorDetector),
    ],
)
def test_detectors_as_they_are_written(text: str, kind: type[Detector]) -> None:
    detector = open_detector(text)
    assert type(detector) is kind
    assert detector.name in DETECTORS
    assert detector.detect(np.full((90, 160, 3), 128, np.uint8)) == ()


def test_a_picture_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cv2.imwrite(str(tmp_path / "ball.png"), np.full((8, 8, 3), (0, 136, 255), np.uint8))
    monkeypatch.chdir(tmp_path)
    for path in ("ball.png", "./ball.png", str(tmp_path / "ball.png")):
        assert isinstance(open_detector(f"color={path}"), ColorDetector)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing starts by itself on ''.*write motion, color=orange, color=RRGGBB or color=PICTURE"),
        ("moton", r"on 'moton' \(did you mean 'motion'\?\): write motion"),
        ("face", "on 'face': write motion"),
        ("motion=knn", "motion takes nothing after it; got 'knn'"),
        ("color", "which color.*write motion, color=orange, color=RRGGBB"),
        ("color=", "which color"),
        ("color=orangey", "'orangey' is no color: write six hexadecimal digits, e.g. FF8800, or one of red, orange"),
        ("color=F80", "'F80' is no color"),
        ("color=#GG8800", "'#GG8800' is no color"),
        ("color=no/such.png", r"cannot be read \(No such file or directory\): check the path"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as raised:
        open_detector(text)
    assert "\n" not in str(raised.value)


def test_pictures_that_cannot_be_used(tmp_path: Path) -> None:
    text, nothing, clear = tmp_path / "text.png", tmp_path / "empty.png", tmp_path / "clear.png"
    text.write_text("this is no picture")
    nothing.touch()
    cv2.imwrite(str(clear), np.zeros((8, 8, 4), np.uint8))
    for path in (text, nothing):
        with pytest.raises(ConfigError, match="is no picture that can be read: give a PNG or JPEG file"):
            open_detector(f"color={path}")
    with pytest.raises(ConfigError, match="is transparent all over"):
        open_detector(f"color={clear}")
    with pytest.raises(ConfigError, match="cannot be read"):
        open_detector(f"color={tmp_path}/")
