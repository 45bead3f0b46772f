from __future__ import annotations

import numpy as np
import pytest

from tests.evaluation.fakes import GivesUp, sequence
from tracker import open_source
from tracker.evaluation import Evaluation, evaluate


@pytest.fixture(scope="module")
def clip():
    with open_source("synth:smooth:frames=25:size=160x120:look=red") as source:
        frames = list(source)
        return frames, np.array([list(source.truth(frame.index)) for frame in frames])


@pytest.fixture
def evaluation(tmp_path) -> Evaluation:
    return evaluate([sequence(tmp_path, rows=12, name="a<b"), sequence(tmp_path, rows=5, name="c")], GivesUp, starts=1)
