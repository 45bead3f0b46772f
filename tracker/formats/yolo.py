"""YOLO text: a folder of `NAME_<frame>.txt`, a line `class x y width height [confidence] [track]` a target.

The center and size are shares of the frame; frames and tracks are counted from 1, classes from 0. The names of the
classes are in `classes.txt`, a line each; a frame without a target has no file. Shares and confidences lie in [0, 1]:
of a box only the part in the frame is written.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tracker.errors import OutputError, SourceError
from tracker.files import reason, write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta, part_inside
from tracker.formats.numbering import class_names, class_numbers, counted_from_zero
from tracker.formats.text_lines import TARGET, TextLine, box_of, lines_of, read_each, read_text

_logger = logging.getLogger(__name__)

_FIRST = 1
_FIRST_CLASS = 0
_NAME = "YOLO"
_CLASSES = "classes.txt"
_FILE = re.compile(r"(?P<name>.*?)_?(?P<frame>[0-9]{1,9})\.txt")


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read the files of one video.

    Raises:
        SourceError: no folder of such files, or those of several videos.
        ConfigError: the size of the frames is not known.
    """
    if not path.is_dir():
        raise SourceError(f"{path} is no folder: YOLO has a folder with a text file a frame")
    size = meta.size(_NAME)
    files = _frame_files(path)
    labels = read_text(path / _CLASSES).splitlines() if (path / _CLASSES).exists() else []
    found = read_each(files.items(), lambda each: _targets(each[0], each[1], size, labels), path, "files")
    # An empty file is a frame, too: it tells where counting begins.
    known = replace(meta, first_frame=meta.first_of(files.values(), _FIRST))
    targets = [one for each in found if each is not None for one in each]
    counted = counted_from_zero(targets, known, usual_frame=_FIRST, usual_id=_FIRST)
    name = _FILE.fullmatch(next(iter(files)).name)
    return AnnotatedVideo.of(
        counted, meta.over(VideoMeta(name=name["name"] if name else "", classes=dict(enumerate(labels))))
    )


def _frame_files(path: Path) -> dict[Path, int]:
    """Return the files of the video and the numbers of their frames; files with other names are logged.

    Raises:
        SourceError: there are none, or those of several videos.
    """
    videos: dict[str, dict[Path, int]] = {}
    for file in sorted(path.glob("*.txt")):
        if match := _FILE.fullmatch(file.name):
            videos.setdefault(match["name"], {})[file] = int(match["frame"])
        elif file.name != _CLASSES:
            _logger.warning("%s is passed over: its name is not NAME_<frame>.txt", file)
    if not videos:
        raise SourceError(f"{path} holds no NAME_<frame>.txt: give a folder with the files of one video")
    name, files = max(videos.items(), key=lambda item: len(item[1]))
    others = sum(len(each) for each in videos.values()) - len(files)
    if others >= len(files):
        names = ", ".join(sorted(videos)[:3])
        raise SourceError(
            f"{path} holds the files of several videos ({names}, ...): give a folder with the files of one video"
        )
    if others:
        _logger.warning("%s: %d files are passed over: their names do not begin with %s", path, others, name)
    return files


def _targets(file: Path, frame: int, size: tuple[int, int], labels: Sequence[str]) -> list[Annotation]:
    return [
        one
        for one in read_each(lines_of(read_text(file), file), lambda line: _target(line, frame, size, labels), file)
        if one is not None
    ]


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write a folder, made where it is missing; a lost target is left out.

    Raises:
        ConfigError: the size of the frames is not known.
        OutputError: the folder holds files already, or cannot be written.
    """
    width, height = video.meta.size(_NAME)
    try:
        path.mkdir(exist_ok=True)
        if any(path.iterdir()):
            raise OutputError(f"{path} is not empty, and files of several videos must not mix: choose a new folder")
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
    numbers = class_numbers({one.label or TARGET for one in video.annotations}, video.meta.classes, _FIRST_CLASS)
    if not numbers or any(label != str(number) for label, number in numbers.items()):
        write_atomic(path / _CLASSES, "".join(f"{label}\n" for label in class_names(numbers, _FIRST_CLASS)))
    name = Path(video.meta.name).stem or "video"
    for frame, targets in video.by_frame():
        lines = "".join(_line(one, numbers[one.label or TARGET], width, height) for one in targets if one.seen)
        if lines:
            write_atomic(path / f"{name}_{frame + _FIRST}.txt", lines)


def _line(one: Annotation, number: int, width: int, height: int) -> str:
    """Return the line of a target; "" where it is outside the frame."""
    box = part_inside(one.box, width, height)
    if box is None:
        return ""
    x, y = box.center
    shares = (x / width, y / height, box.width / width, box.height / height)
    words = [str(number), *(f"{share:.6f}" for share in shares)]
    if one.confidence is not None:
        words.append(f"{min(max(one.confidence, 0.0), 1.0):.6f}")
    if one.id is not None:
        words.append(str(one.id + _FIRST))
    return " ".join(words) + "\n"


def _target(line: TextLine, frame: int, size: tuple[int, int], labels: Sequence[str]) -> Annotation | None:
    if not 5 <= len(line.words) <= 7:
        raise SourceError(
            f"{line.place}: {len(line.words)} values, expected class x y width height [confidence] [track]"
        )
    number = line.integer(0)
    label = labels[number] if 0 <= number < len(labels) else str(number)
    x, y, across, down = (value * side for value, side in zip(line.numbers(1, 5), size * 2, strict=True))
    # With one word after the box, a whole number is a track: confidences are written with a point.
    has_track = len(line.words) == 7 or (len(line.words) == 6 and line.words[5].isdecimal())
    track = line.integer(len(line.words) - 1) if has_track else None
    confidence = line.numbers(5, 6)[0] if len(line.words) - has_track == 6 else None
    box = box_of((x - across / 2, y - down / 2, across, down))
    return None if box is None else Annotation(frame, track, box, label, confidence)
