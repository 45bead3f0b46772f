"""What the text formats share: lines of numbers and how they are read and written, and documents."""

from __future__ import annotations

import logging
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from tracker.errors import SourceError
from tracker.files import reason
from tracker.geometry import Box
from tracker.tracking.result import Track
from tracker.video.base import Frame

_logger = logging.getLogger(__name__)


class ResultLines(ABC):
    """A text format as a run writes it: a header, then the lines of one frame after the other."""

    header: ClassVar[str] = ""
    """What stands before the first frame, ended by a line feed; "" for nothing."""

    @abstractmethod
    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return the lines of one frame, each ended by a line feed; "" for none.

        Raises:
            OutputError: the format cannot hold them.
        """

    def rest(self, total: int) -> str:
        """Return the lines of the frames after the last one of a run, up to `total` frames of the video; "" for none.

        Only a format whose lines are counted needs any.
        """
        return ""

    def rewind(self, index: int) -> None:  # noqa: B027 - lines of most formats stand for themselves
        """Take it that the lines of frames from number `index` on were cut off, and come again."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a file, split into words.

    Attributes:
        place: "file, line n", for messages.
        words: what stood between commas, tabs or spaces.
    """

    place: str
    words: tuple[str, ...]

    def numbers(self, first: int = 0, last: int | None = None) -> list[float]:
        """Return the words from `first` to before `last` as numbers; nan is one.

        Raises:
            SourceError: one of them is no number.
        """
        try:
            return [float(word) for word in self.words[first:last]]
        except ValueError as error:
            raise SourceError(
                f"{self.place}: {str(error).partition(': ')[2]} is no number: is this the format?"
            ) from error

    def integer(self, index: int) -> int:
        """Return one word as an integer; "3.0" is one.

        Raises:
            SourceError: it is none.
        """
        (value,) = self.numbers(index, index + 1)
        if not value.is_integer() or abs(value) > _LARGEST:
            raise SourceError(f"{self.place}: {self.words[index]!r} is no whole number: is this the format?")
        return int(value)


_LARGEST = 2**53
"""Of the whole numbers up to here each is a float of its own."""

Member = TypeVar("Member")
Result = TypeVar("Result")


def read_each(
    members: Iterable[Member], read: Callable[[Member], Result], name: object, called: str = "lines"
) -> list[Result | None]:
    """Return what `read` makes of each member of a file; None for those that it refuses, which are logged.

    Args:
        members: lines or other parts of a file that stand for themselves.
        read: reads one.
        name: of the file, for the message.
        called: what the members are, for the message.

    Raises:
        SourceError: that of the first member refused, unless more than half of them are good: then the file is not of
            this format.
    """
    found: list[Result | None] = []
    refused: list[SourceError] = []
    for member in members:
        try:
            found.append(read(member))
        except SourceError as error:
            found.append(None)
            refused.append(error)
    if 2 * len(refused) >= len(found) and refused:
        raise refused[0]
    if refused:
        _logger.warning("%s: %d of %d %s passed over: %s", name, len(refused), len(found), called, refused[0])
    return found


def read_text(path: Path) -> str:
    """Read a text file, with or without a byte order mark.

    Raises:
        SourceError: it cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is no text"
        raise SourceError(f"cannot read {path} ({why}): give a text file") from error


def lines_of(text: str, name: object) -> Iterator[TextLine]:
    """Yield the lines that are not blank, split at commas, tabs or spaces; a comma at the end is passed over.

    Args:
        text: with any kind of line ends.
        name: of the file, for messages.
    """
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip().rstrip(",").rstrip()
        if stripped:
            yield TextLine(f"{name}, line {number}", tuple(re.split(r"\s*,\s*|\s+", stripped)))


def box_of(numbers: Sequence[float], first_pixel: int = 0) -> Box | None:
    """Return the box x, y, width, height counted from `first_pixel`; None where it is nan or empty: no target."""
    x, y, width, height = numbers
    if not all(math.isfinite(value) for value in numbers) or width <= 0 or height <= 0:
        return None
    return Box(x - first_pixel, y - first_pixel, width, height)


def box_numbers(box: Box, digits: int, first_pixel: int) -> str:
    """Return `x,y,width,height` with so many decimals, pixels counted from `first_pixel`."""
    x, y = box.x + first_pixel, box.y + first_pixel
    return f"{x:.{digits}f},{y:.{digits}f},{box.width:.{digits}f},{box.height:.{digits}f}"


Document = TypeVar("Document")

TARGET = "target"
"""What a target without a name is called in formats that ask for a class."""


class Part(BaseModel):
    """A part of a document; what is not declared is passed over."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


def read_document(path: Path, kind: type[Document], name: str) -> Document:
    """Read a JSON document.

    Args:
        path: the file.
        kind: a model, or a list of models.
        name: of the format, for the message.

    Raises:
        SourceError: it cannot be read, is no JSON, or none of the format; the message says where.
    """
    try:
        return TypeAdapter(kind).validate_json(read_text(path))
    except ValidationError as error:
        raise SourceError(f"{path} is no {name} document: {_fault(error)}") from error


def checked(value: object, kind: type[Document], place: str) -> Document:
    """Return a part of a document as a model.

    Raises:
        SourceError: it is none; the message begins with `place`.
    """
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise SourceError(f"{place}: {_fault(error)}") from error


def _fault(error: ValidationError) -> str:
    """Return what is wrong first, and where."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place and f'at {place}: '}{first['msg']}"
