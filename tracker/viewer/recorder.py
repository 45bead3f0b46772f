"""Recording of a live source from the window: started and stopped by a key, and shown while it goes on."""

from __future__ import annotations

from pathlib import Path

from tracker.errors import OutputError
from tracker.files import free_name
from tracker.output.live_recording import LiveRecording
from tracker.video.base import FrameSource
from tracker.video.live.source import LiveSource


class WindowRecorder:
    """The recording that is under way, if there is one."""

    def __init__(self, source: FrameSource, folder: Path, recording: LiveRecording | None = None) -> None:
        """Record `source` to new files in `folder`; `recording` is one that is under way already."""
        self._source = source
        self._folder = folder
        self._recording = recording

    @property
    def badge(self) -> str:
        """What tells that a recording is under way, for how long, and what had to be left out; "" for none."""
        recording = self._recording
        if recording is None or recording.closed:
            return ""
        minutes, seconds = divmod(int(recording.seconds), 60)
        left_out = f"  {recording.left_out} left out" if recording.left_out else ""
        return f"REC {minutes}:{seconds:02d}{left_out}"

    def toggle(self) -> str:
        """Start or stop recording; return a line that says so."""
        if not isinstance(self._source, LiveSource):
            return "a file is a recording already: -o writes it with the boxes"
        try:
            if self._recording is not None and not self._recording.closed:
                return self.stop()
            path = free_name(self._folder, "recording", ".mp4")
            self._recording = LiveRecording(path, self._source)
        except OutputError as error:
            return str(error)
        return f"recording to {path.name}"

    def watch(self) -> str:
        """Return why the recording has ended by itself, once; "" while nothing is wrong."""
        try:
            if self._recording is not None:
                self._recording.check()
        except OutputError as error:
            return str(error)
        return ""

    def stop(self, *, hurried: bool = False) -> str:
        """Finish the recording, if there is one; return a line that says so.

        Args:
            hurried: whether that must not take long, see `Sink.hurry`.

        Raises:
            OutputError: not all of it could be written.
        """
        recording, self._recording = self._recording, None
        if recording is None or recording.closed:
            return ""
        if hurried:
            recording.hurry()
        recording.close()
        return f"saved {recording.path.name if recording.path else 'the recording'}"
