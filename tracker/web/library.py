"""What clients may choose as a source, and nothing else."""

from __future__ import annotations

import contextlib
import logging
import re
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path

from tracker.address import Address, is_address, redacted, scheme_of
from tracker.errors import SourceError
from tracker.resources import resource_dir
from tracker.video.kinds import VIDEO_SUFFIXES
from tracker.video.live.devices import list_devices
from tracker.video.synthetic.scenes import SCENES
from tracker.web.private_folder import RECORDINGS, PrivateFolder
from tracker.web.security import without_paths

_log = logging.getLogger(__name__)

_MOST = 1000
"""Clips of a folder that are listed."""
_DEEPEST = 4
"""Folders below each other that are looked into."""
_SCHEMES = ("rtsp", "rtsps", "http", "https", "tcp", "rtmp", "srt")
"""Of addresses that clients may name; udp opens a port here, and so is for the command line only."""
_LISTENING = re.compile(r"(?i)[?&](listen|mode=(listener|rendezvous)|localaddr|localport)\b")
"""What makes a program wait for others instead of asking for something."""
_FORM = re.compile(r"[!-~]{1,2000}")
UPLOAD_SUFFIXES = (*VIDEO_SUFFIXES, ".webp")
"""How uploads may be called: an animated WebP, too, which elsewhere is taken for a picture."""
_CAMERA = re.compile(r"\d{1,3}")


class SourceKind(Enum):
    """Where a source comes from."""

    DEMO = "demo"
    """A clip that comes with the program."""
    FILE = "file"
    """A clip below the folder that was given with --root."""
    UPLOAD = "upload"
    CAMERA = "camera"
    URL = "url"
    SCENE = "scene"
    """A rendered scene."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A source that may be opened: what `open_source` takes, and what clients call it."""

    spec: str | Path
    name: str


def initial_choice(source: str) -> Choice:
    """Return what the command line names: clients see no path, no user and no password of it."""
    if is_address(source):
        return Choice(source, redacted(source))
    return Choice(source, Path(source).name or source)


@dataclass(frozen=True, slots=True)
class Offer:
    """A source that clients may choose: its kind, its name and what to call it."""

    kind: SourceKind
    name: str
    title: str


