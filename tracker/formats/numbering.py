"""Numbers of frames, targets and classes: in files they begin with 0 or 1, here all of them begin with 0.

A format says where its numbers usually begin. Files of other tools differ, and show it: where a number 0 occurs,
counting begins with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count

from tracker.errors import SourceError
from tracker.formats.annotation import Annotation, VideoMeta

_CLASS_DIGITS = 4
"""A number with more digits is no number of a class."""
_MOST_FRAMES = 10_000_000
"""Frames of more than four days at 25 per second: a greater number is a mistake, and would take all memory."""


def counted_from_zero(
    found: Iterable[Annotation], meta: VideoMeta, *, usual_frame: int, usual_id: int = 0
) -> list[Annotation]:
    """Return annotations whose numbers are those of a file with numbers that begin at 0.

    Where a target of the file has the number 0, ids begin with it; for frames see `VideoMeta.first_of`.

    Args:
        found: with the numbers of the file.
        meta: what is known of the video.
        usual_frame: the number that the format gives the first frame.
        usual_id: the number that the format gives the first target.

    Raises:
        SourceError: a frame comes before the first one.
    """
    found = list(found)
    first = meta.first_of((one.frame for one in found), usual_frame)
    first_id = 0 if any(one.id == 0 for one in found) else usual_id
    early = min((one.frame for one in found), default=first)
    if early < first:
        raise SourceError(f"frame {early}, but frames are counted from {first}: give the number of the first frame")
    check_frame(max((one.frame for one in found), default=first))
    if not first and not first_id:
        return found
    return [replace(one, frame=one.frame - first, id=None if one.id is None else one.id - first_id) for one in found]


def check_frame(frame: int) -> None:
    """Refuse a number of a frame that no video has.

    Raises:
        SourceError: it is above ten millions.
    """
    if frame > _MOST_FRAMES:
        raise SourceError(f"frame {frame} is in no video: is this the format?")


def class_numbers(labels: Iterable[str], known: Mapping[int, str], first: int) -> dict[str, int]:
    """Return the number of each class for a format that counts them from `first`; known classes keep theirs.

    A label that is a small number is a class without a name, and keeps it, too; others get the free numbers in
    alphabetic order.

    Args:
        labels: the classes to be written.
        known: names by numbers from 0, see `VideoMeta.classes`.
        first: the lowest number of a class.
    """
    numbers: dict[str, int] = {}
    for number, name in sorted(known.items()):
        numbers.setdefault(name, number + first)
    taken = set(numbers.values())
    new = sorted(set(labels) - numbers.keys())
    for label in new:
        if is_class_number(label) and int(label) >= first and int(label) not in taken:
            numbers[label] = int(label)
            taken.add(int(label))
    free = (number for number in count(first) if number not in taken)
    return numbers | {label: next(free) for label in new if label not in numbers}


def is_class_number(label: str) -> bool:
    """Return whether a label is the number of a class without a name."""
    return label.isdecimal() and str(int(label)) == label and len(label) <= _CLASS_DIGITS


def class_names(numbers: Mapping[str, int], first: int) -> list[str]:
    """Return the names from number `first` on without gaps; a number without a class is its own name."""
    names = {number: name for name, number in numbers.items()}
    return [names.get(number, str(number)) for number in range(first, max(names, default=first - 1) + 1)]
