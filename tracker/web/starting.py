"""Targets that start without a box that is drawn: on what a detector finds, and on the boxes of a file."""

from __future__ import annotations

from pathlib import Path

from tracker.config.detection import TrackManagerSettings
from tracker.detection import open_detector
from tracker.errors import ConfigError, OutputError, SourceError
from tracker.formats.annotation import VideoMeta
from tracker.formats.starts import TargetStart, read_starts
from tracker.session import NoInitiation, Target, TrackInitiation, TrackManager


class AutomaticStart:
    """What detector starts targets, if any; each source gets one of its own, as a detector learns from the frames.

    Attributes:
        text: as it is written for `--auto`; "" for none.
    """

    def __init__(self, text: str, most: int) -> None:
        """Start targets on what `text` says, at most so many at a time.

        Raises:
            ConfigError: the text cannot be read.
        """
        usual = TrackManagerSettings()
        self._settings = usual.model_copy(update={"limit": min(usual.limit, most)})
        self.text = text
        self.initiation()

    def initiation(self) -> TrackInitiation:
        """Return what starts and ends the targets of one source."""
        return TrackManager(open_detector(self.text), self._settings) if self.text else NoInitiation()


def target_of(start: TargetStart) -> Target:
    """Return a target that starts in the first frame that is gone through and that the file has a box for.

    It gets the next free number: that of the file may be taken.
    """
    return Target(lambda frame: start.box_in(frame.index), label=start.label)


_ARCHIVE = b"PK"
"""How a ZIP file begins: a small one may hold any amount."""


def starts_of_upload(content: bytes, path: Path, meta: VideoMeta) -> tuple[TargetStart, ...]:
    """Return the targets of a file of boxes that a client sent.

    Args:
        content: the file.
        path: where it may be kept while it is read.
        meta: the size of the frames, for places in shares of it.

    Raises:
        SourceError: it cannot be read, or holds no box.
        ConfigError: it needs the size of the frames, and there is no source yet.
    """
    if content.startswith(_ARCHIVE):
        raise SourceError("archives are not taken: send the table, text or JSON in it")
    try:
        path.write_bytes(content)
        starts = read_starts(path, meta)
    except (SourceError, ConfigError) as error:
        raise type(error)(str(error).replace(str(path), "the file")) from error
    except OSError as error:
        raise OutputError("the file cannot be kept: is the disk full?") from error
    finally:
        path.unlink(missing_ok=True)
    if not starts:
        raise SourceError("the file holds no box: is the target in any frame?")
    return starts
