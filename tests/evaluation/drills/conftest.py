from __future__ import annotations

import pytest

from tests.evaluation.drills.clips import block_clip
from tracker.evaluation import TruthSequence


@pytest.fixture(scope="package")
def clip(tmp_path_factory: pytest.TempPathFactory) -> TruthSequence:
    return block_clip(tmp_path_factory.mktemp("clip"))
