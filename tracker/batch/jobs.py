"""Jobs: a job is one video with its targets. Manifests, folders and patterns are read into jobs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from glob import glob
from pathlib import Path
from typing import Self

from tracker.address import Address, is_address, redacted
from tracker.batch.storage import check_source
from tracker.errors import ConfigError, SourceError, TrackerError
from tracker.formats.starts import TargetStart, read_starts
from tracker.formats.text_lines import read_text
from tracker.geometry import Box
from tracker.region import FORM, Region
from tracker.session.targets import Target
from tracker.video.images import is_glob
from tracker.video.inputs import shown
from tracker.video.kinds import holds_video
from tracker.video.span import Position, Span, parse_position
from tracker.video.synthetic.source import PREFIX

_EVERYTHING = Span()


@dataclass(frozen=True, slots=True)
class Job:
    """One video, the unit of work: read once, whatever the number of its targets.

    Attributes:
        source: a video file, pictures or a scene, as `open_source` takes them, or an address that can be fetched.
        targets: what is followed, at least one; those without a number have that of their place.
        inputs: the files that the targets were read from, which no result may replace.
        error: why it cannot be done, "" where it can: it fails without ending the others.
        refused: why rows that name further targets cannot be read, a line each.
    """

    source: str
    targets: tuple[Target, ...]
    inputs: tuple[str, ...] = ()
    error: str = ""
    refused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        numbered = (one if one.id is not None else replace(one, id=place) for place, one in enumerate(self.targets))
        object.__setattr__(self, "targets", tuple(numbered))

    @property
    def shown(self) -> str:
        """The source as messages show it: an address without its secrets, a name that is no text readable."""
        return shown(redacted(self.source))

    @classmethod
    def of(cls, source: str | Path, *rois: str | Iterable[float]) -> Self:
        """Return the job of following targets from the first frame on.

        Args:
            source: the video.
            rois: where each target is: "X,Y,W,H" in pixels or percent, or four numbers in pixels.

        Raises:
            BoxError: one of them is no box.
        """
        regions = [Region.parse(roi) if isinstance(roi, str) else Region.of(Box.parse(roi)) for roi in rois]
        return cls(str(source), tuple(Target(region, number) for number, region in enumerate(regions)))


def names_of(jobs: Sequence[Job]) -> list[str]:
    """Return the name of each job's results: that of its source, with a hash of the whole path where two are alike.

    Raises:
        ConfigError: there is no job, a source comes twice, or the targets of a job cannot be told apart.
    """
    if not jobs:
        raise ConfigError("there is no video to work on: give at least one")
    for job in jobs:
        _check(job)
    sources = Counter(job.source for job in jobs)
    twice = next((source for source, count in sources.items() if count > 1), None)
    if twice is not None:
        raise ConfigError(f"{redacted(twice)} is in two jobs: make its targets one job")
    plain = [_plain_name(job.source) for job in jobs]
    # File systems that do not tell a from A must not mix two videos.
    alike = Counter(name.casefold() for name in plain)
    return [
        name if alike[name.casefold()] == 1 else f"{name}-{hashlib.sha256(job.source.encode()).hexdigest()[:8]}"
        for name, job in zip(plain, jobs, strict=True)
    ]


def _plain_name(source: str) -> str:
    # Of an address only the path counts: what stands before it may be a password.
    path = Address.parse(source).path if is_address(source) else source.split("?")[0]
    last = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    stem = last if "*" in last or last.startswith("synth:") else Path(last).stem
    return re.sub(r"[^\w.-]+", "_", stem).strip("_.") or "video"


def _check(job: Job) -> None:
    if job.error:
        return
    if not job.targets:
        raise ConfigError(f"{job.shown} has no target: say where it is")
    ids = Counter(target.id for target in job.targets)
    number, count = ids.most_common(1)[0]
    if count > 1:
        raise ConfigError(f"{job.shown} has {count} targets of the number {number}: give each its own id")
    if any(target.span.stride != 1 for target in job.targets):
        raise ConfigError(f"{job.shown}: targets with a stride are not possible, every frame is looked at")


COLUMNS = ("source", "roi", "start", "end", "id", "label")
_TABLE = ".csv"


def jobs_from(place: str, roi: str | None = None) -> list[Job]:
    """Return the jobs in a manifest, a folder or a pattern.

    Args:
        place: a manifest (a CSV with the columns `COLUMNS`, of which only source is needed), a folder of videos, or a
            pattern such as `clips/*.mp4`.
        roi: where the target is in every video of which nothing better is known; None for nowhere. What is known
            better is the manifest's roi, and a table NAME.csv with columns x, y, w, h beside NAME.mp4: each of its
            targets is followed from the frame of its first box on.

    Returns:
        The jobs. A video of which it is not said where a target is, or whose table or row cannot be read, is a job with
        an error, if there is one without; so is a row that names no video.

    Raises:
        ConfigError: there is nothing, the manifest is none, or of no video it is said where a target is.
        BoxError: `roi` is no box.
    """
    default = None if roi is None else Region.parse(roi)
    path = Path(place).expanduser()
    if path.is_file() and path.suffix.lower() == _TABLE:
        return _some(list(_manifest(path, default)))
    if path.is_dir():
        videos = [file for file in path.iterdir() if not file.name.startswith(".")]
    else:
        # Path.glob takes no pattern that begins at the root.
        found = glob(str(path), recursive=True) if is_glob(place) else []  # noqa: PTH207
        videos = [Path(name) for name in found]
    videos = sorted(file for file in videos if file.is_file() and holds_video(file))
    if not videos:
        raise ConfigError(f"no videos in {place}: give a manifest ({', '.join(COLUMNS)}), a folder or a pattern")
    return _some([_job(str(video), default) for video in videos])


def _some(jobs: list[Job]) -> list[Job]:
    """Return jobs of which at least one can be done.

    Raises:
        ConfigError: none can, the first because of this.
    """
    if all(job.error for job in jobs):
        raise ConfigError(jobs[0].error)
    return jobs


def _job(video: str, default: Region | None) -> Job:
    try:
        return Job(video, _targets(video, default), _inputs(video))
    except TrackerError as error:  # one bad video never stops the rest
        return Job(video, (), _inputs(video), str(error))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a manifest; relative paths in it begin at the manifest."""

    manifest: Path
    line: int
    cells: Mapping[str, str]
    is_too_long: bool

    @property
    def place(self) -> str:
        return f"{self.manifest}, line {self.line}"

    @property
    def source(self) -> str:
        """The video; the row itself where it names none."""
        given = self.cells["source"]
        if not given:
            return f"line {self.line} of {self.manifest.name}"
        if is_address(given) or given.startswith(PREFIX):
            return given
        return str(self.manifest.parent / Path(given).expanduser())

    def targets(self, number: int, default: Region | None) -> tuple[Target, ...]:
        """Return the target of this row, the `number`-th of its source; without a roi those of the table beside it.

        Raises:
            ConfigError: the row cannot be read, and why.
        """
        try:
            self._check()
            given = self.cells["roi"]
            span = Span(self._position("start"), self._position("end"))
            if given or not _starts(self.source):
                region = Region.parse(given) if given else _region(self.source, default)
                return (Target(region, self._id(number), self.cells["label"], span),)
            return self._table_targets(span)
        except TrackerError as error:
            raise ConfigError(f"{self.place}: {error}") from error

    def _check(self) -> None:
        if self.is_too_long:
            raise ConfigError('more cells than columns; write a box in quotes: "10,20,30,40"')
        if not self.cells["source"]:
            raise ConfigError("no source")
        check_source(self.source)

    def _table_targets(self, span: Span) -> tuple[Target, ...]:
        """Return the targets of the table beside the source, or the one of the row's id, within the row's span."""
        wanted = self._id(0) if self.cells["id"] else None
        found = [each for each in _starts(self.source) if wanted is None or (each.id or 0) == wanted]
        if not found:
            raise ConfigError(f"the table beside {redacted(self.source)} has no target {wanted}")
        return tuple(_from_start(each, span, self.cells["label"]) for each in found)

    def _position(self, column: str) -> Position | None:
        return parse_position(self.cells[column]) if self.cells[column] else None

    def _id(self, number: int) -> int:
        given = self.cells["id"]
        if given and not given.isdecimal():
            raise ConfigError(f"id {given!r} is no number from 0")
        return int(given) if given else number


