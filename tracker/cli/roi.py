"""What the person said of the target in the first frame."""

from __future__ import annotations

from tracker.cli.roi_file import read_roi_file
from tracker.errors import ConfigError
from tracker.region import Region
from tracker.session import Chooser


def chooser(roi: str | None, roi_file: str | None) -> Chooser | None:
    """Return what chooses the target for `--roi` or `--roi-file`; None where neither is given.

    Raises:
        BoxError: the text is no box.
        ConfigError: both are given, or the file cannot be read.
    """
    if roi is not None and roi_file is not None:
        raise ConfigError("--roi and --roi-file both say where the target is: give one of them")
    if roi is not None:
        return Region.parse(roi)
    if roi_file is not None:
        return read_roi_file(roi_file)
    return None
