"""Orders that are answered later: opening and jumping go on beside the service."""

from __future__ import annotations

from concurrent.futures import Future

from tracker.errors import SourceError, TrackerError


class StaleOrderError(SourceError):
    """An order that something else came before, or that was meant for another source."""


class PendingOrders:
    """The orders that wait for a source or a jump; all are answered together, since the newest one decides."""

    def __init__(self) -> None:
        """Begin without orders."""
        self._waiting: list[Future[None]] = []

    def begin(self) -> Future[None]:
        """Return what an order waits for."""
        order: Future[None] = Future()
        self._waiting.append(order)
        return order

    def settle(self, error: TrackerError | None = None) -> None:
        """Answer all that wait: it is done, or why it is not."""
        waiting, self._waiting = self._waiting, []
        for order in waiting:
            if order.set_running_or_notify_cancel():
                order.set_result(None) if error is None else order.set_exception(error)
