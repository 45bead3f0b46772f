"""The names that outside programs call, and what importing them may and may not do."""

import subprocess
import sys

import pytest

import tracker


def test_every_public_name_is_there():
    for name in tracker.__all__:
        assert getattr(tracker, name) is not None
    assert set(tracker.__all__) <= set(dir(tracker))
    with pytest.raises(AttributeError, match="no attribute 'Trackr'"):
        _ = tracker.Trackr


def run(code):
    return subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60)


def test_importing_the_tracker_costs_little_more_than_opencv():
    # By CPU 1.1 to 1.7 times as much as cv2, and 3 times with these; a ratio of times would fail on a busy machine.
    done = run(
        "import sys\n"
        "from tracker import Tracker, Box\n"
        "assert 'cv2' in sys.modules\n"
        "heavy = {'pydantic', 'yaml', 'scipy', 'typer', 'rich', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_all_that_a_tracker_needs_is_imported_when_it_is_made(preset):
    done = run(
        "import sys, numpy as np\n"
        "from tracker import Tracker\n"
        f"tracker = Tracker({preset!r})\n"
        "image = np.random.default_rng(0).integers(0, 256, (120, 160, 3)).astype(np.uint8)\n"
        "loaded = set(sys.modules)\n"
        "tracker.init(image, (60, 40, 30, 30))\n"
        "for index in range(40):\n"
        "    tracker.update(np.roll(image, index, 1) if index < 20 else np.zeros_like(image))\n"
        "late = set(sys.modules) - loaded\n"
        "assert not late, late\n"
    )
    assert done.returncode == 0, done.stderr


def test_importing_is_light_and_changes_nothing():
    done = run(
        "import sys, tracker\n"
        "assert not {'cv2', 'numpy', 'pydantic', 'matplotlib'} & set(sys.modules), 'import tracker is light'\n"
        "import cv2, os, logging, signal\n"
        "before = (cv2.getNumThreads(), cv2.useOptimized(), dict(os.environ), logging.root.handlers[:],"
        " signal.getsignal(signal.SIGINT))\n"
        "from tracker import Tracker, open_source, track, Session, TrackerConfig\n"
        "Tracker()\n"
        "after = (cv2.getNumThreads(), cv2.useOptimized(), dict(os.environ), logging.root.handlers[:],"
        " signal.getsignal(signal.SIGINT))\n"
        "assert before == after, (before, after)\n"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == ""