class Library:
    """Finds sources by kind and name; owns the private folder for uploads and recordings."""

    def __init__(self, root: Path | None, *, urls: bool) -> None:
        """Begin without uploads.

        Args:
            root: folder that clips may be chosen from.
            urls: whether cameras and URLs may be opened.

        Raises:
            SourceError: the root is no folder.
        """
        if root is not None and not root.expanduser().is_dir():
            raise SourceError(f"{root} is no folder: give --root a folder of clips")
        self._root = None if root is None else root.expanduser().resolve()
        self._urls = urls
        self._names: dict[str, str] = {}
        self._folder = PrivateFolder()
        self.private = self._folder.path

    def close(self) -> None:
        """Remove uploads; recordings stay, and their folder with them."""
        self._folder.close()

    def offers(self) -> list[Offer]:
        """Return everything that can be chosen, but for URLs."""
        found = [_clip(SourceKind.DEMO, path.name) for path in _clips(resource_dir("videos"))]
        if self._root is not None:
            found += [_clip(SourceKind.FILE, path.relative_to(self._root).as_posix()) for path in _clips(self._root)]
        names = self._names
        found += [Offer(SourceKind.UPLOAD, p.name, names.get(p.name, p.name)) for p in self.uploads()]
        if self._urls:
            found += [Offer(SourceKind.CAMERA, device.source, device.name) for device in list_devices()]
        return found + [Offer(SourceKind.SCENE, name, f"rendered scene: {name}") for name in SCENES]

    def uploads(self) -> list[Path]:
        """Return the clips that were uploaded."""
        return sorted(path for path in self.private.glob("upload-*") if path.suffix in UPLOAD_SUFFIXES)

    def name(self, upload: str, title: str) -> None:
        """Show an upload by the name that its client gave it."""
        kept = "".join(sign for sign in title if sign.isprintable()).rpartition("/")[2]
        if kept:
            self._names[upload] = kept

    def remove_upload(self, name: str) -> bool:
        """Remove an uploaded clip; return whether there was one."""
        path = next((path for path in self.uploads() if path.name == name), None)
        if path is None:
            return False
        path.unlink(missing_ok=True)
        self._names.pop(name, None)
        return True

    def recordings(self) -> list[Path]:
        """Return the videos that were recorded, in their order in time."""
        return sorted(self.private.glob(RECORDINGS))

    def used(self) -> int:
        """Return the bytes of all uploads and recordings."""
        size = 0
        for path in self.private.iterdir():
            with contextlib.suppress(FileNotFoundError):  # removed in this moment
                size += path.stat().st_size
        return size

    def choose(self, kind: SourceKind, name: str) -> Choice:
        """Return what a client named.

        Raises:
            SourceError: there is no such source, or it may not be opened.
        """
        if kind is SourceKind.DEMO:
            return self._below(resource_dir("videos").resolve(), name)
        if kind is SourceKind.UPLOAD:
            return self._below(self.private, name, UPLOAD_SUFFIXES)
        if kind is SourceKind.FILE:
            if self._root is None:
                raise SourceError("no folder is served: start with --root FOLDER to choose files")
            return self._below(self._root, name)
        if kind is SourceKind.SCENE:
            return _scene(name)
        return self._live(kind, name)

    def recording(self, name: str) -> Path | None:
        """Return where a recording is; None where there is none of this name."""
        return next((path for path in self.recordings() if path.name == name), None)

    def new_file(self, stem: str, suffix: str) -> Path:
        """Return a name in the private folder that cannot be guessed and does not exist; its time is in it."""
        stem = f"{stem}-{time.strftime('%Y%m%d-%H%M%S')}"
        with tempfile.NamedTemporaryFile(prefix=f"{stem}-", suffix=suffix, dir=self.private, delete=True) as file:
            return Path(file.name)

    def _below(self, folder: Path, name: str, suffixes: Collection[str] = VIDEO_SUFFIXES) -> Choice:
        """Return a clip below `folder`; links and `..` that lead out of it are no clips."""
        try:
            path = (folder / name).resolve()
            fine = path.is_relative_to(folder) and path.suffix.lower() in suffixes and path.is_file()
        except (OSError, ValueError, RuntimeError):  # a null character, a name too long, a loop of links
            fine = False
        if not fine:
            raise SourceError("there is no such clip: choose one of the list")
        return Choice(path, path.relative_to(folder).as_posix())

    def _live(self, kind: SourceKind, name: str) -> Choice:
        if not self._urls:
            raise SourceError("cameras and URLs may not be opened from elsewhere: start with --allow-urls")
        if kind is SourceKind.CAMERA:
            if not _CAMERA.fullmatch(name):
                raise SourceError("that is no camera's number, such as 0")
            return Choice(name, f"camera {name}")
        return _address(name.strip())


def _address(text: str) -> Choice:
    known = ", ".join(f"{scheme}://" for scheme in _SCHEMES)
    if not _FORM.fullmatch(text) or scheme_of(text) not in _SCHEMES:
        raise SourceError(f"that is no address of a stream: give one that begins with {known}")
    if _LISTENING.search(text):
        raise SourceError("an address that waits for a sender may be given on the command line only")
    address = Address.parse(text)
    if not address.host:
        raise SourceError("the address names no host: give one such as rtsp://camera/stream")
    return Choice(text, address.name)


def _scene(name: str) -> Choice:
    if name not in SCENES:
        raise SourceError(f"there is no such scene: choose one of {', '.join(SCENES)}")
    return Choice(f"synth:{name}", f"scene {name}")


def _clip(kind: SourceKind, name: str) -> Offer:
    return Offer(kind, name, name)


def _clips(folder: Path) -> list[Path]:
    return list(islice(_walk(folder, _DEEPEST), _MOST))


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for path in entries:
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir() and depth > 1:
            yield from _walk(path, depth - 1)
        elif path.suffix.lower() in VIDEO_SUFFIXES and path.is_file():
            yield path


MOST_PIXELS = 4096 * 2304
"""Pixels of a picture: a little above 4K, of which one takes 28 MB."""


def shown_error(error: Exception, choice: Choice) -> str:
    """Return why a source does not open, without paths and secrets, by the name that clients know."""
    text, spec = str(error), str(choice.spec)
    if len(spec) > 3:  # a camera's number stands in many words
        text = text.replace(spec, choice.name)
    return without_paths(text)
