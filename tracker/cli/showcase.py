"""The demo: the main job on a bundled clip, measured against the clip's exact truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median

from tracker.cli.run import TrackJob, follow, outputs_of
from tracker.config.settings import TrackerConfig
from tracker.errors import OutputError
from tracker.evaluation.sequences import TruthSequence, find_sequences
from tracker.geometry import Box, iou
from tracker.output.base import Sink
from tracker.resources import resource_dir
from tracker.tracking.result import Track
from tracker.video.base import Frame

CLIP = "juggle"


class Meter(Sink):
    """Keeps the time of each update and the overlap with the truth."""

    def __init__(self, sequence: TruthSequence) -> None:
        """Measure against the truth of `sequence`; frames in which the target is hidden have none."""
        self._sequence = sequence
        self.seconds: list[float] = []
        self.overlaps: list[float] = []

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Take one frame; the first one starts the tracker and does not count."""
        if frame.index == 0:
            return
        truth = Box(*self._sequence.truth[frame.index].tolist())
        for track in tracks:
            self.seconds.append(track.result.elapsed)
            if truth.area > 0:
                self.overlaps.append(iou(track.result.box, truth))


def show(folder: Path, config: TrackerConfig, *, quiet: bool) -> list[tuple[str, str]]:
    """Run the demo into `folder`; return what there is to say, as (label, value).

    Raises:
        OutputError: the folder cannot be made, or a file in it not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder} ({error.strerror}): choose another with --out") from error
    video, table = folder / f"{CLIP}.mp4", folder / f"{CLIP}.csv"
    (sequence,) = find_sequences(resource_dir("videos") / f"{CLIP}.mp4")
    meter = Meter(sequence)
    job = TrackJob(
        source=sequence.source,
        roi=lambda _: Box(*sequence.truth[0].tolist()),
        config=config,
        outputs=outputs_of(video=str(video), csv=str(table)),
        overwrite=True,
    )
    summary = follow(job, quiet=quiet, sinks=[meter])
    return [
        ("annotated video", str(video)),
        ("table", str(table)),
        (
            "speed",
            f"{median(meter.seconds) * 1e3:.2f} ms an update (median), {summary.fps:.0f} frames per second in all",
        ),
        ("mean overlap", f"{fmean(meter.overlaps):.3f} with the exact truth, over {len(meter.overlaps)} frames"),
    ]
