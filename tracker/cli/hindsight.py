"""Runs with hindsight: `tracker track` with --at, --backward, --both-ways, --key-frames or --smooth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from tracker.cli.roi import read_roi_file
from tracker.cli.run import TrackJob, finish, print_summary, sink_options
from tracker.cli.terminal import progress_bar
from tracker.errors import ConfigError
from tracker.offline import Clip, Direction, KeyFrame, OfflineRun, replay
from tracker.output.base import Sink, SinkGroup
from tracker.output.registry import check_outputs, open_sinks
from tracker.region import Region
from tracker.session import RunSummary
from tracker.video.span import parse_position


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What is asked for beyond a run from the first frame to the last.

    Attributes:
        at: the frame of the box, as it is written; None for the first one.
        backward: from there to the beginning.
        both_ways: from there in both directions.
        key_frames: the file whose boxes the track goes through, None for a single box.
        smooth: without the jitter of single frames.
    """

    at: str | None = None
    backward: bool = False
    both_ways: bool = False
    key_frames: str | None = None
    smooth: bool = False

    @property
    def is_wanted(self) -> bool:
        """Whether anything is asked for."""
        return self != Hindsight()

    @property
    def direction(self) -> Direction:
        """Which way the target is followed.

        Raises:
            ConfigError: two ways are asked for.
        """
        if self.backward and self.both_ways:
            raise ConfigError("--backward and --both-ways are two things: give one of them")
        if self.both_ways or (self.key_frames is not None and not self.backward):
            return Direction.BOTH
        return Direction.BACKWARD if self.backward else Direction.FORWARD

    def keys(self, job: TrackJob) -> list[KeyFrame]:
        """Return where the target is known.

        Raises:
            ConfigError: there is no box or more than one target, or the file cannot be read.
        """
        if self.key_frames is not None:
            if self.at is not None:
                raise ConfigError("--key-frames says where the target is in which frame: leave --at out")
            target = read_roi_file(self.key_frames).target
            return [KeyFrame(frame, Region.of(box)) for frame, box in target.boxes.items()]
        if job.may_be_several or job.roi is None:
            raise ConfigError("with hindsight one target is followed: give one --roi, or --roi-file with one target")
        return [KeyFrame(None if self.at is None else parse_position(self.at), job.roi)]


def follow_with_hindsight(
    job: TrackJob, hindsight: Hindsight, *, quiet: bool = False, sinks: Sequence[Sink] = ()
) -> RunSummary:
    """Follow one target through a recording that is read several times; see `tracker.cli.run.follow`.

    Raises:
        TrackerError: what `OfflineRun` raises; or the target is lost at the end of a strict job.
    """
    if job.record is not None:
        raise ConfigError("--record keeps what comes once, and hindsight reads a recording: leave it out")
    direction, keys = hindsight.direction, hindsight.keys(job)
    began = perf_counter()
    clip = Clip(job.source, job.span)
    with job.open() as source:
        name, options = source.info.name, sink_options(job, source)
    check_outputs(job.outputs, options)
    with progress_bar(name, None, shown=not quiet) as advance:
        run = OfflineRun(clip, keys, job.config, direction=direction, smooth=hindsight.smooth, advance=advance)
        track = run.run()
        with SinkGroup([open_sinks(job.outputs, options, on_first_frame=True), *sinks]) as every:
            summary = replay(clip, track, every, label=job.label, number=job.first_id)
    summary = replace(summary, seconds=perf_counter() - began)  # not of the writing alone, which comes last
    if not quiet:
        print_summary(summary, name, job)
    return finish(summary, job)
