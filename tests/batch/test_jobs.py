"""Jobs from what a person names."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.helpers import Clip
from tracker.batch import Local, run
from tracker.batch.jobs import Job, jobs_from, names_of
from tracker.errors import BoxError, ConfigError
from tracker.region import Region
from tracker.video.span import Span


def manifest(folder: Path, text: str) -> str:
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_rows_of_one_source_are_its_targets(tmp_path: Path) -> None:
    text = (
        "\ufeffsource, roi, start, end, id, label\r\n"
        'a.mp4,"10,20,30,40",,,,red ball\r\n'
        '/far/b.mp4,"10%,20%,5%,8%",5,1.5s,,\r\n'
        'a.mp4,"1,2,3,4",00:00:01.5,,7,"one, two"\r\n'
        "synth:smooth:frames=9,,,,,\r\n"
        "http://host/c.mp4\r\n"
    )
    first, second, third, fourth = jobs_from(manifest(tmp_path, text), "50%,50%,10%,10%")
    assert first.source == str(tmp_path / "a.mp4")
    assert [(target.id, target.label, target.span) for target in first.targets] == [
        (0, "red ball", Span()),
        (7, "one, two", Span(1.5)),
    ]
    assert first.targets[0].roi == Region.parse("10,20,30,40")
    assert (second.source, second.targets[0].span) == ("/far/b.mp4", Span(5, 1.5))
    assert third.source == "synth:smooth:frames=9"
    assert fourth.source == "http://host/c.mp4"
    assert str(third.targets[0].roi) == "50.0%,50.0%,10.0%,10.0%"


def test_only_the_source_is_needed_where_a_table_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y,w,h\n1,2,3,4\n5,6,7,8\n")
    (job,) = jobs_from(manifest(tmp_path, "source\na.mp4\n"))
    assert job.targets[0].roi == Region.parse("1,2,3,4")


def test_a_table_without_a_box_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    (tmp_path / "a.csv").write_text("x,y,w,h\n,,,\n")
    for place in (str(tmp_path), manifest(tmp_path, "source\na.mp4\n")):
        (job,) = jobs_from(place, "5,6,7,8")
        assert str(job.targets[0].roi) == "5.0,6.0,7.0,8.0"


TWO = "frame,id,label,x,y,w,h\n40,0,car,1,2,3,4\n41,0,car,5,6,7,8\n60,3,,9,9,9,9\n"


@pytest.mark.parametrize("how", ["folder", "manifest"])
def test_each_target_of_a_table_begins_in_its_own_frame(how: str, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    (tmp_path / "a.csv").write_text(TWO)
    (job,) = jobs_from(str(tmp_path) if how == "folder" else manifest(tmp_path, "source\na.mp4\n"))
    assert [(one.id, one.label, str(one.roi), one.span) for one in job.targets] == [
        (0, "car", "1.0,2.0,3.0,4.0", Span(40)),
        (3, "", "9.0,9.0,9.0,9.0", Span(60)),
    ]
    assert str(tmp_path / "a.csv") in job.inputs


def test_a_row_takes_what_it_names_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TWO)
    text = "source,start,end,id,label\na.mp4,41,90,0,bus\n"
    (job,) = jobs_from(manifest(tmp_path, text))
    (target,) = job.targets
    assert (target.id, target.label, str(target.roi), target.span) == (0, "bus", "5.0,6.0,7.0,8.0", Span(41, 90))
    for row, message in (
        ("41,,9,", "has no target 9"),
        ("1.5s,,0,", "give the start as a frame"),
        ("50,,0,", "no box"),
    ):
        with pytest.raises(ConfigError, match=f"line 2: .*{message}"):
            jobs_from(manifest(tmp_path, f"source,start,end,id,label\na.mp4,{row}\n"))


WRONG = {
    'b.mp4,"1,2,3",,': "line 3: cannot read the box",
    ',"1,2,3,4",,': "line 3: no source",
    "b.mp4,10,20,30,40,50": "line 3: more cells than columns",
    'b.mp4,"1,2,3,4",soon,': "line 3: 'soon' is no position",
    'b.mp4,"1,2,3,4",,x': "line 3: id 'x' is no number",
    "b.mp4,,,": "line 3: where is the target",
    'rtsp://u:secret@host/b,"1,2,3,4",,': r"line 3: rtsp://[^ ]*@?host/b is live",
}


@pytest.mark.parametrize("row", WRONG)
def test_a_wrong_row_is_told_by_its_line_and_does_not_refuse_the_others(row: str, tmp_path: Path) -> None:
    text = f'source,roi,start,id\na.mp4,"1,2,3,4",,\n{row}\nc.mp4,"1,2,3,4",,\n'
    first, wrong, third = jobs_from(manifest(tmp_path, text))
    assert (first.error, third.error) == ("", "")
    assert (len(first.targets), len(wrong.targets), len(third.targets)) == (1, 0, 1)
    assert re.search(WRONG[row], wrong.error)
    assert "secret" not in wrong.error
    assert len(set(names_of([first, wrong, third]))) == 3


def test_a_wrong_row_of_a_source_leaves_its_other_targets(clips: list[Clip], tmp_path: Path) -> None:
    clip = clips[0]
    rows = f'{clip.path},"{clip.roi}",0\n{clip.path},"1,2,3",1\n{clip.path},"{clip.roi}",0\n'
    (job,) = jobs_from(manifest(tmp_path, f"source,roi,id\n{rows}"))
    assert [target.id for target in job.targets] == [0]
    assert ["line 3" in job.refused[0], "line 4: there is a target 0 already" in job.refused[1]] == [True, True]
    (outcome,) = run([job], tmp_path / "out", backend=Local(1))
    assert (outcome.status, outcome.targets, outcome.refused) == ("done", 1, 2)
    assert "line 3" in outcome.error
    (again,) = run([replace(job, refused=())], tmp_path / "out", backend=Local(1))
    assert (again.status, again.error) == ("done", ""), "mended, it is no longer told"


@pytest.mark.parametrize("place", ["", "*.mp4", "../{name}/*.m*"])
def test_folders_and_patterns(place: str, tmp_path: Path) -> None:
    for name in ("b.mp4", "a.mp4", ".hidden.mp4", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "a.csv").write_text("x,y,w,h\n1,2,3,4\n")
    jobs = jobs_from(str(tmp_path / place.format(name=tmp_path.name)), "5,6,7,8")
    assert [Path(job.source).name for job in jobs] == ["a.mp4", "b.mp4"]
    assert [str(job.targets[0].roi) for job in jobs] == ["1.0,2.0,3.0,4.0", "5.0,6.0,7.0,8.0"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: no column source"),
        ("video\na.mp4\n", "line 1: unknown columns video"),
        ("source\n", "has no rows"),
        ("source,roi\na.mp4,10,20,30,40\n", "line 2: more cells than columns; write a box in quotes"),
        ('source,roi\n,"1,2,3,4"\n', "line 2: no source"),
        ('source,roi\nrtsp://host/a,"1,2,3,4"\n', "line 2: rtsp://host/a is live"),
        ('source,roi\na.mp4,"1,2,3"\n', "line 2: cannot read the box '1,2,3'"),
        ("source\na.mp4\n", "line 2: where is the target in .*a.mp4"),
        ('source,roi,start\na.mp4,"1,2,3,4",soon\n', "line 2: 'soon' is no position"),
        ('source,roi,start,end\na.mp4,"1,2,3,4",5,5\n', "line 2: start 5 is not before end 5"),
        ('source,roi,id\na.mp4,"1,2,3,4",x\n', "line 2: id 'x' is no number"),
    ],
)
def test_manifests_that_cannot_be_read(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message):
        jobs_from(manifest(tmp_path, text))


def test_nothing_to_work_on(tmp_path: Path) -> None:
    for place in ("", "*.mp4", "missing", "missing.csv"):
        with pytest.raises(ConfigError, match="no videos in"):
            jobs_from(str(tmp_path / place), "1,2,3,4")
    (tmp_path / "a.mp4").touch()
    with pytest.raises(ConfigError, match=r"Put a table a.csv beside it, or give --roi"):
        jobs_from(str(tmp_path))
    with pytest.raises(BoxError, match="cannot read the box"):
        jobs_from(str(tmp_path), "here")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="it is no text"):
        jobs_from(str(tmp_path / "bytes.csv"))


def test_a_video_that_cannot_be_worked_on_does_not_end_the_others(clips: list[Clip], tmp_path: Path) -> None:
    folder = clips[0].path.parent
    clips[0].path.with_suffix(".csv").write_text(f"x,y,w,h\n{clips[0].roi}\n")
    clips[1].path.with_suffix(".csv").write_text("x,y\n1,2\n")
    outcomes = run(jobs_from(str(folder)), tmp_path / "out", backend=Local(1))
    assert [one.status for one in outcomes] == ["done"] + ["failed"] * (len(clips) - 1)
    assert "clip1.csv holds no box" in outcomes[1].error
    for one in outcomes[2:]:
        assert "where is the target in" in one.error
    assert "clip1.csv holds no box" in (tmp_path / "out" / "clip1.log").read_text()
    assert not list((tmp_path / "out").glob("clip1.csv"))


def test_names_are_those_of_the_sources_and_never_alike() -> None:
    sources = ["a/clip.mp4", "b/Clip.mp4", "http://host/x y.mp4?token=1", "img/%06d.jpg", "synth:smooth:seed=1", "///"]
    names = names_of([Job.of(source, (1, 2, 3, 4)) for source in sources])
    assert [name.rpartition("-")[0] for name in names[:2]] == ["clip", "Clip"]
    assert names[2:] == ["x_y", "06d", "synth_smooth_seed_1", "video"]
    assert len({name.casefold() for name in names}) == len(names)
    assert names[0] in names_of([Job.of(source, (1, 2, 3, 4)) for source in sources[:2]])
