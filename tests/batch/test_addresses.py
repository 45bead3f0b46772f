"""Addresses with passwords: they open what they name, and no table, log, record or message shows them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from rich.console import Console

from tests.batch.helpers import Clip
from tests.local_web import Quiet, web_server
from tracker.batch import Job, Local, run
from tracker.batch.jobs import jobs_from, names_of
from tracker.batch.runner import summary_table, write_summary
from tracker.cli import main
from tracker.errors import ConfigError

LOGIN = "Basic " + base64.b64encode(b"ann:se/cret").decode("ascii")


class Guarded(Quiet):
    """Answers only those that know the password."""

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        if self.headers.get("Authorization") == LOGIN:
            super().do_GET()
        else:
            self.send_error(401)


class Breaking(Quiet):
    """Breaks off in the middle of a file."""

    def copyfile(self, source: object, outputfile: object) -> None:
        data = Path(self.translate_path(self.path)).read_bytes()
        self.wfile.write(data[: len(data) // 2])


def kept(folder: Path) -> str:
    """Return all that a run has written, with the names."""
    return "".join(f"{path.name}\n{path.read_text('utf-8')}\n" for path in sorted(folder.iterdir()))


@pytest.mark.parametrize("login", ["ann:se%2Fcret", "ann:se/cret"])
def test_a_password_opens_the_clip_and_is_shown_nowhere(login: str, clips: list[Clip], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with web_server(tmp_path, Guarded) as address:
        host = address.partition("://")[2]
        jobs = [
            Job.of(f"http://{login}@{host}/clips/clip0.mp4?token=topsecret", clips[0].roi),
            Job.of(f"http://{login}@{host}/clips/clip0.mp4?token=othersecret", clips[0].roi),
            Job.of(f"http://ann:wrongsecret@{host}/clips/clip1.mp4", clips[1].roi),
        ]
        done = run(jobs, out, backend=Local(1))
        again = run(jobs, out, backend=Local(1))
    assert [one.status for one in done] == ["done", "done", "failed"], done
    assert [one.status for one in again] == ["kept", "kept", "failed"]
    assert [one.name for one in done] == names_of(jobs)
    assert "HTTP error 401" in done[2].error
    write_summary(done, out / "summary.csv")
    console = Console(record=True, width=200, quiet=True)
    console.print(summary_table(done))
    assert "cret" not in kept(out) + console.export_text() + repr(done)


def test_no_message_shows_a_password(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "http://ann:secret@127.0.0.1:9/a.mp4"
    for jobs in ([Job(source, ())], [Job.of(source, "1,1,9,9"), Job.of(source, "1,1,9,9")], [live()]):
        with pytest.raises(ConfigError) as refused:
            run(jobs, tmp_path / "out", backend=Local(1))
        assert "secret" not in str(refused.value)
    manifest = tmp_path / "m.csv"
    manifest.write_text(f"source\n{source}\n")
    with pytest.raises(ConfigError, match=r"http://127\.0\.0\.1:9/a\.mp4\? Give its roi in the manifest") as refused:
        jobs_from(str(manifest))
    assert "secret" not in str(refused.value)
    manifest.write_text(f'source,roi\n{source},"1,1,9,9"\n')
    with pytest.raises(SystemExit) as exited:
        main(["batch", str(manifest), "--out", str(tmp_path / "out"), "-j", "1"])
    assert exited.value.code == 1
    shown = capsys.readouterr()
    assert "secret" not in shown.out + shown.err + kept(tmp_path / "out")


def live() -> Job:
    return Job.of("rtsp://ann:secret@127.0.0.1:9/x", "1,1,9,9")


def test_names_of_files_come_from_the_path_of_an_address() -> None:
    jobs = [Job.of(f"http://ann:se?cret@host{path}", "1,1,9,9") for path in ("", "/a/b.mp4?x=1")]
    assert names_of(jobs) == ["video", "b"]


def test_a_clip_that_breaks_off_fails_and_is_no_result(clips: list[Clip], tmp_path: Path) -> None:
    with web_server(tmp_path, Breaking) as address:
        (lost,) = run([Job.of(f"{address}/clips/clip0.mp4", clips[0].roi)], tmp_path / "out", backend=Local(1))
    assert lost.status == "failed"
    assert "broke off after" in lost.error
    assert not (tmp_path / "out" / "clip0.csv").exists()
