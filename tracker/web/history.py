"""What was changed by hand, to be undone and done again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.web.results import ResultLog, TargetLog

MOST_EDITS = 30
"""Changes that can be undone."""
_MOST_ROWS = 2_000_000
"""Rows that all of them may hold together; they are shared with the log, a copy costs about 100 bytes a row."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change.

    Attributes:
        name: what was done, such as "add #3".
        before: what was kept of each target that it touched; None for a target that was not there.
    """

    name: str
    before: dict[int, TargetLog | None]

    @property
    def size(self) -> int:
        """Rows that it holds."""
        return sum(len(log.rows) for log in self.before.values() if log is not None)


class EditHistory:
    """Changes in the order in which they were made; a new one ends what could be done again."""

    def __init__(self) -> None:
        """Begin without a change."""
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []

    @property
    def undoable(self) -> str:
        """What `undo` takes back, "" for nothing."""
        return self._undo[-1].name if self._undo else ""

    @property
    def redoable(self) -> str:
        """What `redo` does again, "" for nothing."""
        return self._redo[-1].name if self._redo else ""

    def note(self, name: str, log: ResultLog, targets: Iterable[int]) -> None:
        """Remember how targets are before a change."""
        self._undo.append(Edit(name, {target: log.saved(target) for target in targets}))
        self._redo.clear()
        while len(self._undo) > MOST_EDITS or (len(self._undo) > 1 and sum(e.size for e in self._undo) > _MOST_ROWS):
            del self._undo[0]

    def drop(self) -> None:
        """Forget the newest change: it was not made after all."""
        self._undo.pop()

    def undo(self, log: ResultLog) -> tuple[int, ...]:
        """Take the newest change back; return the targets that it touched."""
        return _swap(self._undo, self._redo, log)

    def redo(self, log: ResultLog) -> tuple[int, ...]:
        """Do the change again that was taken back last; return the targets that it touched."""
        return _swap(self._redo, self._undo, log)

    def clear(self) -> None:
        """Forget all changes."""
        self._undo.clear()
        self._redo.clear()


def _swap(origin: list[Edit], goal: list[Edit], log: ResultLog) -> tuple[int, ...]:
    if not origin:
        return ()
    edit = origin.pop()
    goal.append(Edit(edit.name, {target: log.saved(target) for target in edit.before}))
    for target, before in edit.before.items():
        log.restore(target, before)
    return tuple(edit.before)
