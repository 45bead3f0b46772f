"""README's examples run, word for word."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = [line.strip() for line in README.splitlines() if line.startswith("    .venv/bin/tracker ")]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder with the bundled clips in it."""
    shutil.copytree(ROOT / "videos", tmp_path / "videos")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_is_something_to_run():
    assert len(PYTHON) >= 2
    assert len(SHELL) >= 3


def test_no_example_writes_a_file_that_another_has_written():
    """Whoever goes through them in one folder would be told that the file exists already."""
    runnable = [
        line for line in README.splitlines() if re.match(r"    (\.venv/bin/)?tracker .*(videos/|points\.npy)", line)
    ]
    written = [name for line in runnable for name in re.findall(r" (?:-o|--csv|--plot) (\w+\.\w+)", line)]
    written += re.findall(r'(?:output|csv)="([^"]+)"', "".join(PYTHON))
    assert {"out.mp4", "motion.csv", "clusters.png", "ball.csv"} <= set(written)
    assert len(written) == len(set(written))


@pytest.mark.parametrize("code", PYTHON)
def test_python(here, code):
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "TRACKING" in done.stdout or "True" in done.stdout or "clusters" in done.stdout


@pytest.mark.parametrize("line", SHELL)
def test_shell(here, line):
    line = line.replace(".venv/bin/tracker", f"{shlex.quote(sys.executable)} -m tracker")
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, timeout=100)
    # A reader that leaves early (| head) ends the run quietly with exit code 6.
    assert done.returncode in ((0, 6) if "| head" in line else (0,)), done.stderr
