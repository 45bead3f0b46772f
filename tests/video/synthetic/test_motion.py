from __future__ import annotations

import numpy as np
import pytest

from tracker.video.synthetic.motion import Exp, Jitter, Keys, Linear, Sum, Wave


def test_curves_do_what_they_say() -> None:
    assert [Linear(1, 2)(frame) for frame in range(3)] == [1, 3, 5]
    assert Wave(10, 5, 40)(10) == pytest.approx(15)
    keys = Keys((0, 10, 11, 20), (0.0, 1.0, 5.0, 5.0))
    assert [keys(frame) for frame in (-5, 0, 5, 10, 11, 15, 20, 99)] == pytest.approx([0, 0, 0.5, 1, 5, 5, 5, 5])
    assert Exp(Linear(0, 1))(1) == pytest.approx(np.e)
    assert Sum((Linear(1, 0), Linear(2, 0)))(7) == 3
    jitter = Jitter(2.0, 5)
    values = [jitter(frame) for frame in range(1, 500)]
    assert jitter(0) == 0
    assert values == [jitter(frame) for frame in range(1, 500)]
    assert np.std(values) == pytest.approx(2.0, rel=0.15)
