"""Label Studio's VideoRectangle: frames from 1, places in percent of the frame, key frames with straight lines between.

A key frame that is not enabled is the last of its stretch; the stretch of one that is goes on to the end of the video.
A rotated rectangle is turned about its top-left corner. It is read as the box around it, with the columns `angle`, `rw`
and `rh` of this program's table as extras, from which it is written again; so are the further labels of a region.
Percents lie in [0, 100]: of a box only the part in the frame is written, and turned only where it is wholly there.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import Field, JsonValue, TypeAdapter

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta, part_inside
from tracker.formats.numbering import check_frame, counted_from_zero
from tracker.formats.text_lines import TARGET, Part, box_of, checked, read_document, read_each
from tracker.geometry import Box, RotatedBox

_log = logging.getLogger(__name__)

_FIRST = 1
_NAME = "Label Studio"
_KIND = "videorectangle"
_ID_DIGITS = 9
"""An id with more digits is no number of a target."""
_LABELS, _REGION = "labels", "region"
"""Extras: all labels of a region that has several, and its id where that is no number."""
_TURN = ("angle", "rw", "rh")
"""Extras of a rotated rectangle: degrees clockwise of the side `rw`, and the sides in pixels."""


class _Key(Part):
    frame: Annotated[int, Field(ge=0)]
    enabled: bool = True
    rotation: float = 0.0
    x: float
    y: float
    width: float
    height: float
    time: float | None = None


class _Value(Part):
    framesCount: int | None = None  # noqa: N815 - the format's own name
    duration: float | None = None
    labels: tuple[str, ...] = ()
    sequence: tuple[_Key, ...]


class _Result(Part):
    id: str = ""
    type: str
    from_name: str = "box"
    to_name: str = "video"
    value: JsonValue = None


class _Answer(Part):
    result: tuple[_Result, ...] = ()


class _VideoTask(Part):
    data: dict[str, JsonValue] = Field(default_factory=dict)
    annotations: tuple[_Answer, ...] = ()
    predictions: tuple[_Answer, ...] = ()


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read the first annotation of the document's only task, or its first prediction where there is none.

    Raises:
        SourceError: not such a document, or one of several tasks.
        ConfigError: the size of the frames is not known.
    """
    tasks = read_document(path, tuple[_VideoTask, ...], _NAME)
    if len(tasks) != 1:
        raise SourceError(f"{path} holds {len(tasks)} tasks: give a document of one")
    width, height = meta.size(_NAME)
    answers = tasks[0].annotations or tasks[0].predictions
    results = answers[0].result if answers else ()
    regions = [result for result in results if result.type == _KIND]
    if len(answers) > 1 or len(regions) < len(results):
        left = sorted({result.type for result in results if result.type != _KIND})
        _log.warning("%s: read are the rectangles of its first annotation of %d%s", path, len(answers), _not(left))

    def value_of(region: _Result) -> _Value:
        return checked(region.value, _Value, f"{path} is no {_NAME} document: region {region.id!r}")

    read_values = read_each(regions, value_of, path, "regions")
    values = [value for value in read_values if value is not None]
    count = max((value.framesCount or 0 for value in values), default=0) or None
    known = meta.over(VideoMeta(frame_count=count))
    first = known.first_of((key.frame for value in values for key in value.sequence), _FIRST)
    last = None if known.frame_count is None else known.frame_count - 1 + first
    ids = [region.id for region, value in zip(regions, read_values, strict=True) if value is not None]
    found = [
        Annotation(frame, number, box, value.labels[0] if value.labels else "", timestamp=time, extra=extra | turn)
        for number, name, value in zip(_numbers(ids), ids, values, strict=True)
        for extra in [_extra_of(number, name, value)]
        for frame, box, turn, time in _boxes(value, last, width, height)
        if box is not None
    ]
    return AnnotatedVideo.of(counted_from_zero(found, replace(known, first_frame=first), usual_frame=first), known)


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write one task with a key frame for every box; a lost target is left out.

    Raises:
        ConfigError: size or rate of the frames is not known.
        OutputError: a target has no number, or the file cannot be written.
    """
    width, height = video.meta.size(_NAME)
    fps = video.meta.rate(_NAME)
    results = []
    for number, targets in video.by_target(_NAME).items():
        parts = [(one, part_inside(one.box, width, height)) for one in targets if one.seen]
        seen = [one if one.box == part else _plain(one, part) for one, part in parts if part is not None]
        if not seen:
            continue
        keys = tuple(_keys(seen, width, height, fps))
        labels = _labels_of(seen)
        value = _Value(framesCount=video.frame_count, duration=video.frame_count / fps, labels=labels, sequence=keys)
        name = str(seen[0].extra.get(_REGION, number))
        results.append(_Result(id=name, type=_KIND, value=value.model_dump(mode="json")))
    task = _VideoTask(data={"video": video.meta.name}, annotations=(_Answer(result=tuple(results)),))
    write_atomic(path, TypeAdapter(list[_VideoTask]).dump_json([task], exclude_defaults=False).decode() + "\n")


def _numbers(ids: Sequence[str]) -> list[int]:
    """Return the regions' numbers: their own where all have one, else in their order."""
    if all(word.isdecimal() and len(word) <= _ID_DIGITS for word in ids) and len(set(map(int, ids))) == len(ids):
        return [int(word) for word in ids]
    return list(range(len(ids)))


