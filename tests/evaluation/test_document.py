from __future__ import annotations

import json

import numpy as np

from tests.evaluation.drills.runs import drilled_run
from tests.evaluation.fakes import run
from tracker.evaluation import Evaluation
from tracker.evaluation.document import DRILL_SCHEMA, SCHEMA, Subject, drills_to_json, to_json


def test_the_document_holds_what_it_says_and_null_for_the_unknown():
    bad = run("bad", [0.0, np.nan], confidences=[1.0, np.nan], elapsed=[np.nan, np.nan], error="frame 2: gone")
    evaluation = Evaluation((run("a", [0.0, 40.0], confidences=[1, 0]), bad, run("no", [0.0], still=[0])), jobs=2)
    document = json.loads(to_json(evaluation, Subject("fast", {"size": {"step": 1.03}, "none": None})))
    assert list(document) == ["schema", "tracker", "settings", "versions", "protocol", "means", "sequences"]
    assert document["schema"] == SCHEMA
    assert document["settings"] == {"size": {"step": 1.03}, "none": None}
    assert set(document["versions"]) == {"tracker", "python", "numpy", "opencv"}
    assert document["protocol"]["success_thresholds"][:3] == [0.0, 0.05, 0.1]
    assert document["protocol"]["precision_thresholds"] == list(range(51))
    assert (document["protocol"]["jobs"], document["protocol"]["starts"]) == (2, 0)
    (mean,) = document["means"]
    assert mean["success_rate"] == 0.5
    assert mean["confidence_roc_auc"] == 1.0
    assert len(mean["success_curve"]) == 21
    assert len(mean["precision_curve"]) == 51
    good, failed, absent = document["sequences"]
    assert (good["name"], good["frames"], good["scored_frames"], good["error"]) == ("a", 2, 2, None)
    assert (failed["error"], failed["median_ms"], failed["success_rate"]) == ("frame 2: gone", None, 0.5)
    assert (absent["scored_frames"], absent["success_auc"]) == (0, None)


def test_the_document_is_the_same_for_the_same_results():
    evaluation, subject = Evaluation((run("a", [0.0, 3.0]),)), Subject("fast", {})
    assert to_json(evaluation, subject) == to_json(evaluation, subject)


def test_the_document_holds_the_diagnosis_of_each_run_and_their_means():
    document = json.loads(to_json(Evaluation((run("a", [0.0, 3.0]), run("b", [40.0, 40.0]))), Subject("fast", {})))
    first, second = (one["diagnosis"] for one in document["sequences"])
    assert (first["miss_share"], second["miss_share"]) == (0.0, 1.0)
    assert document["means"][0]["diagnosis"]["miss_share"] == 0.5
    assert first["size_error"] == 0.0
    assert second["size_error"] is None


def test_the_document_of_drills_holds_scores_and_null_for_never():
    runs = (
        drilled_run("T" * 10 + "L" * 20 + "T" * 5, [0.0] * 35, (11, 31), name="a"),
        drilled_run("T" * 35, [0.0] * 10 + [40.0] * 25, (11, 31), name="b", error="frame 9: odd"),
        drilled_run("T" * 35, [0.0] * 35, (11, 31), absent=False, drill="half", name="a"),
    )
    document = json.loads(drills_to_json(Evaluation(runs), Subject("fast", {"size": {"step": 1.03}})))
    assert document["schema"] == DRILL_SCHEMA
    assert document["protocol"]["grace"] == 12
    cover, half = document["means"]
    assert (cover["drill"], cover["start"], cover["held"], cover["means"]["said"]) == ("cover", 0, 2, 0.5)
    assert (half["drill"], half["means"]["claimed_ok"], half["means"]["said"]) == ("half", 1.0, None)
    good, bad, _ = document["clips"]
    assert (good["name"], good["drill"], good["said"], good["frames_to_find"]) == ("a", "cover", 1.0, 0)
    assert good["episode"] == {"begin": 11, "end": 31, "absent": True}
    assert (bad["frames_to_say"], bad["frames_to_find"], bad["error"]) == (None, None, "frame 9: odd")
