"""One run with a person at a window."""

from __future__ import annotations

from tracker.cli.terminal import orderly_stop
from tracker.cli.tracking import Job, session_of, settle, tell
from tracker.errors import ConfigError, DisplayError
from tracker.region import FORM
from tracker.session import RunSummary
from tracker.video.base import FrameSource
from tracker.video.clock import Clock
from tracker.video.live.source import LiveSource
from tracker.video.seekable import Seekable
from tracker.viewer.player import Player
from tracker.viewer.supply import FileSupply, LiveSupply, Supply
from tracker.viewer.window import Window, check_display


def wants_window(asked: bool | None, job: Job) -> bool:
    """Return whether `job` gets a window.

    Args:
        asked: what the person said; None leaves it open: a window then opens where there is a display and somebody has
            to choose the target, or to watch a live source.
        job: what is to be done.

    Raises:
        DisplayError: a window was asked for and there is no display.
        ConfigError: nobody can choose the target.
    """
    if asked:
        check_display()
        return True
    reason = "with --no-display there is no window to choose it in"
    if asked is None:
        try:
            check_display()
            return job.lacks_target or job.is_live
        except DisplayError as error:
            reason = str(error).split(":")[0]
    if job.lacks_target:
        raise ConfigError(f"where is the target? Give --roi or --roi-file ({reason}); for --roi {FORM}")
    return False


def watch(job: Job, *, quiet: bool = False) -> RunSummary:
    """Do `job` in a window, with a summary on stderr unless `quiet`.

    Raises:
        typer.Exit: with code 130, interrupted; what was done until then is kept.
        TrackerError: what `Player.run` raises; or the target is lost at the end of a strict job.
    """
    screen = Window(f"tracker: {job.source}")
    clock = Clock(job.speed)
    with job.open() as opened:
        supply = _supply(job, opened, clock)
        with session_of(job, supply.source) as session, orderly_stop(session.stop):
            try:
                Player(session, supply, screen).run()
            finally:
                if not quiet:
                    tell(session.summary, opened.info.name, job)
    return settle(session.summary, job)


def _supply(job: Job, opened: FrameSource, clock: Clock) -> Supply:
    if isinstance(opened, LiveSource):
        return LiveSupply(opened)
    return FileSupply(Seekable(opened, job.open), clock)
