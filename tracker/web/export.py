"""Results as files: tables, annotation formats, and the clip with the targets drawn on it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

from tracker.errors import OutputError
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.registry import FORMATS
from tracker.output.base import Sink
from tracker.output.registry import SINKS, SinkOptions
from tracker.output.video_file import VideoFileSink
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import SourceSpec, open_source
from tracker.web.results import ResultLog

VIDEO = "mp4"
KINDS = (*FORMATS, VIDEO)
"""What results can be exported as."""


def suffix_of(kind: str) -> str:
    """Return how a file of a kind ends; a format that is a folder comes as a zip."""
    return f".{VIDEO}" if kind == VIDEO else FORMATS[kind].suffixes[0] or ".zip"


def write_results(log: ResultLog, kind: str, path: Path, meta: VideoMeta, canceled: threading.Event) -> None:
    """Write all rows as one of `KINDS` but `VIDEO`.

    Raises:
        OutputError: the file cannot be written, the format cannot hold the rows, or it was canceled.
    """
    if kind in SINKS:
        with SINKS[kind].open(str(path), SinkOptions()) as sink:
            for entry in log.entries():
                _check(canceled)
                sink.write(entry.frame, entry.tracks)
        return
    video = AnnotatedVideo.of(list(_annotations(log, canceled)), meta)
    if not FORMATS[kind].is_folder:
        FORMATS[kind].write(video, path)
        return
    folder = path.with_suffix("")
    try:
        FORMATS[kind].write(video, folder)
        shutil.make_archive(str(folder), "zip", folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_video(log: ResultLog, spec: SourceSpec, path: Path, canceled: threading.Event) -> None:
    """Draw the rows on the frames of the source they are of, from the first to the last one.

    Raises:
        SourceError: the source cannot be read.
        OutputError: the video cannot be written, or it was canceled.
    """
    indices = log.indices()
    source = open_source(spec, start=indices[0])
    sink: Sink = VideoFileSink(path, source.info.fps or DEFAULT_FPS)
    with source, sink:
        for frame in source:
            _check(canceled)
            if frame.index > indices[-1]:
                return
            sink.write(frame, log.at(frame.index))


def _annotations(log: ResultLog, canceled: threading.Event) -> Iterator[Annotation]:
    for entry in log.entries():
        _check(canceled)
        for track in entry.tracks:
            found = track.result
            yield Annotation(
                entry.index, track.id, found.box, track.label, found.confidence, found.state, entry.timestamp
            )


def _check(canceled: threading.Event) -> None:
    if canceled.is_set():
        raise OutputError("the export was canceled")
