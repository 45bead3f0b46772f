"""Jumps of the window: begun by a key or a click, carried out beside the loop, given up for the next one."""

from __future__ import annotations

from collections.abc import Callable

from tracker.video.base import Frame
from tracker.video.playback import SeekResult
from tracker.viewer.display import PlayerDisplay
from tracker.viewer.timeline import Timeline


class Jumps:
    """The jump that is under way, if there is one, and what comes when it has arrived.

    Attributes:
        text: a line that says where it leads to, "" without one.
    """

    def __init__(self, timeline: Timeline, display: PlayerDisplay) -> None:
        """Begin without one."""
        self._timeline = timeline
        self._display = display
        self._then: Callable[[], None] | None = None
        self._owed: Frame | None = None
        self.text = ""

    def begin(self, begun: SeekResult, then: Callable[[], None]) -> None:
        """Take over a jump that was begun; `then` is called once it has arrived."""
        if begun.done:
            self._then, self.text = then, begun.text
        else:
            self._display.say(begun.text)

    def begin_return(self, frame: Frame) -> None:
        """Begin to let the frame after `frame`, one of the past, be the next one; no other jump can undo that."""
        self._owed, self._then, self.text = frame, None, ""
        self._timeline.begin_return(frame)

    def poll(self) -> None:
        """Do what comes next if a jump has arrived."""
        if (result := self._timeline.sought()) is not None:
            self._arrived(result)

    def cancel(self) -> bool:
        """Give up the jump under way, if there is one; return whether there was. A return is no jump."""
        if not self._timeline.seeking or self._then is None:
            return False
        self._timeline.cancel_jump()
        self._give_up()
        return True

    def settle(self) -> None:
        """Give up the jump under way, and wait for a return: then the next frame is the one after what is shown."""
        self.cancel()
        if self._timeline.seeking:
            self._arrived(self._timeline.arrive())

    def _arrived(self, result: SeekResult) -> None:
        then, self._then, self.text = self._then, None, ""
        if then is None:
            self._owed = None
            return
        self._display.say(result.text)
        if result.done:
            self._owed = None
            then()
        else:
            self._give_up()

    def _give_up(self) -> None:
        """Begin the return that the jump had taken the place of, if it had."""
        self._then, self.text = None, ""
        if self._owed is not None:
            self._timeline.begin_return(self._owed)
