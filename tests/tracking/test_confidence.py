"""Confidence, reasons and states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config.settings import ConfidenceSettings
from tracker.cues.base import Evidence
from tracker.tracking.confidence import StateMachine, confidence_of, reason_of
from tracker.tracking.result import TrackState

SETTINGS = ConfidenceSettings(occluded_below=0.3, tracking_above=0.5, found_above=0.7, lost_after=4)
evidence = st.builds(Evidence, st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1))


@given(evidence)
def test_confidence_is_a_probability_and_every_doubt_has_a_reason(seen):
    assert 0 <= confidence_of(seen, SETTINGS) <= 1
    assert reason_of(seen, SETTINGS) in {"no_evidence", "out_of_frame", "low_similarity", "low_contrast"}


@given(evidence, st.floats(0, 1))
def test_more_evidence_is_never_less_confidence(seen, more):
    base = confidence_of(seen, SETTINGS)
    liker = Evidence(min(seen.similarity + more, 1), seen.contrast, seen.coverage)
    clearer = Evidence(seen.similarity, seen.contrast + more, seen.coverage)
    assert confidence_of(liker, SETTINGS) >= base
    assert confidence_of(clearer, SETTINGS) >= base


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Evidence(0, 0, 1), "no_evidence"),
        (Evidence(0.9, 5, 0.3), "out_of_frame"),
        (Evidence(0.1, 5, 1), "low_similarity"),
        (Evidence(0.9, 0.5, 1), "low_contrast"),
    ],
)
def test_reasons(seen, reason):
    assert reason_of(seen, SETTINGS) == reason


def states(*confidences):
    machine = StateMachine(SETTINGS)
    return "".join(machine.step(c).name[0] for c in confidences)


def test_states_have_hysteresis_in_confidence_and_time():
    assert states(0.9, 0.4, 0.31) == "TTT", "above the lower bar"
    assert states(0.29, 0.45, 0.45) == "OOO", "below the upper bar"
    assert states(0.2, 0.5) == "OT"
    assert states(0.2, 0.2, 0.2, 0.2, 0.2) == "OOOLL"
    assert states(0.2, 0.2, 0.2, 0.2, 0.6, 0.7, 0.4) == "OOOLLTT", "found only with good evidence"
    assert states(0.2, 0.2, 0.6, 0.2, 0.2, 0.2, 0.2) == "OOTOOOL", "the count starts again"


def test_a_fresh_machine_is_tracking():
    assert StateMachine(SETTINGS).state is TrackState.TRACKING
