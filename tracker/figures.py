"""Figures in memory and in files, by matplotlib (extra `plot`), without its windows and global state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError, OutputError
from tracker.files import atomic_path, reason

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE_SUFFIXES = (".png", ".svg", ".pdf")
"""Suffixes of figures that can be written."""

_STYLE: dict[Any, Any] = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.1,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "pdf.fonttype": 42,  # letters stay letters, as journals ask
    "svg.fonttype": "none",
    "svg.hashsalt": "tracker",  # the same figure gives the same bytes
}
"""What papers ask of figures: small type, thin frames, text that stays text."""


@contextmanager
def figure_style(wanted_by: str) -> Iterator[None]:
    """Let figures that are made, drawn and saved within the block have one style.

    Raises:
        ConfigError: matplotlib is not installed; `wanted_by` names what needs it.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise ConfigError(f"{wanted_by} needs matplotlib: pip install 'meanshift-tracker[plot]'") from error
    with mpl.rc_context(_STYLE):
        yield


def save_figure(figure: Figure, path: Path, dpi: int = 200) -> None:
    """Write a figure in the format that the suffix names; the same figure gives the same bytes.

    Raises:
        OutputError: the file cannot be written.
    """
    suffix = path.suffix.lower().removeprefix(".")
    metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[suffix]
    with atomic_path(path) as part:
        try:
            figure.savefig(part, format=suffix, dpi=dpi, metadata=metadata)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
