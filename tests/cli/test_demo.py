from __future__ import annotations

import csv
import re
from pathlib import Path

from tests.cli.helpers import Cli, count_frames


def test_demo_says_where_how_fast_and_how_well(cli: Cli, tmp_path: Path) -> None:
    shown = cli("demo", "--out", tmp_path / "new" / "demo")
    assert shown.code == 0, shown.err
    said = dict(re.split(r"  +", line, maxsplit=1) for line in shown.out.splitlines())
    assert count_frames(Path(said["annotated video"])) == 300
    with Path(said["table"]).open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 300
    assert 0 < float(said["speed"].split()[0]) < 100
    assert 0.5 < float(said["mean overlap"].split()[0]) < 1
    assert cli("demo", "--out", tmp_path / "new" / "demo", "-q").code == 0  # a second time


def test_demo_into_a_place_that_is_no_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shown = cli("demo", "--out", tmp_path / "file")
    assert shown.code == 6
    assert shown.err.startswith("error: cannot make the folder")
