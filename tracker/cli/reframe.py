"""`tracker reframe`: cuts a video to another shape with a camera that follows the target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import completion
from tracker.cli.options import Config, Overrides, Overwrite, Quiet, Verbose
from tracker.cli.terminal import as_line, counted, orderly_stop, progress_bar, say_written, set_verbosity

if TYPE_CHECKING:
    from tracker.reframing import Reframing

app = typer.Typer(add_completion=False)

_PICTURE = "The picture"
_CAMERA = "The camera"


@app.command(no_args_is_help=True)
def reframe(
    clip: Annotated[
        str, typer.Argument(metavar="CLIP", help="A video, a folder or pattern of images, a synth: scene.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.mp4", help="The video to write.")],
    roi: Annotated[
        str | None, typer.Option(metavar="X,Y,W,H", help="The target in the first frame: pixels, or percent (10%,...).")
    ] = None,
    roi_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Take the target from a file: CSV, MOT or OTB text, COCO JSON."),
    ] = None,
    config: Config = None,
    overrides: Overrides = None,
    start: Annotated[
        str | None, typer.Option(metavar="WHEN", help="First frame: a number, 12.5s or 00:01:02.5.")
    ] = None,
    end: Annotated[str | None, typer.Option(metavar="WHEN", help="First frame no longer wanted.")] = None,
    aspect: Annotated[
        str | None, typer.Option(metavar="W:H", help="Shape of the picture, such as 9:16.", rich_help_panel=_PICTURE)
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="WxH", help="Its pixels, even numbers; those of the view if not given.", rich_help_panel=_PICTURE
        ),
    ] = None,
    effect: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completion.effects,
            help="Put an effect on the target or the rest, e.g. blur or blur:invert.",
            rich_help_panel=_PICTURE,
        ),
    ] = None,
    crop: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Show this share of the largest view; 1 if not given, 0.5 with --stabilize.",
            rich_help_panel=_CAMERA,
        ),
    ] = None,
    fill: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Zoom so that the target takes this share of the view, down to a view of --crop (0.25 if not given).",
            rich_help_panel=_CAMERA,
        ),
    ] = None,
    stabilize: Annotated[
        bool,
        typer.Option("--stabilize", help="Keep the target at one place of the picture.", rich_help_panel=_CAMERA),
    ] = False,
    audio: Annotated[
        bool, typer.Option("--audio/--no-audio", help="Keep the sound of the clip.", rich_help_panel=_PICTURE)
    ] = True,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Cut a video to another shape, with a camera that follows the target smoothly."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.roi import wanted
    from tracker.config.reader import load_config
    from tracker.effects import EffectStage, parse_effect
    from tracker.errors import ConfigError
    from tracker.output.staged import Stage, StagedSink
    from tracker.output.video_file import RecordingSink
    from tracker.reframing import ReframeStage
    from tracker.session import Session
    from tracker.tracking.tracker import Tracker
    from tracker.video.recording import DEFAULT_FPS
    from tracker.video.sources import is_live, open_source
    from tracker.video.span import parse_position

    chooser = wanted([roi] if roi else [], roi_file).one
    if chooser is None:
        raise ConfigError(
            "where is the target? Give --roi, or --roi-file with one target; `tracker select` prints a box"
        )
    stages: list[Stage] = [EffectStage(parse_effect(effect))] if effect else []
    stages.append(ReframeStage(_reframing(aspect, size, crop, fill, stabilize=stabilize)))
    if is_live(clip):
        raise ConfigError(f"{clip} is live, and reframing looks ahead: record it first, with track --record")
    first, last = (None if text is None else parse_position(text) for text in (start, end))
    tracker = Tracker(load_config(config, overrides or ()))
    with open_source(clip, start=first, end=last) as source:
        fps = source.info.fps or DEFAULT_FPS
        sink = StagedSink(
            stages, RecordingSink(output, fps, overwrite=overwrite, source=Path(clip).expanduser(), audio=audio)
        )
        with (
            Session(source, chooser, tracker=tracker, sinks=[sink]) as session,
            orderly_stop(session.stop),
            progress_bar(source.info.name, source.info.frame_count, shown=not quiet) as advance,
        ):
            for _ in session:
                advance()
    summary = session.summary
    if not quiet:
        shares = ", ".join(f"{state.value} {summary.share(state):.1%}" for state in summary.states)
        frames = counted(summary.frames, "frame")
        typer.echo(f"{as_line(source.info.name)}: {frames}\n  states   {shares}", err=True)
    say_written(output, quiet=quiet, indent="  ")
    if summary.stopped:
        raise typer.Exit(130)


def _reframing(
    aspect: str | None, size: str | None, crop: float | None, fill: float | None, *, stabilize: bool
) -> Reframing:
    from tracker.reframing import Reframing, ViewSettings, parse_aspect, parse_size

    if stabilize:
        camera = ViewSettings.still(crop=0.5 if crop is None else crop, fill=fill)
    else:
        camera = ViewSettings(crop=crop or (0.25 if fill else 1.0), fill=fill)
    return Reframing(parse_aspect(aspect) if aspect else None, parse_size(size) if size else None, camera)
