"""The table of formats, and how a file's format is told."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from tracker.errors import ConfigError, SourceError
from tracker.formats import coco, csv_table, cvat, json_lines, label_studio, motchallenge, otb, vot, yolo
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.formats.text_lines import ResultLines, lines_of, read_text

Reader: TypeAlias = Callable[[Path, VideoMeta], AnnotatedVideo]
Writer: TypeAlias = Callable[[AnnotatedVideo, Path], None]


@dataclass(frozen=True, slots=True)
class Format:
    """One format of annotations.

    Attributes:
        title: its name in messages.
        read: reads a file, given what is known of the video.
        write: writes a complete file, or none.
        first_frame: the number of the first frame, 0 or 1.
        first_pixel: what the leftmost column and topmost row of pixels are called, 0 or 1; 0 for shares of the frame.
        suffixes: of its files; "" is a folder.
        lines: makes the lines of a run that writes it frame by frame; None where it can only be written at the end.
    """

    title: str
    read: Reader
    write: Writer
    first_frame: int
    first_pixel: int
    suffixes: tuple[str, ...]
    lines: Callable[[], ResultLines] | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return "" in self.suffixes


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format("this program's CSV", csv_table.read, csv_table.write, 0, 0, (".csv",), csv_table.CsvLines),
        "jsonl": Format("JSON Lines", json_lines.read, json_lines.write, 0, 0, (".jsonl",), json_lines.JsonLines),
        "mot": Format("MOTChallenge", motchallenge.read, motchallenge.write, 1, 1, (".txt",), motchallenge.MotLines),
        "mot-gt": Format("MOTChallenge truth", motchallenge.read, motchallenge.write_truth, 1, 1, (".txt",)),
        "otb": Format("OTB", otb.read, otb.write_otb, 1, 1, (".txt",), otb.OtbLines),
        "got10k": Format("GOT-10k", otb.read, otb.write_got10k, 1, 1, (".txt",), otb.Got10kLines),
        "vot": Format("VOT", vot.read, vot.write, 1, 0, (".txt",)),
        "coco": Format("COCO video", coco.read, coco.write, 0, 0, (".json",)),
        "cvat": Format("CVAT MOT 1.1 zip", cvat.read, cvat.write, 1, 0, (".zip",)),
        "label-studio": Format("Label Studio", label_studio.read, label_studio.write, 1, 0, (".json",)),
        "yolo": Format("YOLO text", yolo.read, yolo.write, 1, 0, ("",)),
    }
)
"""The formats by name. A new one is a file and a line here."""


def format_of(path: Path, name: str | None, option: str) -> Format:
    """Return the format of that name, or without one the only format that has the path's suffix.

    Args:
        path: the file.
        name: a key of `FORMATS`, None to go by the suffix.
        option: the command-line option that gives the name, for the message.

    Raises:
        ConfigError: there is no such format, or the suffix does not tell.
    """
    if name is not None:
        if name not in FORMATS:
            raise ConfigError(f"there is no format {name!r}: choose from {', '.join(FORMATS)}")
        return FORMATS[name]
    suffix = "" if path.is_dir() else path.suffix.lower()
    fitting = [key for key, kind in FORMATS.items() if suffix in kind.suffixes]
    if len(fitting) != 1:
        choice = ", ".join(fitting or FORMATS)
        raise ConfigError(f"the name {path.name} does not tell its format: give {option} with one of {choice}")
    return FORMATS[fitting[0]]


_ZIP = b"PK\x03\x04"


def format_by_content(path: Path) -> Format:
    """Return the format that a file is of, by what is in it.

    Raises:
        SourceError: it cannot be read, or is of none of the formats.
    """
    if path.is_dir():
        return FORMATS["yolo"]
    with contextlib.suppress(OSError), path.open("rb") as file:
        if file.read(len(_ZIP)) == _ZIP:
            return FORMATS["cvat"]
    text = read_text(path)
    name = _document(text) if text.lstrip()[:1] in ("{", "[") else _text_format(text, path)
    if name is None:
        raise SourceError(
            f"{path} holds no box: give a table with the columns x,y,w,h, a MOTChallenge text (frame,id,x,y,w,h,...), "
            "an OTB text (x,y,w,h a line) or COCO video JSON"
        )
    return FORMATS[name]


def _document(text: str) -> str:
    with contextlib.suppress(ValueError, RecursionError):
        first = json.loads(text.lstrip().partition("\n")[0])
        if isinstance(first, dict) and set(csv_table.BOX) <= set(first):
            return "jsonl"
    return "label-studio" if text.lstrip().startswith("[") else "coco"


def _text_format(text: str, path: Path) -> str | None:
    lines = [line.words for line in lines_of(text, path)]
    first = [word.strip('"') for word in lines[0]] if lines else []
    if set(csv_table.BOX) <= set(first):
        return "csv"
    if any(len(words) == 1 for words in lines) and any(len(words) >= 4 for words in lines):
        return "vot"  # the codes of frames without a region
    if len(first) == 4:
        return "otb"
    if len(first) < 6:
        return None
    # A polygon of VOT has fractions where MOTChallenge has the numbers of frame and target.
    return "mot" if all(re.fullmatch(r"-?\d+(\.0*)?", word) for word in first[:2]) else "vot"
