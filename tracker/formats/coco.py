"""COCO video JSON: the layout of COCO (Lin et al. 2014) with videos, frame numbers and track numbers; pixels from 0.

Frames (`frame_id`) are counted from 0, and the numbers of videos, images, annotations, categories and tracks from 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.text_lines import TARGET, Part, box_of, read_document

_FIRST = 1
_NAME = "COCO video"


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
    frame_id: Annotated[int, Field(ge=0)]
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


class _Category(Part):
    id: int
    name: str


class _Coco(Part):
    videos: tuple[_Video, ...] = ()
    images: tuple[_Image, ...]
    annotations: tuple[_Region, ...]
    categories: tuple[_Category, ...]


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read the targets of the document's only video.

    Raises:
        SourceError: not such a document, or one of several videos.
    """
    coco = read_document(path, _Coco, _NAME)
    if len({image.video_id for image in coco.images} | {video.id for video in coco.videos}) > 1:
        raise SourceError(f"{path} holds several videos: split it into one file a video")
    frames = {image.id: image.frame_id for image in coco.images}
    names = {category.id: category.name for category in coco.categories}
    found = []
    for region in coco.annotations:
        if region.image_id not in frames or region.category_id not in names:
            raise SourceError(f"{path}: annotation {region.id} names an image or a category that is not in the file")
        box = box_of(region.bbox)
        if box is not None:
            number = None if region.track_id is None else region.track_id - _FIRST
            label = names[region.category_id]
            found.append(Annotation(frames[region.image_id], number, box, label, region.score))
    return AnnotatedVideo.of(found, meta.over(_meta(coco)))


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write one video; a lost target is left out.

    Raises:
        ConfigError: the size of the frames is not known.
        OutputError: the file cannot be written.
    """
    width, height = video.meta.size(_NAME)
    seen = [one for one in video.annotations if one.seen]
    labels = sorted({one.label or TARGET for one in seen})
    categories = {label: number for number, label in enumerate(labels, _FIRST)}
    regions = tuple(
        _Region(
            id=number,
            image_id=one.frame + _FIRST,
            category_id=categories[one.label or TARGET],
            bbox=(one.box.x, one.box.y, one.box.width, one.box.height),
            area=one.box.area,
            track_id=None if one.id is None else one.id + _FIRST,
            score=one.confidence,
        )
        for number, one in enumerate(seen, _FIRST)
    )
    images = tuple(
        _Image(id=frame + _FIRST, file_name=f"{frame + _FIRST:06d}.jpg", width=width, height=height, frame_id=frame)
        for frame in range(video.frame_count)
    )
    about = _Video(id=_FIRST, name=video.meta.name, width=width, height=height, fps=video.meta.fps)
    named = tuple(_Category(id=number, name=label) for label, number in categories.items())
    coco = _Coco(videos=(about,), images=images, annotations=regions, categories=named)
    write_atomic(path, coco.model_dump_json(exclude_none=True) + "\n")


def _meta(coco: _Coco) -> VideoMeta:
    about = coco.videos[0] if coco.videos else _Video(id=_FIRST)
    image = coco.images[0] if coco.images else _Image(id=_FIRST, frame_id=0)
    last = max((image.frame_id for image in coco.images), default=-1)
    return VideoMeta(about.name, about.width or image.width, about.height or image.height, about.fps, last + 1)
