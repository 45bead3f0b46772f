"""A live source as a video: every frame as it came and when it came, whatever the tracker is doing meanwhile."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Collection, Sequence

from tracker.errors import OutputError
from tracker.ffmpeg.encoder import Encoder
from tracker.output.base import Sink
from tracker.output.video_file import RisingTimes, checked_video
from tracker.tracking.result import Track
from tracker.video.base import Frame
from tracker.video.live.source import LiveSource


class LiveRecording(Sink):
    """Takes the frames from the thread that reads a live source: a pause of the tracker is no pause in the video.

    It never waits: a frame that the encoder has no room for is left out and counted, and the one before it is shown for
    longer. A gap in the source is a gap of the same length in the video.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        source: LiveSource,
        *,
        fps: float | None = None,
        overwrite: bool = False,
        inputs: Collection[str | os.PathLike[str]] = (),
    ) -> None:
        """Begin with the next frame that arrives, or the newest one if it waits.

        Args:
            path: the video; its suffix is one of `CONTAINERS`.
            source: the source.
            fps: about how many frames come a second; None for what the source announces.
            overwrite: whether an existing file may be replaced.
            inputs: what is read and must not be overwritten.

        Raises:
            OutputError: see `checked_video`.
        """
        self._fps = fps or source.info.fps or 25.0
        self.path = checked_video(path, self._fps, overwrite=overwrite, inputs=inputs)
        self._times = RisingTimes(self._fps)
        self._encoder: Encoder | None = None
        self._failure: OutputError | None = None
        self._began: float | None = None
        self._ended = 0.0
        self._left_out = 0
        self._closed = False
        self._hurry = threading.Event()
        self._turn = threading.Lock()  # the encoder has one user at a time: the reading thread, or what ends it
        self._end: Callable[[], None] = source.listen(self._take)

    @property
    def left_out(self) -> int:
        """See `Sink.left_out`."""
        return self._left_out

    @property
    def seconds(self) -> float:
        """Time from the first frame to the last one, in seconds."""
        return 0.0 if self._began is None else self._ended - self._began

    @property
    def closed(self) -> bool:
        """Whether nothing more is recorded."""
        return self._closed

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Take nothing: the frames come from the source itself.

        Raises:
            OutputError: the encoder has died.
        """
        self.check()

    def check(self) -> None:
        """Do nothing while all is well.

        Raises:
            OutputError: the encoder has died; said once.
        """
        if self._failure is not None and not self._closed:
            with contextlib.suppress(OutputError):  # the same one
                self.close()
            raise self._failure

    def hurry(self) -> None:
        """See `Sink.hurry`."""
        self._hurry.set()

    def close(self) -> None:
        """Finish the file; safe to call more than once.

        Raises:
            OutputError: not all of it could be written; what is there can be played.
        """
        with self._turn:
            if self._closed:
                return
            self._closed = True
        self._end()
        if self._encoder is not None:
            self._encoder.close(self._hurry)

    def _take(self, frame: Frame) -> None:
        """Offer a frame to the encoder; called by the reading thread."""
        with self._turn:
            if self._failure is not None or self._closed:
                return
            try:
                if self._encoder is None:
                    self._encoder = self._opened(frame)
                if self._began is None:
                    self._began = frame.timestamp
                self._ended = frame.timestamp
                self._left_out += not self._encoder.offer(frame.image, self._times.of(frame.timestamp))
            except OutputError as error:
                self._failure = error

    def _opened(self, frame: Frame) -> Encoder:
        height, width = frame.image.shape[:2]
        return Encoder(self.path, width, height, self._fps, hurried=True)
