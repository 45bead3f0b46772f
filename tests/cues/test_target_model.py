"""The target model and its file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tracker.config.settings import ColorSettings
from tracker.cues.target_model import TargetModel, normalized
from tracker.errors import ModelFileError, OutputError

COLOR = ColorSettings(space="gray", bins=(8,))
counts = arrays(np.float32, 8, elements=st.floats(0, 100, width=32))


def model():
    rng = np.random.default_rng(3)
    return TargetModel(COLOR, normalized(rng.random(8)), normalized(rng.random(8)))


@given(counts)
def test_a_histogram_sums_to_one_or_to_nothing(values):
    histogram = normalized(values)
    assert histogram.dtype == np.float32
    assert histogram.sum() == pytest.approx(1 if values.sum() > 0 else 0, abs=1e-5)


def test_shapes_of_either_opencv_become_one():
    assert normalized(np.ones((8, 1), np.float32)).shape == normalized(np.ones(8, np.float32)).shape == (8,)


@given(counts)
def test_similarity_is_one_for_the_same_and_bounded(values):
    first = normalized(values + 1)
    target = TargetModel(COLOR, first, first)
    assert target.similarity(first) == pytest.approx(1, abs=1e-5)
    assert 0 <= target.similarity(normalized(values[::-1])) <= 1


def test_similarity_is_against_the_first_look_also_after_learning():
    target = model()
    first, other = target.first.copy(), normalized(np.eye(8)[0])
    for _ in range(50):
        target.update(other, other, 0.5, 0.5)
    assert target.target == pytest.approx(other, abs=1e-4)
    assert (target.first == first).all()
    assert target.similarity(first) == pytest.approx(1, abs=1e-5)


def test_learning_at_rate_zero_or_from_nothing_changes_nothing():
    target = model()
    before = (target.target.copy(), target.background.copy())
    target.update(normalized(np.eye(8)[0]), normalized(np.eye(8)[1]), 0.0, 0.0)
    target.update(np.zeros(8, np.float32), np.zeros(8, np.float32), 0.5, 0.5)
    assert (target.target == before[0]).all()
    assert (target.background == before[1]).all()


def test_a_model_survives_the_file(tmp_path):
    kept = model()
    kept.update(normalized(np.ones(8)), normalized(np.ones(8)), 0.3, 0.3)
    kept.save(tmp_path / "ball.npz")
    read = TargetModel.load(tmp_path / "ball.npz")
    for name in ("target", "background", "first"):
        assert getattr(read, name) == pytest.approx(getattr(kept, name), abs=1e-6)
    assert read.color == COLOR
    assert read.similarity(kept.first) == pytest.approx(1, abs=1e-5)
    assert (tmp_path / "ball.npz").stat().st_size < 5000


def write(path, **changes):
    kept = model()
    fields = {
        "format": np.int64(1),
        "color": np.array(COLOR.model_dump_json()),
        "target": kept.target,
        "background": kept.background,
        "first": kept.first,
    }
    fields.update(changes)
    np.savez(path, **{k: v for k, v in fields.items() if v is not None})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": np.int64(99)}, "update"),
        ({"target": None}, "not a target model"),
        ({"color": np.array("{}x")}, "not a target model"),
        ({"target": np.ones(5, np.float32)}, "damaged"),
        ({"target": np.full(8, np.nan, np.float32)}, "damaged"),
        ({"first": np.zeros(8, np.float32)}, "damaged"),
    ],
)
def test_a_file_that_is_no_model_is_refused(tmp_path, changes, message):
    write(tmp_path / "bad.npz", **changes)
    with pytest.raises(ModelFileError, match=message):
        TargetModel.load(tmp_path / "bad.npz")


def test_columns_as_opencv_4_made_them_load(tmp_path):
    kept = model()
    write(tmp_path / "old.npz", target=kept.target.reshape(8, 1), first=kept.first.reshape(8, 1))
    assert TargetModel.load(tmp_path / "old.npz").target.shape == (8,)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut"])
def test_rubbish_is_refused(tmp_path, content):
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(ModelFileError, match="not a target model"):
        TargetModel.load(tmp_path / "x.npz")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelFileError, match="no model file"):
        TargetModel.load(tmp_path / "none.npz")


def test_a_model_that_cannot_be_written_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="cannot write the model"):
        model().save(tmp_path / "no such folder" / "x.npz")
