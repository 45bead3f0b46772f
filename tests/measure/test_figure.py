from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.measure.helpers import L, T, track_of
from tracker.errors import ConfigError, OutputError
from tracker.figures import FIGURE_SUFFIXES, figure_style, save_figure
from tracker.measure import Calibration, Motion, Trajectory, measure
from tracker.measure.figure import PANELS, parse_panels, stretches, track_figure
from tracker.tracking.result import TrackState

TIMES = np.arange(60) / 25
STATES = [T] * 20 + [TrackState.OCCLUDED] * 5 + [L] * 10 + [T] * 25


def motion(number: int = 0, label: str = "", states: list[TrackState] | None = None) -> Motion:
    track = track_of(20 + 40 * TIMES + 9 * number, 30 + 20 * TIMES, TIMES, states or STATES)
    named = Trajectory(number, label, track.frames, track.times, track.boxes, track.states, track.confidences)
    return measure(named, Calibration(100.0, "m"))


def texts(figure: object) -> set[str]:
    """Everything that is written in a figure's axes and legends."""
    found = set()
    for axes in figure.axes:  # type: ignore[attr-defined]
        found |= {axes.get_xlabel(), axes.get_ylabel()}
        legend = axes.get_legend()
        found |= {text.get_text() for text in legend.get_texts()} if legend else set()
    return found


@pytest.mark.parametrize("name", sorted(PANELS))
def test_each_panel_is_drawn_with_its_unit(name: str) -> None:
    with figure_style("a test"):
        figure = track_figure([motion()], panels=[name])
    assert PANELS[name].label.format(unit="m") in texts(figure)
    lines = figure.axes[1].get_lines()
    assert len(lines) == len(PANELS[name].lines(motion()))
    assert all(np.isfinite(line.get_ydata()).sum() > 40 for line in lines)


def test_what_was_not_seen_is_shaded_and_explained() -> None:
    with figure_style("a test"):
        figure = track_figure([motion()])
    assert {"OCCLUDED", "LOST", "x", "y", "start", "end", "time (s)"} <= texts(figure)
    for axes in figure.axes[1:]:
        spans = sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches)
        assert spans == [pytest.approx((0.78, 0.98)), pytest.approx((0.98, 1.38))]


def test_stretches_are_the_times_of_a_state() -> None:
    assert stretches(motion(), L) == [pytest.approx((0.98, 1.38))]
    assert stretches(motion(states=[T] * 60), L) == []
    assert len(stretches(motion(states=[L, T] * 30), L)) == 30


def test_several_targets_are_told_apart() -> None:
    with figure_style("a test"):
        figure = track_figure([motion(0, "ann"), motion(1, "bob"), motion(4)])
    assert {"ann", "bob", "#4"} <= texts(figure)
    assert len({line.get_color() for line in figure.axes[2].get_lines()}) == 3
    with figure_style("a test"):
        assert {"cat #0", "cat #1"} <= texts(track_figure([motion(0, "cat"), motion(1, "cat")]))


def test_names_are_no_formulas() -> None:
    with figure_style("a test"):
        figure = track_figure([motion(0, "$x^{$"), motion(1, "_hidden")])
        figure.canvas.draw()
    assert {r"\$x^{\$", " _hidden"} <= texts(figure)


def test_the_path_is_drawn_over_the_picture_in_its_pixels() -> None:
    with figure_style("a test"):
        figure = track_figure([motion()], image=np.full((90, 160, 3), 80, np.uint8), panels=["speed"])
    path = figure.axes[0]
    assert path.get_xlim() == (0, 160)
    assert path.get_ylim() == (90, 0)
    assert path.get_lines()[0].get_xdata()[0] == pytest.approx(20)


def test_without_a_picture_the_path_is_in_units() -> None:
    with figure_style("a test"):
        figure = track_figure([motion()], panels=[])
    assert {"x (m)", "y (m)"} <= texts(figure)
    assert figure.axes[0].yaxis_inverted()


@pytest.mark.parametrize("suffix", FIGURE_SUFFIXES)
def test_the_same_figure_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    files = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}{suffix}"
        with figure_style("a test"):
            save_figure(track_figure([motion()]), path)
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert len(files[0]) > 2000


def test_a_picture_is_written_in_the_size_of_two_columns(tmp_path: Path) -> None:
    with figure_style("a test"):
        save_figure(track_figure([motion()]), tmp_path / "a.png")
    image = cv2.imread(str(tmp_path / "a.png"))
    assert image.shape[1] == 1400
    assert (image < 128).any()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with figure_style("a test"), pytest.raises(OutputError, match="cannot write"):
        save_figure(track_figure([motion()]), tmp_path / "none" / "a.png")


def test_the_style_ends_with_its_block() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with figure_style("a test"):
        assert mpl.rcParams["font.size"] == 8
    assert dict(mpl.rcParams) == before


def test_panels_are_read() -> None:
    assert parse_panels("speed, size") == ("speed", "size")
    with pytest.raises(ConfigError, match="no panel 'sped'"):
        parse_panels("speed,sped")
