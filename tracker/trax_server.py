"""The tracker as a server of the TraX protocol (Čehovin 2017), by which the VOT toolkit drives trackers.

The protocol runs over standard input and output, or over the socket that the client names in the environment. An
object's confidence and state go along as properties. Polygons and masks come as the rectangles about them: the client
turns what it has into what the server asks for. Needs the package `vot-trax`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import trax
import trax.server

from tracker import __version__
from tracker.config.settings import TrackerConfig
from tracker.errors import BoxError, ConfigError, FrameError, TargetError, TrackerError
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import TrackResult, TrackState
from tracker.video.images import read_image

_log = logging.getLogger(__name__)

_Answer: TypeAlias = tuple[trax.Region, dict[str, str]]

_NAME = "meanshift-tracker"
_FAMILY = "mean shift"


def serve(config: TrackerConfig) -> None:
    """Answer a client until it has enough or is gone.

    Raises:
        ConfigError: nobody speaks TraX at the other end.
        TrackerError: a request cannot be answered; the client is told the reason, and the conversation ends.
    """
    server = _connected()
    objects = _Objects(config)
    try:
        while (request := _next(server)) is not None:
            server.status(objects.follow(request))
    except TrackerError as error:
        server.quit(str(error))
        raise
    server.quit()


@dataclass(frozen=True, slots=True)
class _Refused:
    """An object that cannot be followed; the client wants an answer for it in every frame all the same."""

    box: Box
    error: BoxError | TargetError


class _Objects:
    """The objects that the client has named, in its order."""

    def __init__(self, config: TrackerConfig) -> None:
        self._config = config
        self._tracker = MultiTracker(config)
        self._objects: list[int | _Refused] = []

    def follow(self, request: trax.server.Request) -> list[_Answer]:
        """Return where every object is in the request's picture; begin on those that are new in it.

        Raises:
            FrameError: the picture cannot be used.
            BoxError: there is nobody to follow; the first one's region cannot be used.
            TargetError: there is nobody to follow; nothing can be learnt from the first one.
        """
        image = _picture(request.image[trax.ImageChannel.COLOR])
        if request.type == trax.TraxStatus.INITIALIZE:
            self._tracker = MultiTracker(self._config)
            self._objects.clear()
        self._tracker.update(image)
        new = [self._begun(image, Box(*region.bounds())) for region, _ in request.objects or ()]
        refused = [one for one in new if isinstance(one, _Refused)]
        if refused and len(self._tracker) == 0:
            raise refused[0].error
        for one in refused:
            _log.warning("an object is not followed: %s", one.error)
        self._objects += new
        results = self._tracker.results
        return [_refusal(one) if isinstance(one, _Refused) else _answer(results[one]) for one in self._objects]

    def _begun(self, image: Image, box: Box) -> int | _Refused:
        try:
            return self._tracker.add(image, box)
        except (BoxError, TargetError) as error:
            return _Refused(box, error)


def _connected() -> trax.server.Server:
    try:
        return trax.server.Server(
            [trax.Region.RECTANGLE],
            [trax.Image.PATH, trax.Image.MEMORY, trax.Image.BUFFER],
            tracker_name=_NAME,
            tracker_description=f"{_NAME} {__version__}",
            tracker_family=_FAMILY,
            multiobject=True,
        )
    except trax.TraxException as error:
        raise ConfigError(f"no TraX client to talk to ({error}): let the VOT toolkit start this command") from error


def _next(server: trax.server.Server) -> trax.server.Request | None:
    """Return the next request; None where the client has enough, or speaks no more."""
    try:
        request = server.wait()
    except trax.TraxException:
        return None
    return None if request.type == trax.TraxStatus.QUIT else request


def _picture(image: trax.Image) -> Image:
    """Return a picture as BGR; TraX sends it as a path, as the bytes of a PNG or JPEG, or as RGB or grey values."""
    if isinstance(image, trax.MemoryImage):
        values = image.array()
        return np.ascontiguousarray(values[:, :, ::-1]) if values.shape[2] == 3 else values
    if isinstance(image, trax.FileImage):
        name = image.path()
        picture = read_image(Path(name))
    else:
        name = "the picture that was sent"
        picture = cv2.imdecode(np.frombuffer(image.buffer(), np.uint8), cv2.IMREAD_COLOR)  # type: ignore[assignment]
    if picture is None:
        raise FrameError(f"{name} is no picture that OpenCV can decode: send PNG or JPEG")
    return picture


def _answer(result: TrackResult) -> _Answer:
    return trax.Rectangle.create(*result.box), {
        "confidence": f"{result.confidence:.4f}",
        "state": result.state.value,
    }


def _refusal(refused: _Refused) -> _Answer:
    return trax.Rectangle.create(*refused.box), {
        "confidence": "0.0000",
        "state": TrackState.LOST.value,
        "reason": str(refused.error),
    }
