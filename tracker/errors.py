"""Every error this package raises on purpose.

TrackerError
├── ConfigError           a setting, preset or configuration file is wrong           exit 2
├── BoxError              a box or region of interest cannot be used                 exit 2
├── TargetError           the box holds nothing a model could be learned from         exit 2
├── TargetIdError         no target has that number, or one already has              exit 2
├── ModelFileError        a saved target model cannot be read                        exit 2
├── DataError             points or pictures to be clustered cannot be used          exit 2
├── FrameError            an array is not a picture the tracker can look at          exit 3
├── NotInitialisedError   `update` came before `init`                                exit 1
├── SourceError           a video, image folder, camera or stream cannot be read     exit 3
├── DisplayError          a window was asked for and there is no display             exit 3
├── SelectionCancelled    the person closed the selection without choosing           exit 4
├── TargetLostError       the target was lost at the end (`--strict`)                exit 5
└── OutputError           a result cannot be written                                 exit 6

Each message is one line that names the cause and the remedy.
"""

from __future__ import annotations

from typing import ClassVar


class TrackerError(Exception):
    """Base of all errors of this package. `exit_code` is what the command line returns for it."""

    exit_code: ClassVar[int] = 1


class ConfigError(TrackerError, ValueError):
    """A setting, preset or configuration file is wrong."""

    exit_code = 2


class BoxError(TrackerError, ValueError):
    """A box or region of interest cannot be used."""

    exit_code = 2


class TargetError(TrackerError, ValueError):
    """The box holds nothing that a target model could be learned from."""

    exit_code = 2


class TargetIdError(TrackerError, LookupError):
    """There is no target of that number, or there already is one."""

    exit_code = 2


class ModelFileError(TrackerError, ValueError):
    """A saved target model cannot be read."""

    exit_code = 2


class DataError(TrackerError, ValueError):
    """Points or pictures to be clustered cannot be used."""

    exit_code = 2


class FrameError(TrackerError, ValueError):
    """An array is not a picture the tracker can look at."""

    exit_code = 3


class NotInitialisedError(TrackerError, RuntimeError):
    """`update` was called before `init`."""


class SourceError(TrackerError, OSError):
    """A video file, image folder, camera or stream cannot be opened or read."""

    exit_code = 3


class DisplayError(TrackerError, RuntimeError):
    """A window was asked for where there is no display."""

    exit_code = 3


class SelectionCancelled(TrackerError):  # noqa: N818 - a choice, not a fault
    """The person closed the selection without choosing a target."""

    exit_code = 4


class TargetLostError(TrackerError):
    """The target was lost at the end of the run and the caller had asked to be told."""

    exit_code = 5


class OutputError(TrackerError, OSError):
    """A result cannot be written."""

    exit_code = 6
