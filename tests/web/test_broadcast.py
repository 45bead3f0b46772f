"""From one thread to many watchers: the newest snapshot, and no more watchers than there are seats."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tracker.errors import SourceError
from tracker.web.broadcast import Broadcaster, Snapshot


def test_a_watcher_gets_the_newest_and_misses_what_was_before() -> None:
    async def watch() -> list[int]:
        broadcaster = Broadcaster(1)
        broadcaster.attach(asyncio.get_running_loop())
        for number in (1, 2, 3):
            broadcaster.publish(Snapshot(number))
        seen = [await broadcaster.after(0)]
        thread = threading.Thread(target=broadcaster.publish, args=[Snapshot(4)])
        thread.start()
        seen.append(await broadcaster.after(3))
        thread.join()
        broadcaster.close()
        assert await broadcaster.after(4) is None
        broadcaster.detach()
        return [snapshot.number for snapshot in seen if snapshot is not None]

    assert asyncio.run(watch()) == [3, 4]


def test_there_are_only_so_many_seats() -> None:
    broadcaster = Broadcaster(1)
    with broadcaster.seat():
        assert (broadcaster.full, broadcaster.clients) == (True, 1)
        with pytest.raises(SourceError, match="1 clients are watching already"), broadcaster.seat():
            pass
    assert (broadcaster.full, broadcaster.clients) == (False, 0)