def _manifest(path: Path, default: Region | None) -> Iterator[Job]:
    """Yield a job for every source, with a target for each of its rows."""
    rows: dict[str, list[_Row]] = {}
    for row in _rows(path):
        rows.setdefault(row.source, []).append(row)
    if not rows:
        raise ConfigError(f"{path} has no rows: write one a target")
    for source, targets in rows.items():
        yield _job_of(source, targets, default, (str(path), *_inputs(source)))


def _job_of(source: str, rows: Sequence[_Row], default: Region | None, inputs: tuple[str, ...]) -> Job:
    """Return the job of all rows of a source; one that cannot be read never stops the rest."""
    found: dict[int | None, Target] = {}
    refused: list[str] = []
    for number, row in enumerate(rows):
        try:
            for target in row.targets(number, default):
                if target.id in found:
                    raise ConfigError(f"{row.place}: there is a target {target.id} already: give each its own id")
                found[target.id] = target
        except ConfigError as error:
            refused.append(str(error))
    if not found:
        return Job(source, (), inputs, error="; ".join(refused))
    return Job(source, tuple(found.values()), inputs, refused=tuple(refused))


def _rows(path: Path) -> Iterator[_Row]:
    try:
        text = read_text(path)
    except SourceError as error:
        raise ConfigError(str(error)) from error
    table = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
    names = table.fieldnames or ()
    unknown = [name for name in names if name not in COLUMNS]
    if "source" not in names or unknown:
        what = f"unknown columns {', '.join(unknown)}" if unknown else "no column source"
        raise ConfigError(f"{path}, line 1: {what}; a manifest has the columns {', '.join(COLUMNS)}")
    for cells in table:
        named = {name: (cells.get(name) or "").strip() for name in COLUMNS}
        yield _Row(path, table.line_num, named, None in cells)


