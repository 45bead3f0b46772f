"""Output files: their paths are checked before anything is written, and they are replaced atomically.

An atomic file is written under another name beside its own, which it takes when it is complete: a reader never sees
half of it, and a run that is killed leaves what was there before.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import OutputError

STDOUT = "-"
"""The target that means standard output."""
_TEMPORARY = ".part"


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a name beside `path` to write to; its file takes the place of `path` at the end, after an error it is gone.

    Of two writers of the same file at the same time the later one wins.

    Raises:
        OutputError: the file cannot be put in its place.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}{_TEMPORARY}")
    try:
        yield part
        try:
            part.replace(path)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
    finally:
        part.unlink(missing_ok=True)


def write_atomic(path: Path, content: str | bytes) -> None:
    r"""Write `content` to a file that appears complete; text as UTF-8, what cannot be in it as `\uNNNN`.

    Raises:
        OutputError: it cannot be written.
    """
    data = content.encode(errors="backslashreplace") if isinstance(content, str) else content
    with atomic_path(path) as part:
        try:
            part.write_bytes(data)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error


def remove_leftovers(folder: Path, names: Collection[str]) -> None:
    """Remove the temporary files in `folder` that killed writers of the files `names` left."""
    for part in folder.glob(f".*{_TEMPORARY}"):
        name = part.name[1:].removesuffix(_TEMPORARY).rpartition(".")[0]
        if name in names:
            part.unlink(missing_ok=True)


def check_output(
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    source: str | os.PathLike[str] | None = None,
    inputs: Collection[str | os.PathLike[str]] = (),
    suffixes: Collection[str] = (),
) -> Path:
    """Return `path` as a `Path` that can be written; nothing on disk is changed.

    Args:
        path: where to write; `~` is the home folder.
        overwrite: whether an existing file may be replaced.
        source: the video that is read, which must never be written; anything that is no file is ignored.
        inputs: what else is read (start boxes, truth, settings, a model), and must never be written, either.
        suffixes: the lower-case suffixes (".mp4") that the format has; any suffix where empty.

    Raises:
        OutputError: the path is a folder, an input, an existing file, or cannot be written; its folder is missing; its
            suffix is unknown.
    """
    target = Path(path).expanduser()
    try:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            target.lstat()
        _check_suffix(target, suffixes)
        _check_place(target, source, inputs)
        _check_permission(target, overwrite)
    except OutputError:
        raise
    except (OSError, ValueError) as error:  # a name too long, a loop of links, a null character
        raise OutputError(f"cannot write {target}: {reason(error)}; choose another name") from error
    return target


def check_distinct(*targets: str | os.PathLike[str] | None) -> None:
    """Refuse outputs of which two would be one file, however it is spelled; None is no output.

    Raises:
        OutputError: two go to the same file, or to standard output.
    """
    places: list[Path] = []
    for target in targets:
        if target is None:
            continue
        name = os.fspath(target)
        # The real path finds what does not exist yet, the same file what has two names on the disk.
        place = Path(name) if name == STDOUT else Path(os.path.realpath(Path(name).expanduser()))
        if any(place == other or _same_file(place, other) for other in places):
            raise OutputError(f"two outputs go to {name}: give each its own file")
        places.append(place)


def reason(error: Exception) -> str:
    """Return the cause in an exception's own words, without its number and path."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _check_suffix(target: Path, suffixes: Collection[str]) -> None:
    if suffixes and target.suffix.lower() not in suffixes:
        known = ", ".join(suffixes)
        given = f"suffix {target.suffix!r}" if target.suffix else "no suffix"
        raise OutputError(f"{target} has {given}, which names no known format: use one of {known}")


def _check_place(
    target: Path, source: str | os.PathLike[str] | None, inputs: Collection[str | os.PathLike[str]]
) -> None:
    if target.is_dir():
        raise OutputError(f"{target} is a folder: give the name of a file in it")
    if source is not None and _same_file(target, Path(source)):
        raise OutputError(f"{target} is the input itself: choose another name for the output")
    if any(_same_file(target, Path(each).expanduser()) for each in inputs):
        raise OutputError(f"{target} is an input of this run: choose another name for the output")
    if not target.parent.is_dir():
        raise OutputError(f"the folder {target.parent} does not exist: create it or choose another one")


def _check_permission(target: Path, overwrite: bool) -> None:
    if not target.exists():
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise OutputError(f"the folder {target.parent} cannot be written: change its permissions or choose another")
        return
    # Pipes and devices are written to, not replaced.
    if target.is_file() and not overwrite:
        raise OutputError(
            f"{target} exists already: use --overwrite (overwrite=True) to replace it, or choose another name"
        )
    if not os.access(target, os.W_OK):
        raise OutputError(f"{target} cannot be written: change its permissions or choose another name")


def _same_file(target: Path, source: Path) -> bool:
    try:
        return target.samefile(source)
    except (OSError, ValueError):  # one of them does not exist, or the source is an address or a pattern
        return False


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Return the first of `stem-1`, `stem-2`, ... that does not exist in `folder`."""
    number = 1
    while (path := folder / f"{stem}-{number}{suffix}").exists():
        number += 1
    return path
