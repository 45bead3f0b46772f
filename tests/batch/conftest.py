from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.helpers import Clip, render


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    """Three small clips."""
    folder = tmp_path / "clips"
    folder.mkdir()
    return [render(folder / f"clip{seed}.mp4", seed) for seed in range(3)]
