"""Confidence, reasons and states; what may be learned from, and what is the same target."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config.settings import ConfidenceSettings, GateSettings, RecognitionSettings
from tracker.cues.base import Evidence
from tracker.tracking.confidence import StateMachine, TargetVerifier, UpdatePolicy, confidence_of, reason_of
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


def test_a_doubtful_frame_after_a_gap_counts_for_the_frames_missed():
    machine = StateMachine(SETTINGS)
    assert [machine.step(0.2).name, machine.step(0.2, elapsed=3).name] == ["OCCLUDED", "LOST"]
    assert StateMachine(SETTINGS).step(0.9, elapsed=50) is TrackState.TRACKING


def test_a_fresh_machine_is_tracking():
    assert StateMachine(SETTINGS).state is TrackState.TRACKING


def template_evidence(response=0.3, sharpness=100.0, similarity=0.9, recall=0.3):
    return Evidence(similarity, 5.0, 1.0, response=response, recall=recall, sharpness=sharpness)


def settled():
    policy = UpdatePolicy(GateSettings())
    for _ in range(30):
        assert policy.decide(template_evidence()).learn
    return policy


def test_a_low_response_is_not_learned_and_the_size_is_held():
    decision = settled().decide(template_evidence(response=0.05))
    assert not decision.learn
    assert not decision.resize


def test_a_blunt_response_is_not_learned():
    assert not settled().decide(template_evidence(sharpness=20)).learn


def test_a_slightly_low_response_may_still_resize():
    decision = settled().decide(template_evidence(response=0.3 * 0.6 * 0.9))
    assert not decision.learn
    assert decision.resize


def test_a_lasting_change_is_accepted_in_the_end():
    policy = settled()
    shut = 0
    while not policy.decide(template_evidence(response=0.1, sharpness=40)).learn:
        shut += 1
    assert 10 < shut < 100


def test_cues_without_a_template_always_pass():
    policy = UpdatePolicy(GateSettings())
    plain = Evidence(0.1, 0.2, 1.0)
    assert all(policy.decide(plain).learn for _ in range(20))


def test_a_target_partly_outside_the_frame_is_not_learned():
    plain, cut_off = Evidence(0.1, 0.2, 1.0), Evidence(0.1, 0.2, 0.7)
    decision = UpdatePolicy(GateSettings(min_coverage=0.9)).decide(cut_off)
    assert not decision.learn
    assert decision.resize
    assert UpdatePolicy(GateSettings(min_coverage=0.9)).decide(plain).learn
    assert UpdatePolicy(GateSettings()).decide(cut_off).learn


def test_the_first_frames_pass_whatever_they_are():
    policy = UpdatePolicy(GateSettings(settle=5))
    assert all(policy.decide(template_evidence(response=height)).learn for height in (0.9, 0.3, 0.1, 0.05))


def known():
    verifier = TargetVerifier(RecognitionSettings(), template_evidence(recall=0.9, similarity=1.0))
    for _ in range(20):
        verifier.remember(template_evidence())
    return verifier


def test_verifier_asks_for_the_usual_structure():
    verifier = known()
    assert verifier.same(template_evidence(recall=0.12))
    assert not verifier.same(template_evidence(recall=0.05))


def test_a_low_response_lowers_the_confidence_and_is_named():
    settings = ConfidenceSettings(similarity_weight=2.5, contrast_weight=3.3, recall_weight=2.8, offset=-4.5)
    high, low = template_evidence(recall=0.2), template_evidence(recall=0.02)
    assert confidence_of(high, settings) > 0.9
    assert confidence_of(low, settings) < confidence_of(high, settings)
    assert reason_of(low, settings) == "low_response"
