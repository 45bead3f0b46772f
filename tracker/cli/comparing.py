"""A comparison with everything around it: sinks, progress, signals, table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from tracker.cli.roi import read_roi_file
from tracker.cli.run import OpenedOnWrite, outputs_of
from tracker.cli.terminal import progress_bar
from tracker.drawing.style import OverlayStyle
from tracker.errors import ConfigError
from tracker.evaluation.compare import Comparison as Race
from tracker.evaluation.compare import Standing, tracker_maker, tracker_names
from tracker.evaluation.metrics import Array
from tracker.evaluation.run import MakeTracker
from tracker.evaluation.sequences import read_table
from tracker.geometry import Box
from tracker.output.registry import SinkOptions, check_outputs
from tracker.region import Region
from tracker.session import Chooser
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import open_source

_STYLE = OverlayStyle(search=False, path=False, by_target=True)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared on what.

    Attributes:
        source: what `open_source` opens.
        start: chooses the box in the first frame.
        truth: `(n, 4)` boxes to score against, None for none.
        makers: the trackers by name.
        absent: trackers that were not asked for by name and are not installed, with the reason.
        output: where the video goes, None for nowhere.
        overwrite: whether an existing video may be replaced.
    """

    source: str
    start: Chooser
    truth: Array | None
    makers: Mapping[str, MakeTracker]
    absent: Mapping[str, str]
    output: str | None
    overwrite: bool

    @classmethod
    def of(
        cls,
        source: str,
        roi: str | None,
        truth: str | None,
        names: Sequence[str] | None,
        output: str | None,
        *,
        overwrite: bool,
    ) -> Comparison:
        """Read what the person wrote.

        Raises:
            ConfigError: no box to start from or two, an unknown tracker, or one that was named and is not installed.
            SourceError: the truth cannot be read.
        """
        if (roi is None) == (truth is None):
            raise ConfigError("say where the target is in the first frame: --roi X,Y,W,H or --truth FILE, one of them")
        makers, absent = _makers(names)
        start: Chooser = read_roi_file(truth) if truth is not None else Region.parse(roi or "")
        rows = None if truth is None else read_table(Path(truth))
        return cls(source, start, rows, makers, absent, output, overwrite)


def _makers(names: Sequence[str] | None) -> tuple[dict[str, MakeTracker], dict[str, str]]:
    makers: dict[str, MakeTracker] = {}
    absent: dict[str, str] = {}
    for name in tracker_names() if names is None else names:
        try:
            makers[name] = tracker_maker(name)
        except ConfigError as error:
            if names is not None:
                raise
            absent[name] = str(error)
    return makers, absent


def run(comparison: Comparison, *, quiet: bool = False) -> None:
    """Run the comparison, print the table, write the video.

    Raises:
        TrackerError: source, box or output cannot be used.
    """
    race = Race(comparison.makers)
    with open_source(comparison.source) as source:
        options = SinkOptions(
            fps=source.info.fps or DEFAULT_FPS,
            overwrite=comparison.overwrite,
            source=Path(comparison.source).expanduser(),
            style=_STYLE,
        )
        outputs = outputs_of(video=comparison.output)
        check_outputs(outputs, options)
        with (
            OpenedOnWrite(outputs, options) as sink,
            progress_bar(source.info.name, source.info.frame_count, shown=not quiet) as advance,
        ):
            for number, frame in enumerate(source):
                tracks = race.step(frame) if number else race.start(frame, Box.parse(comparison.start(frame)))
                sink.write(frame, tracks)
                advance()
    Console().print(_table(race.standings(comparison.truth), scored=comparison.truth is not None))
    for reason in comparison.absent.values():
        typer.echo(f"left out: {reason}", err=True)


def _table(standings: Sequence[Standing], *, scored: bool) -> Table:
    table = Table(caption="ms: median of update, one thread; sure: frames it said it had the target")
    table.add_column("tracker")
    for title in ["frames", "ms", "sure", *(["AUC", "P@20"] if scored else [])]:
        table.add_column(title, justify="right")
    table.add_column("")
    best = max((s.auc for s in standings if not math.isnan(s.auc)), default=math.nan)
    for s in standings:
        figures = [str(s.frames), f"{s.update_ms:.2f}", f"{s.sure:.0%}" if s.frames else "-"]
        if scored:
            figures += [f"{s.auc:.3f}", f"{s.precision:.3f}"]
        table.add_row(s.name, *figures, s.error, style="bold" if s.auc == best else None)
    return table
