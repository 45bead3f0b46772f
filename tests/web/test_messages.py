"""A snapshot as one message: its header, the picture, and a density where it is wanted."""

from __future__ import annotations

import asyncio
import json

import cv2
import numpy as np

from tracker import MultiTracker, open_source
from tracker.tracking.result import Track
from tracker.web.broadcast import Snapshot
from tracker.web.messages import MessageCache, pack

SCENE = "synth:smooth:frames=2:size=160x120"


def snapshot() -> Snapshot:
    with open_source(SCENE) as source:
        first, second = source
        tracker = MultiTracker()
        tracker.add(first.image, source.truth(0))
    (result,) = tracker.update(second.image).values()
    return Snapshot(7, second, (Track(0, "moon", result, tracker.density(0)),))


def parts(message: bytes) -> tuple[dict, bytes, bytes]:
    size = int.from_bytes(message[:4], "big")
    header = json.loads(message[4 : 4 + size])
    pictures = message[4 + size :]
    return header, pictures[: header["jpeg"]], pictures[header["jpeg"] :]


def decoded(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_before_a_frame_the_message_is_its_header() -> None:
    header, picture, density = parts(pack(Snapshot(1)))
    assert (header["number"], header["frame"], header["targets"]) == (1, None, [])
    assert picture == density == b""


def test_the_density_goes_along_where_it_is_asked_for() -> None:
    shown = snapshot()
    header, picture, density = parts(pack(shown, 0))
    assert decoded(picture).shape == (120, 160, 3)
    assert decoded(density).size
    assert header["density_place"]["target"] == 0
    assert header["targets"][0]["label"] == "moon"
    for other in (None, 5):
        header, _, density = parts(pack(shown, other))
        assert (density, header["density_place"]) == (b"", None)


def test_a_message_is_packed_once_for_all_that_want_it() -> None:
    async def ask() -> bool:
        messages, shown = MessageCache(), snapshot()
        first, second = await asyncio.gather(messages.message(shown, None), messages.message(shown, None))
        return first is second

    assert asyncio.run(ask())