def _not(types: Sequence[str]) -> str:
    return f", not what is of the type {', '.join(types)}" if types else ""


def _extra_of(number: int, name: str, value: _Value) -> dict[str, object]:
    """Return what only this format has of a region."""
    extra: dict[str, object] = {_LABELS: list(value.labels)} if len(value.labels) > 1 else {}
    return extra if name == str(number) else {**extra, _REGION: name}


def _labels_of(targets: Sequence[Annotation]) -> tuple[str, ...]:
    """Return the labels of a region: all that were read, the name of the target first."""
    label = next((one.label for one in targets if one.label), TARGET)
    further = targets[0].extra.get(_LABELS)
    if isinstance(further, str):  # a cell of a table
        with suppress(ValueError):
            further = json.loads(further)
    others = [word for word in further if isinstance(word, str)] if isinstance(further, list) else []
    return tuple(dict.fromkeys([label, *others]))


def _plain(one: Annotation, box: Box) -> Annotation:
    """Return an annotation with another box, which is not turned."""
    return replace(one, box=box, extra={name: value for name, value in one.extra.items() if name not in _TURN})


def _turned(one: Annotation) -> RotatedBox | None:
    """Return the rotated rectangle of an annotation, None where it has none."""
    try:
        angle, across, down = (float(str(one.extra[name])) for name in _TURN)
    except (KeyError, ValueError):
        return None
    if not (math.isfinite(angle) and 0 < across < math.inf and 0 < down < math.inf):
        return None
    return RotatedBox(*one.box.center, across, down, angle)


def _keys(targets: Sequence[Annotation], width: int, height: int, fps: float) -> Iterator[_Key]:
    for one, following in zip(targets, [*targets[1:], None], strict=True):
        turned = _turned(one)
        x, y, across, down = one.box
        if turned is not None:
            (x, y), across, down = turned.corners()[0], turned.width, turned.height
        yield _Key(
            frame=one.frame + _FIRST,
            enabled=following is not None and following.frame == one.frame + 1,
            rotation=turned.angle % 360 if turned else 0.0,
            x=100 * x / width,
            y=100 * y / height,
            width=100 * across / width,
            height=100 * down / height,
            time=one.frame / fps if one.timestamp is None else one.timestamp,
        )


_Place: TypeAlias = tuple[int, Box | None, dict[str, object], float | None]


def _boxes(value: _Value, last: int | None, width: int, height: int) -> Iterator[_Place]:
    """Yield frame, box, its turn and time of a region wherever it is shown, up to frame `last` where it is known.

    Raises:
        SourceError: it is shown in more frames than a video has.
    """
    keys = sorted(value.sequence, key=lambda key: key.frame)
    if keys and keys[-1].enabled and last is not None and last > keys[-1].frame:
        keys.append(keys[-1].model_copy(update={"frame": last, "time": None}))
    for key, following in pairwise(keys):
        yield key.frame, *_box(key, width, height), key.time
        check_frame(following.frame)
        for frame in range(key.frame + 1, following.frame) if key.enabled else ():
            share = (frame - key.frame) / (following.frame - key.frame)
            yield frame, *_box(_between(key, following, share), width, height), None
    if keys:
        yield keys[-1].frame, *_box(keys[-1], width, height), keys[-1].time


def _between(a: _Key, b: _Key, share: float) -> _Key:
    def mix(one: float, other: float) -> float:
        return one + share * (other - one)

    return _Key(
        frame=a.frame,
        x=mix(a.x, b.x),
        y=mix(a.y, b.y),
        width=mix(a.width, b.width),
        height=mix(a.height, b.height),
        rotation=mix(a.rotation, b.rotation),
    )


def _box(key: _Key, width: int, height: int) -> tuple[Box | None, dict[str, object]]:
    """Return the box of a key frame in pixels, None where it is empty; and its turn as extras, if it has one."""
    x, y = key.x / 100 * width, key.y / 100 * height
    across, down = key.width / 100 * width, key.height / 100 * height
    if not key.rotation:
        return box_of((x, y, across, down)), {}
    cos, sin = math.cos(math.radians(key.rotation)), math.sin(math.radians(key.rotation))
    center_x, center_y = x + (across * cos - down * sin) / 2, y + (across * sin + down * cos) / 2
    box = box_of(tuple(RotatedBox(center_x, center_y, across, down, key.rotation).bounding_box()))
    angle = (key.rotation + 90) % 180 - 90
    return box, dict(zip(_TURN, (angle, across, down), strict=True))
