"""Files that appear whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import OutputError
from tracker.output.paths import reason

_SUFFIX = ".part"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a name beside `path` to write to; it takes the place of `path` at the end, and is gone after an error.

    Two that write the same file at the same time do not meet: the later one wins.

    Raises:
        OutputError: the file cannot be put in its place.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}{_SUFFIX}")
    try:
        yield part
        try:
            part.replace(path)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
    finally:
        part.unlink(missing_ok=True)


def put_file(path: Path, content: str | bytes) -> None:
    """Write `content`, text as UTF-8, to a file that appears whole.

    Raises:
        OutputError: it cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    with whole_file(path) as part:
        try:
            part.write_bytes(data)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error


def remove_parts(folder: Path, names: Collection[str]) -> None:
    """Remove what writers of the files `names` in `folder` left that were killed."""
    for part in folder.glob(f".*{_SUFFIX}"):
        name = part.name[1:].removesuffix(_SUFFIX).rpartition(".")[0]
        if name in names:
            part.unlink(missing_ok=True)
