"""Decoding ahead: a thread reads a recording, so that the next frames are ready when they are wanted."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from tracker.video.base import Frame, FrameSource

_FRAMES = 4
"""Frames that are decoded and not yet wanted: enough for an uneven consumer, 24 MB of 1080p."""
_LOOK_UP = 0.1
"""Seconds after which the reading thread looks up whether nothing more is wanted."""
_GRACE = 0.3
"""Seconds that the reading thread is given to end after a Ctrl-C."""
_END = object()


class DecodedAhead(FrameSource):
    """Hands out the frames of a recording, each once and in order, which a thread decodes meanwhile.

    Decoders let other threads run; so the decoding costs no time of the loop where there is more than one core.
    """

    def __init__(self, source: FrameSource) -> None:
        """Take over a recording, which `close` will close; nothing is read before the first frame is wanted."""
        self._source = source
        self.info = source.info
        self._queue: queue.Queue[object] = queue.Queue(maxsize=_FRAMES)
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order.

        Raises:
            SourceError: the recording cannot be read any further.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, name=f"decode {self.info.name}", daemon=True)
            self._thread.start()
        while not self._over.is_set():
            try:
                item = self._queue.get(timeout=_LOOK_UP)
            except queue.Empty:  # look up whether it was stopped
                continue
            self.bad_frames = self._source.bad_frames
            if item is _END:
                self._over.set()
            elif isinstance(item, BaseException):
                self._over.set()
                raise item
            elif isinstance(item, Frame):
                yield item

    def stop(self) -> None:
        """End the iteration, even one that waits while a far start is decoded up to."""
        self._stopped = True
        self._over.set()
        self._source.stop()

    def close(self) -> None:
        """End the thread and close the recording; after `stop`, a thread that decodes on is left behind."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(_GRACE if self._stopped else None)
            if self._thread.is_alive():  # closing a decoder that is at work would take the process down
                return
        self._source.close()

    def _read(self) -> None:
        try:
            for frame in self._source:
                if not self._put(frame):
                    return
            self._put(_END)
        except BaseException as error:  # whatever it is, it belongs to the thread that iterates
            self._put(error)

    def _put(self, item: object) -> bool:
        """Wait for room; False where nothing more is wanted."""
        while not self._over.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_UP)
            except queue.Full:
                continue
            return True
        return False
