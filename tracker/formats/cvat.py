"""CVAT's "MOT 1.1": a zip with `gt/gt.txt` as MOTChallenge truth and the names of the classes in `gt/labels.txt`.

Frames, tracks and classes are counted from 1; pixels from 0, as CVAT writes its own coordinates unchanged.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import reason, write_atomic
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.formats.motchallenge import parse, truth_lines
from tracker.formats.numbering import class_names, class_numbers
from tracker.formats.text_lines import TARGET

_TRUTH = "gt/gt.txt"
_LABELS = "gt/labels.txt"
_FIRST_PIXEL = 0
_FIRST_CLASS = 1
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of the files inside, so that the same targets give the same bytes."""


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read the targets.

    Raises:
        SourceError: not such a zip.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            truth = archive.read(_TRUTH).decode("utf-8-sig")
            has_labels = _LABELS in archive.namelist()
            labels = archive.read(_LABELS).decode("utf-8-sig").splitlines() if has_labels else []
    except (OSError, zipfile.BadZipFile, zlib.error, UnicodeDecodeError, KeyError, EOFError, RuntimeError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error).strip("\"'")
        raise SourceError(f"{path} is no CVAT MOT 1.1 zip ({why}): it needs {_TRUTH}") from error
    classes = dict(enumerate(labels, _FIRST_CLASS))
    targets = parse(truth, f"{path}, {_TRUTH}", meta, first_pixel=_FIRST_PIXEL, classes=classes)
    return AnnotatedVideo.of(targets, meta.over(VideoMeta(classes=dict(enumerate(labels)))))


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write the targets; a lost one is left out.

    Raises:
        OutputError: a target has no number, or the file cannot be written.
    """
    numbers = class_numbers({one.label or TARGET for one in video.annotations}, video.meta.classes, _FIRST_CLASS)
    labels = class_names(numbers, _FIRST_CLASS) or [TARGET]
    numbers[""] = numbers.get(TARGET, _FIRST_CLASS)
    text = truth_lines(video, numbers, first_pixel=_FIRST_PIXEL, wanted_by="CVAT MOT 1.1")
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ((_TRUTH, text), (_LABELS, "".join(f"{label}\n" for label in labels))):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    write_atomic(path, memory.getvalue())
