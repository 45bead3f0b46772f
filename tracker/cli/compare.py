"""`tracker compare`: several trackers over one video, as a table and as one video with all boxes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Overwrite, Quiet, Verbose
from tracker.cli.terminal import progress_bar, say_written, set_verbosity
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.evaluation import Evaluation
    from tracker.evaluation.compare import Comparison, Standing
    from tracker.evaluation.drills import DrilledSequence
    from tracker.evaluation.run import MakeTracker
    from tracker.session import Chooser
    from tracker.video.base import Frame, SourceInfo

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def compare(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Run over this video, folder of images, or synth: scene.")
    ],
    roi: Annotated[
        str | None,
        typer.Option(metavar="X,Y,W,H", help="Start from this box in the first frame, in pixels or percent."),
    ] = None,
    truth: Annotated[
        str | None, typer.Option(metavar="FILE", help="Start from the first row of this file, score against all of it.")
    ] = None,
    trackers: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,NAME",
            help="Run these: presets, meanshift, camshift, csrt, kcf, mil; all that are installed if not given.",
        ),
    ] = None,
    drill: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,NAME|all",
            help="Put these drills (see eval) into the clip, or into all clips of a folder, and score the claims.",
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="OUT.mp4", help="Write one video with all boxes.")
    ] = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run several trackers over one video, side by side: a table, and one video with all boxes."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from rich.console import Console

    from tracker.cli.roi import read_roi_file
    from tracker.evaluation.compare import Comparison
    from tracker.evaluation.sequences import read_table
    from tracker.region import Region
    from tracker.video.sources import open_source

    if drill is not None:
        if roi is not None:
            raise ConfigError("a drill is scored against truth: give --truth FILE instead of --roi")
        _run_drills(source, truth, drill, trackers, output, overwrite=overwrite, quiet=quiet)
        return
    if (roi is None) == (truth is None):
        raise ConfigError("say where the target is in the first frame: --roi X,Y,W,H or --truth FILE, one of them")
    makers, absent = _makers(trackers)
    start: Chooser = read_roi_file(truth) if truth is not None else Region.parse(roi or "")
    rows = None if truth is None else read_table(Path(truth))
    comparison = Comparison(makers)
    with open_source(source) as opened:
        _run(comparison, opened, start, opened.info, Path(source), output, overwrite=overwrite, quiet=quiet)
    Console().print(_table(comparison.standings(rows), scored=rows is not None))
    _print_absent(absent)


def _run_drills(
    source: str,
    truth: str | None,
    drill: str,
    trackers: str | None,
    output: str | None,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Run every tracker over the drilled clips, print a table a drill, and write a video where there is one clip.

    Raises:
        TrackerError: a clip, its truth, a drill, a tracker or the output cannot be used.
    """
    from rich.console import Console

    from tracker.evaluation import TruthSequence, find_sequences
    from tracker.evaluation.drills import drilled, parse_drills
    from tracker.evaluation.sequences import read_table
    from tracker.evaluation.table import peers_table

    names = parse_drills(drill)
    makers, absent = _makers(trackers)
    if truth is None:
        clips = find_sequences(source)
    else:
        clips = [TruthSequence(Path(source).stem, source, read_table(Path(truth)))]
    sequences = [one for name in names for one in drilled(clips, name)]
    if output is not None:
        _draw_drill(sequences, makers, Path(source), output, overwrite=overwrite, quiet=quiet)
    evaluations = {name: _evaluate(name, make, sequences, quiet=quiet) for name, make in makers.items()}
    for name in names:
        Console().print(peers_table(evaluations, name))
    _print_absent(absent)


def _draw_drill(
    sequences: Sequence[DrilledSequence],
    makers: Mapping[str, MakeTracker],
    source: Path,
    output: str,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    from tracker.evaluation.compare import Comparison
    from tracker.geometry import Box

    if len(sequences) > 1:
        raise ConfigError("a video shows one clip with one drill: name one of each, or leave --output out")
    (sequence,) = sequences
    first = Box(*sequence.truth[0].tolist())
    frames = (frame for _, frame in sequence.frames())
    _run(Comparison(makers), frames, lambda _: first, sequence.info, source, output, overwrite=overwrite, quiet=quiet)


def _evaluate(name: str, make: MakeTracker, sequences: Sequence[DrilledSequence], *, quiet: bool) -> Evaluation:
    from tracker.evaluation import evaluate

    with progress_bar(name, len(sequences), unit="clips/s", shown=not quiet) as advance:
        return evaluate(sequences, make, on_result=lambda _: advance())


def _print_absent(absent: Mapping[str, str]) -> None:
    for reason in absent.values():
        typer.echo(f"left out: {reason}", err=True)


def _makers(names: str | None) -> tuple[dict[str, MakeTracker], dict[str, str]]:
    """Return the trackers to run by name, and the reason for each one that is left out because it is not installed.

    Raises:
        ConfigError: a tracker that was named is unknown or not installed.
    """
    from tracker.evaluation.peers import tracker_maker, tracker_names

    named = tracker_names() if names is None else [name.strip() for name in names.split(",") if name.strip()]
    makers: dict[str, MakeTracker] = {}
    absent: dict[str, str] = {}
    for name in named:
        try:
            makers[name] = tracker_maker(name)
        except ConfigError as error:
            if names is not None:
                raise
            absent[name] = str(error)
    return makers, absent


def _run(
    comparison: Comparison,
    frames: Iterable[Frame],
    start: Chooser,
    info: SourceInfo,
    source: Path,
    output: str | None,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Run every tracker over the frames, and write the video.

    Raises:
        TrackerError: source, box or output cannot be used.
    """
    from tracker.cli.run import outputs_of
    from tracker.drawing.style import OverlayStyle
    from tracker.geometry import Box
    from tracker.output.registry import SinkOptions, open_sinks
    from tracker.video.recording import DEFAULT_FPS

    options = SinkOptions(
        fps=info.fps or DEFAULT_FPS,
        overwrite=overwrite,
        source=source.expanduser(),
        style=OverlayStyle(search=False, path=False, by_target=True),
    )
    with (
        open_sinks(outputs_of(video=output), options, on_first_frame=True) as sink,
        progress_bar(info.name, info.frame_count, shown=not quiet) as advance,
    ):
        for number, frame in enumerate(frames):
            tracks = comparison.step(frame) if number else comparison.start(frame, Box.parse(start(frame)))
            sink.write(frame, tracks)
            advance()
    say_written(output, quiet=quiet)


def _table(standings: Sequence[Standing], *, scored: bool) -> Table:
    from rich.table import Table

    table = Table(caption="ms: median of update, one thread; sure: frames it said it had the target")
    table.add_column("tracker")
    for title in ["frames", "ms", "sure", *(["AUC", "P@20"] if scored else [])]:
        table.add_column(title, justify="right")
    failed = any(s.error for s in standings)
    if failed:
        table.add_column("error", overflow="fold")
    best = max((s.auc for s in standings if not math.isnan(s.auc)), default=math.nan)
    for s in standings:
        figures = [str(s.frames), f"{s.update_ms:.2f}", f"{s.sure:.0%}" if s.frames else "-"]
        if scored:
            figures += [f"{s.auc:.3f}", f"{s.precision:.3f}"]
        table.add_row(s.name, *figures, *([s.error] if failed else []), style="bold" if s.auc == best else None)
    return table
