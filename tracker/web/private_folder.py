"""The folder of one server for uploads and recordings, and what servers that were killed have left of theirs."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

_log = logging.getLogger(__name__)

PREFIX = "tracker-web-"
RECORDINGS = "recording-*.mp4"


class PrivateFolder:
    """A folder below the system's one for temporary files, of mode 0700.

    It is locked as long as its server lives: the system lets go of the lock however that one ends, so that the next
    server knows what it may clear away (but on Windows, which locks no folders).

    Attributes:
        path: of the folder.
    """

    def __init__(self) -> None:
        """Make one, and clear away those of servers that are gone."""
        remove_leftovers()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = _locked(self.path)
        while self._lock is None:  # another server that starts took it for one that is left
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = _locked(self.path)

    def close(self) -> None:
        """Remove everything but recordings, and the folder where there are none; safe to call more than once."""
        if self._lock is None:
            return
        _clear(self.path)
        _unlock(self._lock)
        self._lock = None
        if self.path.exists():
            _log.warning("recordings are kept in %s", self.path)


def remove_leftovers() -> None:
    """Clear away the folders of servers that were killed, but for recordings."""
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            facts = folder.lstat()
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():  # the place is open to all
                continue
            lock = _locked(folder)
            if lock is not None:
                _clear(folder)
                _unlock(lock)


def _clear(folder: Path) -> None:
    kept = set(folder.glob(RECORDINGS))
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        if path not in kept:
            with contextlib.suppress(OSError):
                path.unlink()


def _locked(folder: Path) -> int | None:
    """Lock a folder; return what holds the lock, None where another one does or the folder is gone."""
    if sys.platform == "win32":
        return -1
    import fcntl

    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.exists():
            return lock
    except OSError:
        pass
    os.close(lock)
    return None


def _unlock(lock: int) -> None:
    if sys.platform != "win32":
        os.close(lock)
