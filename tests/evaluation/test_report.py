from __future__ import annotations

import sys
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest

from tests.evaluation.fakes import Oracle
from tracker.errors import ConfigError, OutputError
from tracker.evaluation import TruthSequence, evaluate
from tracker.evaluation.document import Subject
from tracker.evaluation.report import prepare_report, to_html, worst_runs, write_report


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.images: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.images.append(dict(attrs)["src"])
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_report_is_a_page_its_pictures_and_the_document(evaluation, tmp_path):
    page = write_report(evaluation, Subject("my <preset>", {}), tmp_path / "deep" / "report")
    assert page == tmp_path / "deep" / "report" / "index.html"
    text = page.read_text("utf-8")
    assert "my &lt;preset&gt;" in text
    assert "a&lt;b" in text
    links = Links()
    links.feed(text)
    assert links.open == []
    assert links.images == ["curves.png", "worst-1.png", "worst-2.png"]
    for name in links.images:
        picture = cv2.imread(str(page.parent / name))
        assert min(picture.shape[:2]) > 300
        assert picture.std() > 10
    assert (page.parent / "evaluation.json").stat().st_size > 1000


def test_a_run_whose_frames_are_gone_is_reported_without_a_strip(tmp_path):
    gone = TruthSequence("gone", str(tmp_path / "gone.mp4"), np.ones((4, 4)))
    page = write_report(evaluate([gone], Oracle), Subject("x", {}), tmp_path / "report")
    assert (page.parent / "worst-1.png").exists()
    assert "gone.mp4" in page.read_text("utf-8")


def test_worst_runs_come_worst_first(evaluation):
    assert [run.name for run in worst_runs(evaluation.exact, 5)] == ["a<b", "c"]
    assert [run.name for run in worst_runs(evaluation.exact, 1)] == ["a<b"]


def test_the_page_names_every_start(evaluation):
    text = to_html(evaluation, "x", [])
    assert "exact start" in text
    assert "jittered start 1" in text


def test_a_folder_that_cannot_be_made_or_written_is_an_output_error(evaluation, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot make the report folder"):
        prepare_report(tmp_path / "file")
    (tmp_path / "report" / "evaluation.json").mkdir(parents=True)
    with pytest.raises(OutputError, match="cannot write the report"):
        write_report(evaluation, Subject("x", {}), tmp_path / "report")


def test_without_matplotlib_the_error_names_the_extra(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ConfigError, match=r"pip install 'meanshift-tracker\[plot\]'"):
        prepare_report(tmp_path / "report")
    assert not (tmp_path / "report").exists()
