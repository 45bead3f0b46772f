"""What is kept of a finished video beside its results, so that it need not be done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from tracker import __version__
from tracker.address import redacted
from tracker.batch.jobs import Job
from tracker.config.settings import TrackerConfig
from tracker.files import write_atomic
from tracker.session.targets import Target
from tracker.video.inputs import shown

_LAYOUT = 2
"""Raised when results or records change their layout: everything is then done again."""


class Status(StrEnum):
    """What became of a video."""

    DONE = "done"
    KEPT = "kept"
    FAILED = "failed"


Shown: TypeAlias = Annotated[str, AfterValidator(lambda text: shown(redacted(text)))]
"""A text that is kept and shown: addresses in it have no secrets, and names of files that are no text are readable."""


class Outcome(BaseModel):
    """What became of one video.

    Attributes:
        source: the video; an address without its secrets.
        name: of the files of its results, which tells it from every other of the run; "" in a record of old.
        result: the file with the rows, in the folder of results; "" where it failed.
        status: done, kept from an earlier run, or failed.
        targets: how many were followed.
        refused: how many could not be; a video of which none can has failed.
        frames: how many were read.
        bad_frames: how many could not be decoded and were passed over.
        tracking: share of all targets' frames in which they were tracked, in [0, 1].
        occluded: the same for occluded.
        lost: the same for lost.
        seconds: wall time, reading and writing included.
        worker: machine and process that did it.
        error: why it failed, or why targets were refused, without secrets; "" where all is well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Shown
    name: str = ""
    result: str = ""
    status: Status
    targets: int = 0
    refused: int = 0
    frames: int = 0
    bad_frames: int = 0
    tracking: float = 0.0
    occluded: float = 0.0
    lost: float = 0.0
    seconds: float = 0.0
    worker: str = ""
    error: Shown = ""

    @property
    def fps(self) -> float:
        """Frames per second of the whole: reading, tracking and writing."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0


class Record(BaseModel):
    """The certificate of a finished video, a JSON file beside its results.

    Attributes:
        key: hash over all that decides the results: content, targets, settings, version.
        run: which run made it.
        content: the fingerprint of the source.
        targets: what was followed, in words.
        settings: hash of the settings; the settings themselves are in `settings-HASH.yaml`.
        versions: of this program and of what it computes with; only its own decides.
        sha256: of the file of results.
        outcome: what became of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    run: str
    content: str
    targets: tuple[str, ...]
    settings: str
    versions: dict[str, str]
    sha256: str
    outcome: Outcome

    def write(self, path: Path) -> None:
        """Write the record whole.

        Raises:
            OutputError: it cannot be written.
        """
        write_atomic(path, self.model_dump_json(indent=1) + "\n")

    def vouches_for(self, result: Path, key: str) -> bool:
        """Return whether `result` is there, unchanged, and made from what `key` stands for."""
        try:
            return self.key == key and self.sha256 == hash_of(result)
        except OSError:
            return False


def read_record(path: Path) -> Record | None:
    """Return the record in a file; None where there is none."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def key_of(job: Job, content: str, settings: str, also: Sequence[str] = ()) -> str:
    """Return the hash over all that decides the results of `job`; `also` are the kinds of files beside the table."""
    facts = [_LAYOUT, __version__, content, [*map(described, job.targets), *job.refused], settings, *also]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def described(target: Target) -> str:
    """Return a target in words that say all of it, the same for the same target."""
    return f"{target.id} {target.label!r} at {target.roi} from {target.span.start!r} to {target.span.end!r}"


def settings_hash(config: TrackerConfig) -> str:
    """Return a short hash of the settings."""
    text = json.dumps(config.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
