"""`tracker track`: the options of a run over one source; the run itself is in `run.py`."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli import completion
from tracker.cli.options import Config, FpsTrue, Origin, Overrides, Overwrite, Quiet, Scale, Verbose, YUp
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)

_WHAT = "Results"
_LIVE = "Cameras and streams"
_FRAMES = "Frames"
_WINDOW = "The window"
_HINDSIGHT = "Recordings, with hindsight"


@app.command(no_args_is_help=True)
def track(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            autocompletion=completion.sources,
            help="Follow the target in this: a video (also https://host/clip.mp4), an image, a folder or pattern of "
            "images, a synth: scene; live: a camera (0, /dev/video0) or a stream (rtsp://, http://, udp://, tcp://).",
        ),
    ],
    roi: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]X,Y,W,H",
            help="Start from this box in the first frame, in pixels or percent (10%,...); repeat it with names for "
            "several targets.",
        ),
    ] = None,
    roi_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Take the targets from this file, each from its first row on: CSV, MOT or OTB text, COCO JSON.",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="Take the box from this frame instead of the first one: a number, 12.5s or 00:01:02.5.",
            rich_help_panel=_HINDSIGHT,
        ),
    ] = None,
    backward: Annotated[
        bool,
        typer.Option("--backward", help="Follow from the box to the beginning.", rich_help_panel=_HINDSIGHT),
    ] = False,
    both_ways: Annotated[
        bool,
        typer.Option(
            "--both-ways",
            help="Follow from the box to the end and to the beginning, and back through gaps.",
            rich_help_panel=_HINDSIGHT,
        ),
    ] = False,
    key_frames: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Let the track go through every box of one target in this file, both ways between them.",
            rich_help_panel=_HINDSIGHT,
        ),
    ] = None,
    smooth: Annotated[
        bool,
        typer.Option("--smooth", help="Take the jitter of single frames out of the boxes.", rich_help_panel=_HINDSIGHT),
    ] = False,
    auto: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="Follow what a detector finds: motion, color=orange, color=RRGGBB, or color=PICTURE of the thing.",
        ),
    ] = None,
    several: Annotated[
        bool,
        typer.Option(
            "--several",
            help="Let a drag in the window add a target, and a right click on one remove it.",
            rich_help_panel=_WINDOW,
        ),
    ] = False,
    config: Config = None,
    overrides: Overrides = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT.mp4",
            help="Write an annotated video, or .gif, .webp, %06d.png.",
            rich_help_panel=_WHAT,
        ),
    ] = None,
    csv: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write one row a frame, lost ones too.", rich_help_panel=_WHAT)
    ] = None,
    jsonl: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Write JSON Lines; - is stdout.", rich_help_panel=_WHAT)
    ] = None,
    mot_output: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write MOTChallenge text.", rich_help_panel=_WHAT)
    ] = None,
    otb_output: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write OTB text.", rich_help_panel=_WHAT)
    ] = None,
    got_output: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write GOT-10k text.", rich_help_panel=_WHAT)
    ] = None,
    crops: Annotated[
        str | None,
        typer.Option(metavar="%06d.png", help="Write what is in the box, a picture a frame.", rich_help_panel=_WHAT),
    ] = None,
    motion: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write position, velocity and acceleration, as `tracker measure`.",
            rich_help_panel=_WHAT,
        ),
    ] = None,
    scale: Scale = None,
    origin: Origin = None,
    y_up: YUp = False,
    fps_true: FpsTrue = None,
    record: Annotated[
        str | None, typer.Option(metavar="RAW.mp4", help="Write the input as it came.", rich_help_panel=_WHAT)
    ] = None,
    effect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completion.effects,
            help="Put an effect on the target in the video: blur, pixelate, solid, spotlight; or blur:invert.",
            rich_help_panel=_WHAT,
        ),
    ] = None,
    audio: Annotated[
        bool, typer.Option("--audio/--no-audio", help="Keep the sound of the source.", rich_help_panel=_WHAT)
    ] = True,
    overwrite: Overwrite = False,
    draw: Annotated[
        str | None,
        typer.Option(
            metavar="PARTS|FILE",
            autocompletion=completion.parts,
            help="Draw these and no others: box, label, trail, corners, path, density, curve, caption, or none; with "
            "color=target, thickness=2, font=1.5; or as YAML.",
            rich_help_panel=_WHAT,
        ),
    ] = None,
    density: Annotated[bool, typer.Option("--density", help="Draw the density, too.", rich_help_panel=_WHAT)] = False,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="Begin at this frame: a number, 12.5s or 00:01:02.5.", rich_help_panel=_FRAMES
        ),
    ] = None,
    end: Annotated[
        str | None, typer.Option(metavar="WHEN", help="End before this frame.", rich_help_panel=_FRAMES)
    ] = None,
    vid_stride: Annotated[
        int, typer.Option(metavar="N", help="Look at every N-th frame.", rich_help_panel=_FRAMES)
    ] = 1,
    fps: Annotated[
        float | None,
        typer.Option(
            metavar="N", help="Set the frames per second of pictures; 25 if not given.", rich_help_panel=_FRAMES
        ),
    ] = None,
    value_range: Annotated[
        str | None,
        typer.Option(
            "--range",
            metavar="LOW:HIGH",
            help="Show these values of 16-bit pictures as black and white.",
            rich_help_panel=_FRAMES,
        ),
    ] = None,
    display: Annotated[
        bool | None,
        typer.Option(
            "--display/--no-display",
            help="Open a window; if not given, where the target has to be chosen, or live.",
            rich_help_panel=_WINDOW,
        ),
    ] = None,
    speed: Annotated[
        float,
        typer.Option(
            metavar="TIMES",
            help="Play a file in the window at this speed; 0 is as fast as it goes.",
            rich_help_panel=_WINDOW,
        ),
    ] = 1.0,
    loop: Annotated[
        bool,
        typer.Option("--loop", help="Play a file in the window over and over again.", rich_help_panel=_WINDOW),
    ] = False,
    flip: Annotated[
        bool,
        typer.Option(
            "--flip",
            help="Mirror the picture in the window; results and videos stay as they are.",
            rich_help_panel=_WINDOW,
        ),
    ] = False,
    reconnect: Annotated[
        str | None,
        typer.Option(
            metavar="N|forever",
            help="Try so often to get a lost source back; 30 times for streams if not given.",
            rich_help_panel=_LIVE,
        ),
    ] = None,
    reconnect_pause: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Wait at most so long between two attempts; 2 seconds if not given.",
            rich_help_panel=_LIVE,
        ),
    ] = None,
    camera_size: Annotated[
        str | None, typer.Option(metavar="WxH", help="Ask the camera for this size.", rich_help_panel=_LIVE)
    ] = None,
    camera_fps: Annotated[
        float | None, typer.Option(metavar="FPS", help="Ask the camera for this rate.", rich_help_panel=_LIVE)
    ] = None,
    camera_format: Annotated[
        str | None,
        typer.Option(metavar="FOURCC", help="Ask the camera for this pixel format, e.g. MJPG.", rich_help_panel=_LIVE),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 5 if a target that you named is lost at the end.")
    ] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Follow one or more objects through a recording, a camera or a stream."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.hindsight import Hindsight, follow_with_hindsight
    from tracker.cli.motions import calibration_of, motion_sink
    from tracker.cli.roi import wanted
    from tracker.cli.run import (
        TrackJob,
        effects_of,
        follow,
        initiation_of,
        mode_of,
        outputs_of,
        policy_of,
        span_of,
        style_of_video,
        wants_window,
        watch,
    )
    from tracker.cli.unused import given_options, warn_of_unused
    from tracker.config.reader import load_config
    from tracker.files import check_distinct
    from tracker.value_range import ValueRange
    from tracker.video.recording import DEFAULT_FPS
    from tracker.video.sources import has_rate
    from tracker.viewer.player import AtEnd

    hindsight = Hindsight(at, backward, both_ways, key_frames, smooth)
    chosen = wanted(roi or (), roi_file, several=several or bool(auto))
    outputs = outputs_of(
        video=output, csv=csv, jsonl=jsonl, mot=mot_output, otb=otb_output, got10k=got_output, crops=crops
    )
    job = TrackJob(
        source=source,
        roi=chosen.one,
        targets=chosen.several,
        label=chosen.label,
        first_id=chosen.id,
        inputs=tuple(name for name in (roi_file, key_frames, config) if name is not None),
        several=several,
        initiation=initiation_of(auto or ()),
        config=load_config(config, overrides or ()),
        outputs=outputs,
        span=span_of(start, end, vid_stride),
        style=style_of_video(draw, density=density, several=several or bool(chosen.several) or bool(auto)),
        effects=effects_of(effect or (), outputs),
        audio=audio,
        overwrite=overwrite,
        strict=strict,
        record=record,
        motion=motion,
        live=policy_of(reconnect, reconnect_pause),
        mode=mode_of(camera_size, camera_fps, camera_format),
        speed=speed,
        at_end=AtEnd.LOOP if loop else AtEnd.STAY,
        mirrored=flip,
        fps=DEFAULT_FPS if fps is None else fps,
        value_range=None if value_range is None else ValueRange.parse(value_range),
    )
    sinks = motion_sink(
        motion, calibration_of(scale, origin, y_up=y_up), fps_true, overwrite=overwrite, inputs=(source, *job.inputs)
    )
    check_distinct(*(each.target for each in outputs), record, motion)
    window = not hindsight.is_wanted and wants_window(display, job)
    warn_of_unused(
        given_options(context),
        source,
        live=job.is_live,
        window=window,
        video=output is not None,
        rate=fps is not None and has_rate(source),
    )
    if hindsight.is_wanted:
        follow_with_hindsight(job, hindsight, quiet=quiet, sinks=sinks)
    elif window:
        watch(job, quiet=quiet, sinks=sinks)
    else:
        follow(job, quiet=quiet, sinks=sinks)
