"""The folder of a server: its own while it lives, and cleared by the next one when it was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tracker.web.private_folder import PREFIX, PrivateFolder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked")

HOLD = """
import sys, time
from tracker.web.private_folder import PrivateFolder
folder = PrivateFolder()
print(folder.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_server_left_is_cleared_but_for_recordings(place: Path) -> None:
    living, killed = (
        subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True) for _ in range(2)
    )
    try:
        kept, left = (Path(process.stdout.readline().strip()) for process in (living, killed))
        for folder in (kept, left):
            (folder / "upload-1.mp4").write_bytes(b"x")
        (left / "recording-1.mp4").write_bytes(b"x")
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        own = PrivateFolder()
        assert (kept / "upload-1.mp4").exists()
        assert [path.name for path in left.iterdir()] == ["recording-1.mp4"]
        (left / "recording-1.mp4").unlink()
        own.close()
        PrivateFolder().close()
        assert [path for path in place.iterdir() if path.name.startswith(PREFIX)] == [kept]
    finally:
        living.kill()
        living.communicate()


def test_what_is_no_folder_of_ours_is_left_alone(place: Path) -> None:
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(b"x")
    (place / f"{PREFIX}link").symlink_to(elsewhere)
    (place / f"{PREFIX}file").write_bytes(b"x")
    own = PrivateFolder()
    assert own.path.stat().st_mode & 0o077 == 0
    own.close()
    own.close()
    assert not own.path.exists()
    assert (elsewhere / "precious").exists()
    assert (place / f"{PREFIX}file").exists()
