"""MOTChallenge text (Milan et al. 2016, "MOT16"): frames, targets and pixels are counted from 1.

Results have 10 columns `frame,id,left,top,width,height,confidence,x,y,z`, ground truth 9, whose last three are
`considered,class,visibility`; older files have 7. An id of -1 is a detection without a target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.text_lines import ResultLines, TextLine, box_numbers, box_of, lines_of, read_text
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

FIRST = 1
"""Number of the first frame, of the first target and of the first pixel."""

CLASSES = (
    "Pedestrian",
    "Person on vehicle",
    "Car",
    "Bicycle",
    "Motorbike",
    "Non motorized vehicle",
    "Static person",
    "Distractor",
    "Occluder",
    "Occluder on the ground",
    "Occluder full",
    "Reflection",
)
"""The classes of the ground truth in the order of their numbers, from 1."""
_NO_TARGET = -1
_FEWEST = 6
_DIGITS = 2
_TRUTH_COLUMNS = 9


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read results, ground truth or detections; the number of columns says which.

    Raises:
        SourceError: not such a file.
    """
    return AnnotatedVideo.of(parse(read_text(path), path, first_pixel=FIRST, classes=CLASSES), meta)


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write results; a lost target has no line.

    Raises:
        OutputError: the file cannot be written.
    """
    lines = (result_line(one.frame, one.id, one.box, one.confidence) for one in video.annotations if one.seen)
    write_atomic(path, "".join(lines))


class MotLines(ResultLines):
    """Results: `frame,id,left,top,width,height,confidence,-1,-1,-1`.

    A lost target has no line; an occluded one has, since the benchmark scores those.
    """

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return a line a target that is not lost."""
        text = ""
        for track in tracks:
            result = track.result
            if result.state is not TrackState.LOST:
                text += result_line(frame.index, track.id, result.box, result.confidence)
        return text


def result_line(frame: int, target: int | None, box: Box, confidence: float | None) -> str:
    """Return the line of one target in results.

    Args:
        frame: 0-based.
        target: 0-based; None for a detection without a target.
        box: in pixels from 0.
        confidence: in [0, 1]; None is written as 1.
    """
    number = _NO_TARGET if target is None else target + FIRST
    sure = 1.0 if confidence is None else confidence
    return f"{frame + FIRST},{number},{box_numbers(box, _DIGITS, FIRST)},{sure:.4f},-1,-1,-1\n"


def write_truth(video: AnnotatedVideo, path: Path) -> None:
    """Write ground truth; a name that is none of `CLASSES` is written as a pedestrian, the class that is scored.

    Raises:
        OutputError: a target has no number, or the file cannot be written.
    """
    numbers = {name: number for number, name in enumerate(CLASSES, FIRST)}
    write_atomic(path, truth_lines(video, numbers, first_pixel=FIRST, wanted_by="MOTChallenge truth"))


def truth_lines(video: AnnotatedVideo, numbers: Mapping[str, int], *, first_pixel: int, wanted_by: str) -> str:
    """Return the lines of ground truth.

    Args:
        video: what to write; lost targets have no line.
        numbers: the number of each class; any other name is class 1.
        first_pixel: what the leftmost column and topmost row of pixels is called.
        wanted_by: the format, for the message.

    Raises:
        OutputError: a target has no number.
    """
    video.by_target(wanted_by)
    return "".join(
        f"{one.frame + FIRST},{(one.id or 0) + FIRST},{box_numbers(one.box, _DIGITS, first_pixel)},"
        f"1,{numbers.get(one.label, 1)},{0 if one.state is TrackState.OCCLUDED else 1}\n"
        for one in video.annotations
        if one.seen
    )


def parse(text: str, name: object, *, first_pixel: int, classes: Sequence[str]) -> Iterable[Annotation]:
    """Yield the targets of a text.

    Args:
        text: the file.
        name: of the file, for messages.
        first_pixel: what the leftmost column and topmost row of pixels is called.
        classes: the names of the classes, from number 1.

    Raises:
        SourceError: a line is none of the format.
    """
    for line in lines_of(text, name):
        if len(line.words) < _FEWEST:
            raise SourceError(
                f"{line.place}: {len(line.words)} values, expected frame,id,left,top,width,height,confidence,..."
            )
        box = box_of(line.numbers(2, 6), first_pixel)
        if box is None:
            continue
        label, state = _truth_of(line, classes) if len(line.words) == _TRUTH_COLUMNS else ("", None)
        yield Annotation(_frame(line), _target(line), box, label, _confidence(line), state)


def _frame(line: TextLine) -> int:
    frame = line.integer(0) - FIRST
    if frame < 0:
        raise SourceError(f"{line.place}: frame {line.words[0]}, but frames are counted from 1")
    return frame


def _target(line: TextLine) -> int | None:
    number = line.integer(1)
    return None if number == _NO_TARGET else number - FIRST


def _confidence(line: TextLine) -> float | None:
    value = line.numbers(6, 7)
    return value[0] if value and value[0] >= 0 else None


def _truth_of(line: TextLine, classes: Sequence[str]) -> tuple[str, TrackState | None]:
    number = line.integer(7)
    label = classes[number - 1] if 1 <= number <= len(classes) else ""
    return label, TrackState.OCCLUDED if line.numbers(8)[0] == 0 else None
