"""MOTChallenge text (Milan et al. 2016, "MOT16"): frames, targets and pixels are counted from 1.

Results have 10 columns `frame,id,left,top,width,height,confidence,x,y,z`, ground truth 9, whose last three are
`considered,class,visibility`; older files have 7. An id of -1 is a detection without a target.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.numbering import counted_from_zero, is_class_number
from tracker.formats.text_lines import ResultLines, TextLine, box_numbers, box_of, lines_of, read_each, read_text
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

_logger = logging.getLogger(__name__)

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
_NO_PLACE = "-1,-1,-1"
"""The place in the world of a target whose place is only known in the picture."""
_WORLD = "world"
"""What the last three columns of results are called among an annotation's extras."""
_FEWEST = 6
_DIGITS = 2
_TRUTH_COLUMNS = 9
_RESULT_COLUMNS = 10


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read results, ground truth or detections; the number of columns says which.

    Raises:
        SourceError: not such a file.
    """
    classes = dict(enumerate(CLASSES, FIRST))
    return AnnotatedVideo.of(parse(read_text(path), path, meta, first_pixel=FIRST, classes=classes), meta)


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write results; a lost target has no line.

    Raises:
        OutputError: the file cannot be written.
    """
    lines = (
        result_line(one.frame, one.id, one.box, one.confidence, str(one.extra.get(_WORLD, _NO_PLACE)))
        for one in video.annotations
        if one.seen
    )
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


def result_line(frame: int, target: int | None, box: Box, confidence: float | None, place: str = _NO_PLACE) -> str:
    """Return the line of one target in results.

    Args:
        frame: 0-based.
        target: 0-based; None for a detection without a target.
        box: in pixels from 0.
        confidence: None is written as 1.
        place: the last three columns.
    """
    number = _NO_TARGET if target is None else target + FIRST
    sure = 1.0 if confidence is None else confidence
    return f"{frame + FIRST},{number},{box_numbers(box, _DIGITS, FIRST)},{sure:.4f},{place}\n"


def write_truth(video: AnnotatedVideo, path: Path) -> None:
    """Write ground truth; a name that is none of `CLASSES` is written as a pedestrian, the class that is scored.

    Raises:
        OutputError: a target has no number, or the file cannot be written.
    """
    numbers = {name: number for number, name in enumerate(CLASSES, FIRST)}
    labels = {one.label for one in video.annotations if one.label not in numbers}
    numbers |= {label: int(label) for label in labels if is_class_number(label)}
    unknown = sorted(labels - numbers.keys() - {""})
    if unknown:
        _logger.warning("%s: no classes of MOTChallenge, written as %s: %s", path, CLASSES[0], ", ".join(unknown))
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
        f"{0 if one.ignored else 1},{numbers.get(one.label, 1)},{_visibility(one):g}\n"
        for one in video.annotations
        if one.seen
    )


def parse(
    text: str, name: object, meta: VideoMeta, *, first_pixel: int, classes: Mapping[int, str]
) -> list[Annotation]:
    """Return the targets of a text.

    Args:
        text: the file.
        name: of the file, for messages.
        meta: what is known of the video.
        first_pixel: what the leftmost column and topmost row of pixels is called.
        classes: the names of the classes by their numbers; another number is its own name.

    Raises:
        SourceError: a line is none of the format.
    """

    def target(line: TextLine) -> Annotation | None:
        """Return a target with the numbers of the file; None where the line has no place."""
        if len(line.words) < _FEWEST:
            raise SourceError(
                f"{line.place}: {len(line.words)} values, expected frame,id,left,top,width,height,confidence,..."
            )
        frame, number = line.integer(0), line.integer(1)
        if frame < 0:
            raise SourceError(f"{line.place}: frame {frame}, but frames are counted from 1")
        if number < _NO_TARGET:
            raise SourceError(f"{line.place}: target {number}, but targets are counted from 1 (-1 is none)")
        box = box_of(line.numbers(2, 6), first_pixel)
        if box is None:
            return None
        found = Annotation(frame, None if number == _NO_TARGET else number, box, confidence=_confidence(line))
        return _with_flags(found, line, classes)

    targets = [one for one in read_each(lines_of(text, name), target, name) if one is not None]
    return counted_from_zero(targets, meta, usual_frame=FIRST, usual_id=FIRST)


def _confidence(line: TextLine) -> float | None:
    """Return the score, which detectors give in any range; -1 is none."""
    value = line.numbers(6, 7)
    return value[0] if value and value[0] != -1 and math.isfinite(value[0]) else None


def _with_flags(found: Annotation, line: TextLine, classes: Mapping[int, str]) -> Annotation:
    """Return a target with what stands in the columns after the confidence."""
    if len(line.words) == _TRUTH_COLUMNS:
        number = line.integer(7)
        (visible,) = line.numbers(8)
        return replace(
            found,
            label=classes.get(number, str(number) if number >= 0 else ""),
            state=TrackState.OCCLUDED if visible == 0 else None,
            ignored=found.confidence == 0,
            visibility=visible if 0 < visible < 1 else None,
        )
    place = ",".join(line.words[7:10])
    if len(line.words) == _RESULT_COLUMNS and any(number != -1 for number in line.numbers(7)):
        return replace(found, extra={_WORLD: place})
    return found


def _visibility(one: Annotation) -> float:
    if one.visibility is None:
        return 0.0 if one.state is TrackState.OCCLUDED else 1.0
    return min(max(one.visibility, 0.0), 1.0)
