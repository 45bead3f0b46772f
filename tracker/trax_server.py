"""The tracker as a server of the TraX protocol (Čehovin 2017), by which the VOT toolkit drives trackers.

The protocol runs over standard input and output, or over the socket that the client names in the environment. An
object's confidence and state go along as properties. Polygons and masks come as the rectangles about them: the client
turns what it has into what the server asks for. Needs the package `vot-trax`.
"""

from __future__ import annotations

import logging
import math
import os
import select
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import trax
import trax.server
from numpy.typing import NDArray

from tracker import __version__
from tracker.config.settings import TrackerConfig
from tracker.errors import BoxError, ConfigError, FrameError, SourceError, TargetError, TrackerError
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
_Found: TypeAlias = tuple[Box, dict[str, str]]
"""Where an object is, frame pixels, and what is told of it."""

_NAME = "meanshift-tracker"
_FAMILY = "mean shift"
_REMEDY = "let the VOT toolkit start this command"
_PATIENCE = 1.0
"""Seconds after which an input that has ended is not waited for."""


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
            server.status(objects.answers(frame, requests))
    except TrackerError as error:
        server.quit(str(error))
        raise
    server.quit()


class _Requests(FrameSource):
    """The client's requests as a source of frames; their times are not known.

    A picture of another size than the first is scaled to it, as those of any source are.

    Attributes:
        restarts: whether the last request starts over with other objects.
        regions: the regions of the objects that are new in it, in pixels of its frame.
        scale: width and height of the picture as it was sent, in those of its frame.
        fault: why it has no picture that can be used; its frame is black then. None where it has one.
    """

    def __init__(self, server: trax.server.Server) -> None:
        self.info = SourceInfo(_NAME, 0, 0, None, None)
        self.restarts = False
        self.regions: list[Box] = []
        self.scale = (1.0, 1.0)
        self.fault: FrameError | None = None
        self._server = server
        self._client = _Client()
        self._range: ValueRange | None = None
        self._size: tuple[int, int] | None = None

    def __iter__(self) -> Iterator[Frame]:
        begun = False
        for index in count():
            try:
                with self._client.waited_for():
                    request = self._server.wait()
            except trax.TraxException as error:
                if begun:  # the client has gone
                    return
                raise ConfigError(f"no request of TraX came: {_REMEDY}") from error
            if request.type == trax.TraxStatus.QUIT:
                return
            self.restarts = request.type == trax.TraxStatus.INITIALIZE
            if not begun and not self.restarts:
                raise ConfigError(f"a frame came before the objects that are to be followed: {_REMEDY}")
            begun = True
            if self.restarts:
                self._size = self._range = None
            yield Frame(self._frame_of(request), index, math.nan)

    def _frame_of(self, request: trax.server.Request) -> Image:
        """Take the picture and the regions of a request; return the picture, of the size of the first one."""
        self.fault, self.scale = None, (1.0, 1.0)
        try:
            image = self._as_image(_picture(request.image[trax.ImageChannel.COLOR]))
        except FrameError as error:
            self.fault = error
            width, height = self._size or (1, 1)
            image = np.zeros((height, width, 3), np.uint8)
        else:
            sent = image.shape[1], image.shape[0]
            self._size = self._size or sent
            if sent != self._size:
                self.scale = sent[0] / self._size[0], sent[1] / self._size[1]
                image = np.asarray(cv2.resize(image, self._size, interpolation=cv2.INTER_AREA), np.uint8)
        x, y = self.scale
        boxes = [region.bounds() for region, _ in request.objects or ()]
        self.regions = [Box(box[0] / x, box[1] / y, box[2] / x, box[3] / y) for box in boxes]
        return image

    def _as_image(self, picture: NDArray[Any]) -> Image:
        """Stretch deep pictures over the range of the first one of a sequence."""
        if is_deep(picture) and self._range is None:
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
        self._found: dict[int, Box] = {}
        self._refused: dict[int, _Found] = {}
        self._errors: list[BoxError | TargetError] = []
        self._regions: list[Box] = []

    def answers(self, frame: Frame, request: _Requests) -> list[_Answer]:
        """Return where every object is in the frame of a request, after starting on those that are new in it.

        In a frame without a picture that can be used all are lost, and those that are new are not followed.
        """
        first = len(self._regions)
        self._regions += request.regions
        if request.fault is not None:
            _log.warning("frame %d: %s", frame.index, request.fault)
            for number in range(first, len(self._regions)):
                self._refused[number] = (self._regions[number], _refusal(request.fault))
            lost = _refusal(request.fault)
            return [_answer(self._found.get(number, box), lost) for number, box in enumerate(self._regions)]
        for number in range(first, len(self._regions)):
            self._session.expect(Target(chooser_of(self._regions[number]), number))
        self._errors.clear()
        found: dict[int, _Found] = {}
        with suppress(BoxError, TargetError):  # none has ever been followed: all are answered as refused
            found = {each.id: _told(each.result) for each in self._session.process(frame).tracks}
        for error in self._errors:
            _log.warning("an object is not followed: %s", error)
        self._found = {number: box for number, (box, _) in found.items()}
        answers = [(found if number in found else self._refused)[number] for number in range(len(self._regions))]
        return [_answer(box, told, request.scale) for box, told in answers]

    def _refuse(self, refusal: Refusal) -> None:
        number = refusal.target.id
        assert number is not None
        self._refused[number] = (self._regions[number], _refusal(refusal.error))
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
        raise ConfigError(f"no TraX client to talk to ({error}): {_REMEDY}") from error


class _Client:
    """Whether the client at standard input is still there.

    The library waits for ever, and takes all memory, where the input ends in the middle of a request.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        threading.Thread(target=self._watch, name="client", daemon=True).start()

    @contextmanager
    def waited_for(self) -> Iterator[None]:
        """Be watched while the library waits."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def _watch(self) -> None:
        if not hasattr(select, "poll"):  # Windows
            return
        while True:
            time.sleep(_PATIENCE / 2)
            since = self._since
            if since is not None and time.monotonic() - since > _PATIENCE and _has_ended(0):
                sys.stderr.write("error: the client left in the middle of a request\n")
                sys.stderr.flush()
                os._exit(SourceError.exit_code)  # the main thread is in the library, and does not come back


def _has_ended(descriptor: int) -> bool:
    """Whether nothing more can be read: all writers of a pipe are gone and what they wrote has been taken."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return any(event & select.POLLHUP and not event & select.POLLIN for _, event in poll.poll(0))


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


def _answer(box: Box, told: dict[str, str], scale: tuple[float, float] = (1.0, 1.0)) -> _Answer:
    """Answer with a box in pixels of the picture as it was sent."""
    x, y = scale
    return trax.Rectangle.create(box.x * x, box.y * y, box.width * x, box.height * y), told


def _told(result: TrackResult) -> _Found:
    return result.box, {"confidence": f"{result.confidence:.4f}", "state": result.state.value}


def _refusal(error: TrackerError) -> dict[str, str]:
    return {"confidence": "0.0000", "state": TrackState.LOST.value, "reason": str(error)}
