from __future__ import annotations

import json

import pytest

from tests.evaluation.drills.clips import block_clip
from tests.evaluation.drills.runs import drilled_run
from tests.evaluation.fakes import Static
from tests.evaluation.test_report import Links
from tracker.errors import OutputError
from tracker.evaluation import Evaluation, evaluate
from tracker.evaluation.document import Subject
from tracker.evaluation.drill_report import drills_to_html, write_drill_report
from tracker.evaluation.drills import drilled

RUNS = (
    drilled_run("T" * 10 + "L" * 20 + "T" * 5, [0.0] * 35, (11, 31), name="good"),
    drilled_run("T" * 35, [0.0] * 35, (11, 31), name="b<ad", error="frame 3: <odd>"),
    drilled_run("T" * 35, [40.0] * 35, (11, 31), name="never held"),
)


def test_a_report_is_a_page_its_pictures_and_the_document(tmp_path) -> None:
    clips = [block_clip(tmp_path, name) for name in ("a", "b", "c")]
    evaluation = evaluate([one for name in ("cut", "half") for one in drilled(clips, name)], Static)
    page = write_drill_report(evaluation, Subject("my <preset>", {}), tmp_path / "report")
    text = page.read_text("utf-8")
    links = Links()
    links.feed(text)
    assert links.open == []
    assert links.images == ["cut-1.png", "cut-2.png", "half-1.png", "half-2.png"]
    assert all((tmp_path / "report" / name).stat().st_size > 1000 for name in links.images)
    assert "my &lt;preset&gt;" in text
    assert "Fifty frames of a foreign scene" in text
    assert json.loads((tmp_path / "report" / "drills.json").read_text())["means"][0]["clips"] == 3


def test_the_clips_of_a_drill_come_worst_first_and_those_that_were_not_held_last() -> None:
    text = drills_to_html(Evaluation(RUNS), "x")
    section = text[text.index("<h2>cover</h2>") :]
    assert section.index("b&lt;ad") < section.index("good") < section.index("never held")
    assert "frame 3: &lt;odd&gt;" in section
    assert "2 of 3" in text


def test_runs_whose_frames_are_gone_are_reported_without_tiles(tmp_path) -> None:
    write_drill_report(Evaluation(RUNS), Subject("x", {}), tmp_path / "report")
    assert (tmp_path / "report" / "cover-1.png").is_file()


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path) -> None:
    (tmp_path / "report" / "drills.json").mkdir(parents=True)
    with pytest.raises(OutputError, match="cannot write the report"):
        write_drill_report(Evaluation(RUNS), Subject("x", {}), tmp_path / "report")
