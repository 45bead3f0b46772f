"""The VOT toolkit itself drives `tracker trax`, by its own commands; nothing is fetched."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import cv2
import pytest

from tracker.geometry import Box, iou
from tracker.tracking.tracker import Tracker
from tracker.video.images import read_image
from tracker.video.span import Span
from tracker.video.synthetic.source import SyntheticSource, parse_scene

ROOT = Path(__file__).parents[1]
FRAMES = 20
NOWHERE = "http://127.0.0.1:9"
SAID = r'^@@TRAX:{} "([\d.,-]+)"'


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with README's entry for this tracker."""
    (entry,) = re.findall(r"```ini\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    command = f"command = {shlex.quote(sys.executable)} -m tracker trax"
    (tmp_path / "trackers.ini").write_text(entry.replace("command = tracker trax", command))
    return tmp_path


def vot(workspace: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the toolkit, which asks for newer versions of itself, without a way out."""
    quiet = {"HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, "TMPDIR": str(workspace), "VOT_RESULTS_BINARY": "false"}
    command = [sys.executable, "-m", "vot", *words]
    environment = os.environ | quiet | {"MPLCONFIGDIR": str(workspace / "matplotlib")}
    return subprocess.run(
        command, cwd=workspace, env=environment, capture_output=True, text=True, timeout=100, check=True
    )


def boxes(lines: list[str]) -> list[Box]:
    return [Box(*map(float, line.split(","))) for line in lines]


def test_its_test_command_has_three_objects_followed_to_the_end(workspace: Path) -> None:
    done = vot(workspace, "test", "meanshift")
    assert "Test concluded" in done.stderr
    assert "rror" not in done.stderr
    starts, said = (boxes(re.findall(SAID.format(word), done.stdout, re.MULTILINE)) for word in ("initialize", "state"))
    (sequence,) = workspace.glob("vot_dummy_*")
    truths = [boxes(path.read_text().split()) for path in sequence.glob("groundtruth_*.txt")]
    truths.sort(key=lambda truth: starts.index(truth[0]))
    assert len(said) == 3 * len(truths[0]) == 150
    overlaps = [iou(box, truths[number % 3][number // 3]) for number, box in enumerate(said)]
    assert min(overlaps) > 0.7


def test_its_challenges_get_the_boxes_of_the_tracker(workspace: Path) -> None:
    vot(workspace, "initialize", "vot2022/shorttermbox", "--nodownload")
    pictures, start = rendered(workspace / "sequences")
    done = vot(workspace, "evaluate", "--experiments", "baseline,unsupervised", "meanshift")
    assert "Evaluation concluded" in done.stderr
    tracker = Tracker()
    first = [read_image(path) for path in pictures]
    assert first[0] is not None
    tracker.init(first[0], start)
    own = [tracker.update(image).box for image in first[1:]]
    results = workspace / "results" / "meanshift"
    for name in ("unsupervised/smooth/smooth_001.txt", "baseline/smooth/smooth_00000000.txt"):
        special, *found = (results / name).read_text().split()
        assert special == "1"
        assert [tuple(box) for box in boxes(found)] == [pytest.approx(tuple(box), abs=0.01) for box in own]
    backwards = boxes((results / f"baseline/smooth/smooth_{FRAMES - 1:08d}.txt").read_text().split()[1:])
    assert len(backwards) == FRAMES - 1
    assert all(iou(before, after) > 0.5 for before, after in pairwise(backwards))
    confidences = (results / "unsupervised/smooth/smooth_001_confidence.value").read_text().split()
    assert all(0.5 < float(value) <= 1.0 for value in confidences)


def rendered(folder: Path) -> tuple[list[Path], Box]:
    """Write a scene as a sequence of the toolkit's, with an anchor at either end; return its pictures and start."""
    source = SyntheticSource(parse_scene(f"synth:smooth:frames={FRAMES}:size=200x150"), Span())
    colors = folder / "smooth" / "color"
    colors.mkdir(parents=True)
    pictures, truths = [], []
    for frame in source:
        pictures.append(colors / f"{frame.index + 1:08d}.png")
        cv2.imwrite(str(pictures[-1]), frame.image)
        truth = source.truth(frame.index)
        assert truth is not None
        truths.append(truth)
    files = {
        "groundtruth.txt": [",".join(f"{value:.4f}" for value in truth) for truth in truths],
        "anchor.value": ["1", *["0"] * (FRAMES - 2), "-1"],
        "sequence": ["name=smooth", "fps=30", "channels.color=color/%08d.png"],
    }
    for name, lines in files.items():
        (folder / "smooth" / name).write_text("\n".join(lines) + "\n")
    (folder / "list.txt").write_text("smooth\n")
    return pictures, truths[0]
