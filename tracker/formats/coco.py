"""COCO video JSON: the layout of COCO (Lin et al. 2014) with videos, frame numbers and track numbers; pixels from 0.

Frames (`frame_id`) are counted from 0, and the numbers of videos, images, annotations, categories and tracks from 1.
Other tools (CVAT) have no `frame_id`, and tracks and occlusion among the `attributes`: frames are then told by the
numbers in the names of the images, or else by their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path, PurePath
from typing import Annotated

from pydantic import AliasChoices, Field, JsonValue

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.numbering import class_numbers, counted_from_zero
from tracker.formats.text_lines import TARGET, Part, box_of, checked, read_document, read_each
from tracker.geometry import Box
from tracker.tracking.result import TrackState

_FIRST = 1
_NAME = "COCO video"
_DIGITS = re.compile(r"[0-9]{1,9}$")
"""The number at the end of an image's name."""
_CVAT_PREFIX = "frame_"
"""How CVAT's names of images begin, whose numbers are those of the frames from 0."""


class _Video(Part):
    id: int
    name: str = ""
    width: int | None = None
    height: int | None = None
    fps: float | None = None


class _Image(Part):
    id: int
    file_name: str = ""
    width: int | None = None
    height: int | None = None
    frame_id: Annotated[int | None, Field(ge=0)] = None
    video_id: int = _FIRST


class _Region(Part):
    id: int = 0
    image_id: int
    category_id: int
    bbox: tuple[float, float, float, float]
    area: float = 0.0
    iscrowd: int = 0
    track_id: Annotated[int | None, Field(validation_alias=AliasChoices("track_id", "instance_id"))] = None
    score: float | None = None
    visibility: float | None = None
    attributes: dict[str, JsonValue] | None = None

    @property
    def target(self) -> int | None:
        """Number of the track; None where it has none."""
        number = self.track_id if self.attributes is None else self.attributes.get("track_id", self.track_id)
        return number if isinstance(number, int) else self.track_id


class _Category(Part):
    id: int
    name: str


class _Coco(Part):
    videos: tuple[_Video, ...] = ()
    images: tuple[_Image, ...]
    annotations: tuple[JsonValue, ...]
    categories: tuple[_Category, ...]


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read the targets of the document's only video.

    Raises:
        SourceError: not such a document, or one of several videos.
    """
    coco = read_document(path, _Coco, _NAME)
    if len({image.video_id for image in coco.images} | {video.id for video in coco.videos}) > 1:
        raise SourceError(f"{path} holds several videos: split it into one file a video")
    frames, usual = _frames(coco.images)
    names = {category.id: category.name for category in coco.categories}

    def annotation(value: JsonValue) -> Annotation | None:
        region = checked(value, _Region, f"{path} is no {_NAME} document: an annotation")
        if region.image_id not in frames or region.category_id not in names:
            raise SourceError(f"{path}: annotation {region.id} names an image or a category that is not in the file")
        box = box_of(region.bbox)
        return None if box is None else _annotation(region, frames[region.image_id], box, names[region.category_id])

    found = [one for one in read_each(coco.annotations, annotation, path, "annotations") if one is not None]
    known = replace(meta, first_frame=meta.first_of(frames.values(), usual))
    counted = counted_from_zero(found, known, usual_frame=usual, usual_id=_FIRST)
    last = max(frames.values(), default=-1) - known.first_of((), usual)
    return AnnotatedVideo.of(counted, meta.over(_meta(coco, last + 1)))


def _frames(images: Sequence[_Image]) -> tuple[dict[int, int], int]:
    """Return the number of the frame of each image by its id, and where these numbers usually begin."""
    if all(image.frame_id is not None for image in images):
        return {image.id: image.frame_id or 0 for image in images}, 0
    stems = [PurePath(image.file_name).stem for image in images]
    digits = [match[0] for stem in stems if (match := _DIGITS.search(stem))]
    if len({int(number) for number in digits}) == len(images):
        usual = 0 if all(stem.startswith(_CVAT_PREFIX) for stem in stems) else _FIRST
        return {image.id: int(number) for image, number in zip(images, digits, strict=True)}, usual
    return {image.id: place for place, image in enumerate(sorted(images, key=lambda image: image.id))}, 0


def _annotation(region: _Region, frame: int, box: Box, label: str) -> Annotation:
    """Return a region with the numbers of the file."""
    attributes = region.attributes or {}
    return Annotation(
        frame,
        region.target,
        box,
        label,
        region.score,
        TrackState.OCCLUDED if attributes.get("occluded") is True else None,
        ignored=bool(region.iscrowd),
        visibility=region.visibility,
        extra={"attributes": attributes} if attributes else {},
    )


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write one video; a lost target is left out.

    Raises:
        ConfigError: the size of the frames is not known.
        OutputError: the file cannot be written.
    """
    width, height = video.meta.size(_NAME)
    seen = [one for one in video.annotations if one.seen]
    categories = class_numbers({one.label or TARGET for one in seen}, video.meta.classes, _FIRST)
    regions = tuple(
        _Region(
            id=number,
            image_id=one.frame + _FIRST,
            category_id=categories[one.label or TARGET],
            bbox=(one.box.x, one.box.y, one.box.width, one.box.height),
            area=one.box.area,
            iscrowd=int(one.ignored),
            track_id=None if one.id is None else one.id + _FIRST,
            score=one.confidence,
            visibility=one.visibility,
            attributes=_attributes(one),
        ).model_dump(mode="json", exclude_none=True)
        for number, one in enumerate(seen, _FIRST)
    )
    images = tuple(
        _Image(id=frame + _FIRST, file_name=f"{frame + _FIRST:06d}.jpg", width=width, height=height, frame_id=frame)
        for frame in range(video.frame_count)
    )
    about = _Video(id=_FIRST, name=video.meta.name, width=width, height=height, fps=video.meta.fps)
    named = tuple(_Category(id=number, name=label) for label, number in sorted(categories.items(), key=itemgetter(1)))
    coco = _Coco(videos=(about,), images=images, annotations=regions, categories=named)
    write_atomic(path, coco.model_dump_json(exclude_none=True) + "\n")


def _attributes(one: Annotation) -> dict[str, JsonValue] | None:
    """Return an annotation's attributes as they were read, but for the track, which has a number of its own here."""
    attributes = one.extra.get("attributes")
    if not isinstance(attributes, dict):
        return None
    return {name: value for name, value in attributes.items() if name != "track_id"} or None


def _meta(coco: _Coco, frame_count: int) -> VideoMeta:
    about = coco.videos[0] if coco.videos else _Video(id=_FIRST)
    image = coco.images[0] if coco.images else _Image(id=_FIRST)
    first = 0 if any(category.id == 0 for category in coco.categories) else _FIRST
    return VideoMeta(
        about.name,
        about.width or image.width,
        about.height or image.height,
        about.fps,
        frame_count,
        classes={category.id - first: category.name for category in coco.categories},
    )
