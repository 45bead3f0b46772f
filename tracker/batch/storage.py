"""What a source holds: whether it has changed, and how it comes here if it lies elsewhere."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tracker.address import Address, is_address, redacted, scheme_of
from tracker.errors import ConfigError, SourceError
from tracker.files import reason
from tracker.video.images import images_in, images_like_glob, images_like_printf, is_glob, is_printf
from tracker.video.live.stream import SCHEMES
from tracker.video.remote import SCHEMES as _WEB
from tracker.video.remote import fetched
from tracker.video.sources import is_live
from tracker.video.synthetic.source import PREFIX

if TYPE_CHECKING:
    import fsspec

_EDGE = 65_536
"""Bytes at either end of a file that are looked at. Containers keep their index at one of them, so that with size and
time of change these tell two versions of a video apart; reading all of it would cost as much as decoding it."""


def check_source(source: str) -> None:
    """Do nothing where a batch can work on `source`; it need not be there.

    Raises:
        ConfigError: it is a camera or a stream, which give other frames every time.
    """
    if not _is_remote(source) and is_live(source):
        raise ConfigError(f"{redacted(source)} is live: a batch works on recordings; use tracker track")


def place_of(source: str) -> str:
    """Return `source` so that a process in another folder finds it."""
    return source if is_address(source) or source.startswith(PREFIX) else str(Path(source).expanduser().absolute())


def fingerprint(source: str) -> str:
    """Return words that change when the source does.

    A file: size, time of change, and a hash of its first and last 64 KiB. Pictures: names, sizes and times of change of
    all. An address on the web: what the server says of size, version and time of change. A scene: its own description.

    Raises:
        SourceError: it is not there, or cannot be read.
        ConfigError: a package is missing that can.
    """
    if source.startswith(PREFIX):
        return source
    try:
        if _is_remote(source):
            return _remote_fingerprint(source)
        path = Path(source).expanduser()
        return _file_fingerprint(path) if path.is_file() else _pictures_fingerprint(path)
    except SourceError:
        raise
    except OSError as error:
        raise SourceError(
            f"cannot read {redacted(source)} ({redacted(reason(error))}): check the path and its permissions"
        ) from error


@contextmanager
def at_hand(source: str) -> Iterator[str]:
    """Yield what `open_source` opens: `source` itself, or a copy of it for as long as the block lasts.

    Raises:
        SourceError: it cannot be fetched.
        ConfigError: a package is missing that can.
    """
    if not _is_remote(source):
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        copy = Path(folder) / (Address.parse(source).file_name or "video")
        try:
            with _opened(source) as (stream, size), copy.open("wb") as file:
                shutil.copyfileobj(stream, file, 1 << 20)
                if file.tell() < size:
                    raise SourceError(
                        f"{redacted(source)} broke off after {file.tell()} of {size} bytes: run the batch again"
                    )
        except OSError as error:
            raise SourceError(
                f"cannot fetch {redacted(source)} ({redacted(reason(error))}): check the address"
            ) from error
        yield str(copy)


def _is_remote(source: str) -> bool:
    scheme = scheme_of(source)
    return scheme in _WEB or (scheme != "" and scheme not in SCHEMES)


def _file_fingerprint(path: Path) -> str:
    facts = path.stat()
    digest = hashlib.sha256()
    with path.open("rb") as file:
        digest.update(file.read(_EDGE))
        file.seek(max(0, facts.st_size - _EDGE))
        digest.update(file.read(_EDGE))
    return f"file {facts.st_size} {facts.st_mtime_ns} {digest.hexdigest()}"


def _pictures_fingerprint(path: Path) -> str:
    if not path.exists() and is_printf(path.name):
        pictures = images_like_printf(path)
    elif not path.exists() and is_glob(str(path)):
        pictures = images_like_glob(path)
    else:
        pictures = images_in(path)
    digest = hashlib.sha256()
    for picture in pictures:
        facts = picture.stat()
        digest.update(f"{picture.name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return f"pictures {len(pictures)} {digest.hexdigest()}"


def _remote_fingerprint(source: str) -> str:
    if scheme_of(source) not in _WEB:
        system, path = _file_system(source)
        return f"remote {system.ukey(path)}"
    # Not HEAD: addresses that are signed for one way of asking refuse the other, and none of the body is read.
    with fetched(Address.parse(source)) as answer:
        told = [answer.headers.get(name, "") for name in ("Content-Length", "Last-Modified", "ETag")]
    return f"web {' '.join(told)}"


@contextmanager
def _opened(source: str) -> Iterator[tuple[IO[bytes], int]]:
    """Yield what is at an address, and how many bytes it has, 0 where that is not known."""
    if scheme_of(source) in _WEB:
        with fetched(Address.parse(source)) as answer:
            yield answer, int(answer.headers.get("Content-Length") or 0)
    else:
        system, path = _file_system(source)
        with system.open(path, "rb") as stream:
            yield stream, 0


def _file_system(source: str) -> tuple[fsspec.AbstractFileSystem, str]:
    try:
        from fsspec.core import url_to_fs  # here, as it is an extra

        system, path = url_to_fs(source)
    except (ImportError, ValueError) as error:  # fsspec, or what it needs for this kind of address
        raise ConfigError(
            f"cannot fetch {redacted(source)} ({redacted(error)}): install fsspec and its package for this address"
        ) from error
    return system, path
