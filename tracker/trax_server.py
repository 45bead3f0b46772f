"""The tracker as a server of the TraX protocol (Čehovin 2017), by which the VOT toolkit drives trackers.

The protocol runs over standard input and output, or over the socket that the client names in the environment. Every
object has a tracker of its own; its confidence and state go along as properties. Needs the package `vot-trax`.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import trax
import trax.server

from tracker import __version__
from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError, FrameError, TrackerError
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import TrackResult
from tracker.tracking.tracker import Tracker
from tracker.video.images import read_image

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
            server.status([_answer(result) for result in objects.follow(request)])
    except TrackerError as error:
        server.quit(str(error))
        raise
    server.quit()


class _Objects:
    """The objects that the client has named, in its order."""

    def __init__(self, config: TrackerConfig) -> None:
        self._config = config
        self._trackers: list[Tracker] = []

    def follow(self, request: trax.server.Request) -> list[TrackResult]:
        """Return where every object is in the request's picture; begin on those that are new in it."""
        image = _picture(request.image[trax.ImageChannel.COLOR])
        if request.type == trax.TraxStatus.INITIALIZE:
            self._trackers.clear()
        results = [tracker.update(image) for tracker in self._trackers]
        for region, _ in request.objects or ():
            tracker = Tracker(self._config)
            results.append(tracker.init(image, Box(*region.bounds())))
            self._trackers.append(tracker)
        return results


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


def _answer(result: TrackResult) -> tuple[trax.Region, dict[str, str]]:
    box = result.box
    return (
        trax.Rectangle.create(box.x, box.y, box.width, box.height),
        {"confidence": f"{result.confidence:.4f}", "state": result.state.value},
    )
