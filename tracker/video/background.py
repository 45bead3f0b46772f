"""Work that takes long, beside a loop that looks up now and then what has become of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Generic, TypeVar

T = TypeVar("T")


class BackgroundJob(Generic[T]):
    """Runs one function in a thread of its own. What comes of a job that was canceled is thrown away."""

    def __init__(self, name: str, work: Callable[[threading.Event], T], discard: Callable[[T], object]) -> None:
        """Begin at once.

        Args:
            name: of the thread.
            work: gets an event that is set once its result is not wanted any more.
            discard: frees a result that is not wanted.
        """
        self._work, self._discard = work, discard
        self._lock = threading.Lock()
        self._result: list[T] = []
        self._error: BaseException | None = None
        self._done = False
        self.canceled = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether `result` returns at once."""
        return self._done

    def result(self) -> T:
        """Wait for the end and return what came of it, once; raise what was raised.

        Raises:
            CancelledError: the job was canceled.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        with self._lock:
            if self.canceled.is_set():
                raise CancelledError
            return self._result.pop()

    def wait(self, seconds: float) -> None:
        """Wait for the end, no longer than so many seconds."""
        self._thread.join(seconds)

    def cancel(self) -> None:
        """Let the result not be wanted any more; does not wait."""
        with self._lock:
            self.canceled.set()
            unwanted, self._result = self._result, []
        for each in unwanted:
            self._discard(each)

    def _run(self) -> None:
        try:
            found = self._work(self.canceled)
        except BaseException as error:
            self._error = error
        else:
            with self._lock:
                wanted = not self.canceled.is_set()
                if wanted:
                    self._result.append(found)
            if not wanted:
                self._discard(found)
        self._done = True
