"""YOLO text: a folder of `NAME_<frame>.txt`, a line `class x y width height [confidence] [track]` a target.

The center and size are shares of the frame; frames and tracks are counted from 1, classes from 0. The names of the
classes are in `classes.txt`, a line each; a frame without a target has no file.
"""

from __future__ import annotations

import re
from pathlib import Path

from tracker.errors import OutputError, SourceError
from tracker.files import reason, write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.text_lines import TARGET, TextLine, lines_of, read_text
from tracker.geometry import Box

_FIRST = 1
_NAME = "YOLO"
_CLASSES = "classes.txt"
_FILE = re.compile(r"(?P<name>.*?)_?(?P<frame>\d+)\.txt")


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read the files of one video.

    Raises:
        SourceError: no folder of such files, or those of several videos.
        ConfigError: the size of the frames is not known.
    """
    if not path.is_dir():
        raise SourceError(f"{path} is no folder: YOLO has a folder with a text file a frame")
    size = meta.size(_NAME)
    files = {file: match for file in sorted(path.glob("*.txt")) if (match := _FILE.fullmatch(file.name))}
    names = {match["name"] for match in files.values()}
    if len(names) != 1:
        what = f"the files of several videos ({', '.join(sorted(names)[:3])}, ...)" if names else "no NAME_<frame>.txt"
        raise SourceError(f"{path} holds {what}: give a folder with the files of one video")
    labels = read_text(path / _CLASSES).splitlines() if (path / _CLASSES).exists() else []
    found = []
    for file, match in files.items():
        frame = int(match["frame"]) - _FIRST
        if frame < 0:
            raise SourceError(f"{file}: frame 0, but frames are counted from 1")
        found += [_target(line, frame, size, labels) for line in lines_of(read_text(file), file)]
    return AnnotatedVideo.of(found, meta.over(VideoMeta(name=names.pop())))


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
    labels = sorted({one.label or TARGET for one in video.annotations})
    write_atomic(path / _CLASSES, "".join(f"{label}\n" for label in labels))
    name = Path(video.meta.name).stem or "video"
    for frame, targets in video.by_frame():
        lines = [_line(one, labels.index(one.label or TARGET), width, height) for one in targets if one.seen]
        if lines:
            write_atomic(path / f"{name}_{frame + _FIRST}.txt", "".join(lines))


def _line(one: Annotation, number: int, width: int, height: int) -> str:
    x, y = one.box.center
    shares = (x / width, y / height, one.box.width / width, one.box.height / height)
    words = [str(number), *(f"{share:.6f}" for share in shares)]
    if one.confidence is not None:
        words.append(f"{one.confidence:.6f}")
    if one.id is not None:
        words.append(str(one.id + _FIRST))
    return " ".join(words) + "\n"


def _target(line: TextLine, frame: int, size: tuple[int, int], labels: list[str]) -> Annotation:
    if not 5 <= len(line.words) <= 7:
        raise SourceError(
            f"{line.place}: {len(line.words)} values, expected class x y width height [confidence] [track]"
        )
    number = line.integer(0)
    label = labels[number] if 0 <= number < len(labels) else str(number)
    x, y, across, down = (value * side for value, side in zip(line.numbers(1, 5), size * 2, strict=True))
    # With one word after the box, a whole number is a track: confidences are written with a point.
    has_track = len(line.words) == 7 or (len(line.words) == 6 and line.words[5].isdecimal())
    track = line.integer(len(line.words) - 1) - _FIRST if has_track else None
    confidence = line.numbers(5, 6)[0] if len(line.words) - has_track == 6 else None
    return Annotation(frame, track, Box.around(x, y, across, down), label, confidence)
