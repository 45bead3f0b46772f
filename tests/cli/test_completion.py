from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.cli import completion


@pytest.mark.parametrize(
    ("complete", "typed", "some", "others"),
    [
        (completion.presets, "", {"fast", "accurate"}, set()),
        (completion.presets, "cl", {"classic"}, {"fast"}),
        (completion.setting_keys, "size.d", {"size.damping"}, {"size"}),
        (completion.overrides, "size.m", {"size.method="}, {"size.method=fixed"}),
        (completion.overrides, "size.method=f", {"size.method=fixed"}, {"size.method=mass"}),
        (completion.overrides, "fusion.color=", {"fusion.color=true", "fusion.color=false"}, set()),
        (completion.effects, "b", {"blur"}, {"solid"}),
        (completion.effects, "blur:", {"blur:invert", "blur:margin="}, {"blur"}),
        (completion.effects, "blur:invert:sh", {"blur:invert:shape="}, set()),
        (completion.parts, "box,tr", {"box,trail"}, {"trail"}),
        (completion.panels, "speed,si", {"speed,size"}, {"size"}),
        (completion.files_of_a_batch, "video,m", {"video,mot"}, {"mot"}),
        (completion.readable_formats, "mo", {"mot"}, {"csv"}),
        (completion.sources, "synth:cr", {"synth:crossing", "synth:crowd"}, {"synth:fast"}),
        (completion.kernels, "g", {"gaussian"}, {"flat"}),
        (completion.points, "b", {"bottom"}, {"top"}),
    ],
)
def test_what_is_typed_is_completed(
    complete: Callable[[str], list[str]], typed: str, some: set[str], others: set[str]
) -> None:
    found = set(complete(typed))
    assert some <= found
    assert not others & found
    assert all(word.startswith(typed) for word in found)


def test_files_are_completed_where_a_file_may_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.yaml").touch()
    (tmp_path / "clip.mp4").touch()
    (tmp_path / ".hidden").touch()
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    assert completion.presets("m") == ["mine.yaml"]
    assert completion.sources("") == ["synth:", "clip.mp4", "folder/", "mine.yaml"]
    assert completion.sources(f"{tmp_path}/cl") == [f"{tmp_path}/clip.mp4"]
    assert completion.sources("missing/") == []


def test_the_shell_asks_and_is_answered() -> None:
    words = "tracker track clip.mp4 -c acc"
    environment = {**os.environ, "_TRACKER_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "4"}
    program = "import sys; sys.argv = ['tracker']; from tracker.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["accurate"]
