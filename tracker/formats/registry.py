"""The table of formats, and how a file's format is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from tracker.errors import ConfigError
from tracker.formats import coco, csv_table, cvat, json_lines, label_studio, motchallenge, otb, vot, yolo
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.formats.text_lines import ResultLines

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
        "cvat": Format("CVAT MOT 1.1", cvat.read, cvat.write, 1, 0, (".zip",)),
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
