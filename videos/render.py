"""Render the bundled clips again: `python videos/render.py videos/`, from the top of the repository.

Each clip is a `synth:` scene as H.264, with its exact truth beside it as CSV: `x,y,w,h` in pixels (0-based, see
`tracker.geometry`), one row a frame, `nan` while the target is hidden or away. The first row is the box to start with.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from tracker.errors import OutputError
from tracker.geometry import Box
from tracker.video.span import Span
from tracker.video.synthetic.source import SyntheticSource, parse_scene

CLIPS: Mapping[str, str] = MappingProxyType(
    {
        "juggle": "synth:juggle:seed=0:frames=300:fps=30:noise=1",
        "grey": "synth:moon:seed=5:frames=250:fps=25:noise=1",
        "return": "synth:encore:seed=10:frames=250:fps=25:noise=1",
    }
)
"""The clips by name, as the scenes they show."""

_QUALITY = 20
"""H.264 constant rate factor: a clip stays below 1 MB, and the texture survives."""


def render_clip(name: str, folder: Path) -> Path:
    """Write `NAME.mp4` and `NAME.csv` into `folder`, over those that are there; return the path of the video.

    Raises:
        OutputError: the folder is missing or cannot be written to, or ffmpeg failed.
    """
    video = folder / f"{name}.mp4"
    with SyntheticSource(parse_scene(CLIPS[name]), Span()) as source:
        rows = [_row(box) for box in source.truths]
        try:
            video.with_suffix(".csv").write_text("\n".join(["x,y,w,h", *rows, ""]), encoding="ascii", newline="\n")
        except OSError as error:
            raise OutputError(f"cannot write into {folder} ({error.strerror}): give a folder that exists") from error
        _encode(source, video)
    return video


def _encode(source: SyntheticSource, path: Path) -> None:
    import imageio_ffmpeg  # only this command needs it here

    info = source.info
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error",
        "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{info.width}x{info.height}", "-r", f"{info.fps:g}", "-i", "-",
        "-c:v", "libx264", "-preset", "slow", "-crf", str(_QUALITY), "-pix_fmt", "yuv420p",
        # One thread and no version strings: the same bytes every time.
        "-threads", "1", "-fflags", "+bitexact", "-flags", "+bitexact", "-movflags", "+faststart", str(path),
    ]  # fmt: skip
    # An encoder that gives up closes its end; its exit code then says more than the pipe's error.
    with suppress(BrokenPipeError), subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for frame in source:
            encoder.stdin.write(frame.image.tobytes())
    if encoder.returncode:
        raise OutputError(f"ffmpeg could not write {path} (exit code {encoder.returncode}): see its message above")


def _row(box: Box | None) -> str:
    return "nan,nan,nan,nan" if box is None else ",".join(f"{value:.3f}" for value in box)


def main(arguments: Sequence[str] | None = None) -> None:
    """Render every clip into the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Render the clips of videos/ and their truth.")
    parser.add_argument("folder", type=Path, help="where NAME.mp4 and NAME.csv are written")
    folder = parser.parse_args(arguments).folder
    for name in CLIPS:
        print(render_clip(name, folder))


if __name__ == "__main__":
    main()