def _targets(source: str, default: Region | None) -> tuple[Target, ...]:
    """Return the targets of a video: those of the table beside it, or else the one that is there by default."""
    found = tuple(_from_start(each, _EVERYTHING, "") for each in _starts(source))
    return found or (Target(_region(source, default), 0),)


def _region(source: str, default: Region | None) -> Region:
    """Return where the target of a video without a table is."""
    if default is None:
        if is_address(source):
            raise ConfigError(
                f"where is the target in {redacted(source)}? Give its roi in the manifest, or --roi: {FORM}"
            )
        table = Path(source).with_suffix(_TABLE).name
        raise ConfigError(f"where is the target in {source}? Put a table {table} beside it, or give --roi: {FORM}")
    return default


def _table(source: str) -> Path | None:
    """Return the table of boxes beside a video, None where there is none; results of a batch are none."""
    if is_address(source):
        return None
    table = Path(source).with_suffix(_TABLE)
    return table if table.is_file() and not _is_result(table) else None


def _is_result(table: Path) -> bool:
    """Return whether a table is as a batch wrote it, whose record lies beside it (see `Record.vouches_for`)."""
    try:
        record = json.loads(table.with_suffix(".json").read_bytes())
        return isinstance(record, dict) and record.get("sha256") == hashlib.sha256(table.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return False


def _inputs(source: str) -> tuple[str, ...]:
    table = _table(source)
    return () if table is None else (str(table),)


def _starts(source: str) -> tuple[TargetStart, ...]:
    table = _table(source)
    return () if table is None else read_starts(table)


def _from_start(start: TargetStart, span: Span, label: str) -> Target:
    """Return the target that is followed from its first box in `span` on.

    Raises:
        ConfigError: it has none there, or the span begins at a time, for which no frame is known.
    """
    number, name = start.id or 0, label or start.label
    if start.anywhere:
        return Target(Region.of(start.box), number, name, span)
    if isinstance(span.start, float):
        raise ConfigError("a table of boxes goes by frames: give the start as a frame, or a roi")
    frames = [frame for frame in start.boxes if span.start is None or frame >= span.start]
    if not frames:
        raise ConfigError(f"{name or 'the target'} has no box from frame {span.start} on")
    first = min(frames)
    region = Region.of(start.boxes[first])
    return Target(region, number, name, replace(span, start=first) if first else span)
