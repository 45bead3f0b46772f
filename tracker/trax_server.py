"""The tracker as a server of the TraX protocol (Čehovin 2017), by which the VOT toolkit drives trackers.

The protocol runs over standard input and output, or over the socket that the client names in the environment. An
object's confidence and state go along as properties. Polygons and masks come as the rectangles about them: the client
turns what it has into what the server asks for. Needs the package `vot-trax`.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import trax
import trax.server
from numpy.typing import NDArray

from tracker import __version__
from tracker.config.settings import TrackerConfig
from tracker.errors import BoxError, ConfigError, FrameError, TargetError, TrackerError
from tracker.geometry import Box
from tracker.image import Image, as_image, is_deep
from tracker.session import Refusal, Session, Target
from tracker.session.targets import chooser_of
from tracker.tracking.result import TrackResult, TrackState
from tracker.value_range import ValueRange
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.images import decode_pixels, read_pixels
from tracker.video.recording import tell_range

_log = logging.getLogger(__name__)

_Answer: TypeAlias = tuple[trax.Region, dict[str, str]]

_NAME = "meanshift-tracker"
_FAMILY = "mean shift"


def serve(config: TrackerConfig) -> None:
    """Answer a client until it has enough or is gone.

    Raises:
        ConfigError: no client speaks TraX at the other end.
        TrackerError: a request cannot be answered; the client is told the reason, and the conversation ends.
    """
    server = _connected()
    requests = _Requests(server)
    objects = _Objects(requests, config)
    try:
        for frame in requests:
            if requests.restarts:
                objects = _Objects(requests, config)
            server.status(objects.answers(frame, requests.regions))
    except TrackerError as error:
        server.quit(str(error))
        raise
    server.quit()


class _Requests(FrameSource):
    """The client's requests as a source of frames; their times are not known.

    Attributes:
        restarts: whether the last request starts over with other objects.
        regions: the regions of the objects that are new in it.
    """

    def __init__(self, server: trax.server.Server) -> None:
        self.info = SourceInfo(_NAME, 0, 0, None, None)
        self.restarts = False
        self.regions: list[Box] = []
        self._server = server
        self._range: ValueRange | None = None

    def __iter__(self) -> Iterator[Frame]:
        for index in count():
            request = _next(self._server)
            if request is None:
                return
            self.restarts = request.type == trax.TraxStatus.INITIALIZE
            image = self._as_image(_picture(request.image[trax.ImageChannel.COLOR]))
            self.regions = [Box(*region.bounds()) for region, _ in request.objects or ()]
            yield Frame(image, index, math.nan)

    def _as_image(self, picture: NDArray[Any]) -> Image:
        """Stretch deep pictures over the range of the first one of a sequence."""
        if is_deep(picture) and (self.restarts or self._range is None):
            self._range = ValueRange.of([picture])
            tell_range(_NAME, self._range)
        return as_image(picture, self._range)

    def close(self) -> None:
        """Do nothing: the server is not the source's."""


class _Objects:
    """The objects that the client has named, by their place in its order, which is their number.

    One that cannot be followed is answered in every frame all the same.
    """

    def __init__(self, requests: _Requests, config: TrackerConfig) -> None:
        self._session = Session(requests, targets=(), config=config, on_refusal=self._refuse)
        self._refused: dict[int, _Answer] = {}
        self._errors: list[BoxError | TargetError] = []
        self._regions: list[Box] = []

    def answers(self, frame: Frame, regions: Sequence[Box]) -> list[_Answer]:
        """Return where every object is in a frame, after starting on those in `regions`.

        Raises:
            FrameError: the picture cannot be used.
        """
        for region in regions:
            self._session.expect(Target(chooser_of(region), len(self._regions)))
            self._regions.append(region)
        self._errors.clear()
        found: dict[int, _Answer] = {}
        with suppress(BoxError, TargetError):  # none has ever been followed: all are answered as refused
            found = {track.id: _answer(track.result) for track in self._session.process(frame).tracks}
        for error in self._errors:
            _log.warning("an object is not followed: %s", error)
        return [(found if number in found else self._refused)[number] for number in range(len(self._regions))]

    def _refuse(self, refusal: Refusal) -> None:
        number = refusal.target.id
        assert number is not None
        self._refused[number] = _refusal(self._regions[number], refusal.error)
        self._errors.append(refusal.error)


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


def _picture(image: trax.Image) -> NDArray[Any]:
    """Return a picture with its own values, BGR or gray.

    TraX sends it as a path, as the bytes of a PNG or JPEG, or as RGB or gray values.
    """
    if isinstance(image, trax.MemoryImage):
        values = image.array()
        return np.ascontiguousarray(values[:, :, ::-1]) if values.shape[2] == 3 else values
    if isinstance(image, trax.FileImage):
        name = image.path()
        picture = read_pixels(Path(name))
    else:
        name = "the picture that was sent"
        picture = decode_pixels(np.frombuffer(image.buffer(), np.uint8))
    if picture is None:
        raise FrameError(f"{name} is no picture that OpenCV can decode: send PNG or JPEG")
    return picture


def _answer(result: TrackResult) -> _Answer:
    return trax.Rectangle.create(*result.box), {
        "confidence": f"{result.confidence:.4f}",
        "state": result.state.value,
    }


def _refusal(box: Box, error: BoxError | TargetError) -> _Answer:
    return trax.Rectangle.create(*box), {
        "confidence": "0.0000",
        "state": TrackState.LOST.value,
        "reason": str(error),
    }
