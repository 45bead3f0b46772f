"""What may be learnt from, and what is recognised again."""

from tracker.config.settings import ConfidenceSettings, GateSettings, RecognitionSettings
from tracker.cues.base import Evidence
from tracker.tracking.confidence import Gate, Recognition, confidence_of, reason_of


def evidence(response=0.3, sharpness=100.0, similarity=0.9, recall=0.3):
    return Evidence(similarity, 5.0, 1.0, response=response, recall=recall, sharpness=sharpness)


def settled():
    gate = Gate(GateSettings())
    for _ in range(30):
        assert gate.admit(evidence()).learn
    return gate


def test_a_low_response_is_not_learnt_and_the_size_is_held():
    admission = settled().admit(evidence(response=0.05))
    assert not admission.learn
    assert not admission.resize


def test_a_blunt_response_is_not_learnt():
    assert not settled().admit(evidence(sharpness=20)).learn


def test_a_slightly_low_response_may_still_resize():
    admission = settled().admit(evidence(response=0.3 * 0.6 * 0.9))
    assert not admission.learn
    assert admission.resize


def test_a_lasting_change_is_accepted_in_the_end():
    gate = settled()
    shut = 0
    while not gate.admit(evidence(response=0.1, sharpness=40)).learn:
        shut += 1
    assert 10 < shut < 100


def test_cues_without_a_template_always_pass():
    gate = Gate(GateSettings())
    plain = Evidence(0.1, 0.2, 1.0)
    assert all(gate.admit(plain).learn for _ in range(20))


def test_a_target_partly_outside_the_frame_is_not_learnt():
    plain, cut_off = Evidence(0.1, 0.2, 1.0), Evidence(0.1, 0.2, 0.7)
    admission = Gate(GateSettings(min_coverage=0.9)).admit(cut_off)
    assert not admission.learn
    assert admission.resize
    assert Gate(GateSettings(min_coverage=0.9)).admit(plain).learn
    assert Gate(GateSettings()).admit(cut_off).learn


def test_the_first_frames_pass_whatever_they_are():
    gate = Gate(GateSettings(settle=5))
    assert all(gate.admit(evidence(response=height)).learn for height in (0.9, 0.3, 0.1, 0.05))


def known():
    recognition = Recognition(RecognitionSettings(), evidence(recall=0.9, similarity=1.0))
    for _ in range(20):
        recognition.remember(evidence())
    return recognition


def test_recognition_asks_for_the_usual_structure():
    recognition = known()
    assert recognition.same(evidence(recall=0.12), lost=False)
    assert not recognition.same(evidence(recall=0.05), lost=False)


def test_a_lost_target_is_recognised_more_strictly():
    recognition = known()
    assert recognition.same(evidence(), lost=True)
    assert not recognition.same(evidence(recall=0.12), lost=True)
    assert not recognition.same(evidence(similarity=0.3), lost=True)
    assert recognition.same(evidence(similarity=0.3), lost=False)


def test_a_low_response_lowers_the_confidence_and_is_named():
    settings = ConfidenceSettings(similarity_weight=2.5, contrast_weight=3.3, recall_weight=2.8, offset=-4.5)
    high, low = evidence(recall=0.2), evidence(recall=0.02)
    assert confidence_of(high, settings) > 0.9
    assert confidence_of(low, settings) < confidence_of(high, settings)
    assert reason_of(low, settings) == "low_response"
