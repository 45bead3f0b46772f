"""The texts that are frozen: tables of the sinks, every format of `convert`, the help, the API's document."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.golden.results import first_boxes
from tracker.cli import main

SINKS = {"csv": "csv", "jsonl": "jsonl", "mot-output": "txt", "otb-output": "txt", "got-output": "txt"}
"""The options of `track` that write text, and the suffix of their files."""
ONE_TARGET = ("otb-output", "got-output")
SCENE = "synth:return:seed=3:frames=60:size=160x120"
"""The target leaves, so that lost frames are among the rows."""
SCENE_OF_TWO = "synth:crossing:seed=4:frames=30:size=160x120"
FORMATS = {
    "csv": "csv", "mot": "txt", "mot-gt": "txt", "otb": "txt", "got10k": "txt", "vot": "txt",
    "coco": "json", "cvat": "zip", "label-studio": "json", "yolo": "",
}  # fmt: skip
"""The formats of `convert` and the suffix of their files; "" is a folder."""
TABLES = Path(__file__).parent / "input"
"""Results as the CSV sink wrote them once, edited: `convert` is frozen whatever the trackers find."""
ONE_TARGET_FORMATS = ("otb", "got10k", "vot")
TIMES = ("elapsed_ms",)
"""Columns that differ from run to run: written as 0."""
VERBS = (
    "", "track", "select", "serve", "devices", "demo", "eval", "compare", "batch", "convert", "trax", "cluster",
    "segment", "config", "config show", "config explain", "config validate", "config list", "doctor",
    "reframe", "measure", "plot", "probe",
)  # fmt: skip
HELP_WIDTH = 100
"""Characters of a line of help."""


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of each file."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _sinks(Path(folder))
        yield from _conversions(Path(folder))
    for verb in VERBS:
        yield f"help/{verb.replace(' ', '-') or 'tracker'}.txt", _help(verb)
    yield "openapi.json", json.dumps(_openapi(), indent=1, sort_keys=True) + "\n"


def _sinks(folder: Path) -> Iterator[tuple[str, str]]:
    one = ["track", SCENE, "--roi", _roi(SCENE, 1)[0], "--config", "classic"]
    rois = [
        word
        for name, box in zip(("ann", "bob"), _roi(SCENE_OF_TWO, 2), strict=True)
        for word in ("--roi", f"{name}={box}")
    ]
    runs = {
        "one": (one, list(SINKS)),
        "two": (["track", SCENE_OF_TWO, *rois], [k for k in SINKS if k not in ONE_TARGET]),
    }
    for run, (words, sinks) in runs.items():
        files = {sink: folder / f"{run}-{sink}.{SINKS[sink]}" for sink in sinks}
        _run(*words, "--no-display", "-q", *(word for sink in sinks for word in (f"--{sink}", str(files[sink]))))
        for path in files.values():
            yield f"sinks/{path.stem}.text", _timeless(_read(path), path.suffix)


def _conversions(folder: Path) -> Iterator[tuple[str, str]]:
    """Convert a table into every format and each of these back."""
    video = ("--size", "160x120", "--fps", "25")
    for name, suffix in FORMATS.items():
        table = TABLES / ("one.csv" if name in ONE_TARGET_FORMATS else "two.csv")
        there, back = (folder / f"{name}-{way}" for way in ("there", "back"))
        there, back = there.with_suffix(f".{suffix}" if suffix else ""), back.with_suffix(".csv")
        said = _run("convert", str(table), str(there), "--from", "csv", "--to", name, *video)
        said += _run("convert", str(there), str(back), "--from", name, "--to", "csv", *video)
        yield f"formats/{name}.text", _read(there)
        yield f"formats/{name}-back.text", _read(back)
        yield f"formats/{name}-said.text", said.replace(str(folder) + os.sep, "")


def _roi(spec: str, count: int) -> list[str]:
    return [",".join(f"{value:.2f}" for value in box) for box in first_boxes(spec, count)]


def _run(*words: str) -> str:
    """Run the command line in this process and return what it printed; it must succeed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(words)
        except SystemExit as ended:
            code = ended.code
    if code:
        raise RuntimeError(f"tracker {' '.join(words)} ended with {code}: {out.getvalue()}")
    return out.getvalue()


def _read(path: Path) -> str:
    """Return a text file as it is; of a folder or an archive every file below its name."""
    if path.is_dir():
        return "".join(f"== {each.name}\n{_read(each)}" for each in sorted(path.iterdir()))
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return "".join(f"== {name}\n{archive.read(name).decode()}" for name in archive.namelist())
    return path.read_bytes().decode()


def _timeless(text: str, suffix: str) -> str:
    if suffix == ".csv":
        header, *rows = csv.reader(io.StringIO(text))
        places = [header.index(column) for column in TIMES]
        rows = [["0" if place in places else cell for place, cell in enumerate(row)] for row in rows]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([header, *rows])
        return out.getvalue()
    if suffix == ".jsonl":
        lines = [{**json.loads(line), **dict.fromkeys(TIMES, 0)} for line in text.splitlines()]
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return text


def _help(verb: str) -> str:
    # In a process of its own: the width is read when Typer is imported.
    width = str(HELP_WIDTH)
    kept = {
        key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS")
    }
    environment = {
        **kept,
        "COLUMNS": width,
        "TERMINAL_WIDTH": width,
        "NO_COLOR": "1",
        "TERM": "dumb",
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-m", "tracker", *verb.split(), "--help"]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout.decode()


def _openapi() -> dict[str, object]:
    """Return the document that the web app serves; the only place here that knows the app's rooms."""
    from tracker import TrackerConfig
    from tracker.web.app import make_app
    from tracker.web.server import InitialSource, Server
    from tracker.web.settings import ServeSettings

    server = Server(ServeSettings(port=0), InitialSource("", TrackerConfig(), "fast"))
    try:
        document: dict[str, object] = make_app(server.state).openapi()
    finally:
        server.stop()
        server.state.library.close()
    return document
