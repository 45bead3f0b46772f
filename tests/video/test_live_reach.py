"""What a sender's answer may have this machine open: its own host, and nothing else here."""

from __future__ import annotations

import base64
import contextlib
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_web import Quiet, web_server
from tests.video.conftest import Ffmpeg
from tracker.address import Address
from tracker.errors import SourceError
from tracker.video.inputs import FOLLOWERS, safe_formats
from tracker.video.live.source import LivePolicy
from tracker.video.remote import is_public, may_follow
from tracker.video.sources import open_source

ONCE = LivePolicy(reconnects=0)
PLAYLIST = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:3,\n{}\n#EXT-X-ENDLIST\n"
MASTER = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\n{}\n"
MANIFEST = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT3S" '
    'profiles="urn:mpeg:dash:profile:isoff-main:2011"><Period><AdaptationSet contentType="video"><Representation id="0"'
    ' mimeType="video/mp2t" bandwidth="1000"><BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>'
)


@pytest.fixture(scope="module")
def segment(ffmpeg: Ffmpeg, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "segment.ts"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=3", "-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p", path
    )
    return path


class Noting(Quiet):
    """Notes what it is asked for."""

    asked: list[str] = []  # noqa: RUF012 - one server a test, which empties it

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        self.asked.append(self.path)
        super().do_GET()


@pytest.fixture
def elsewhere(segment: Path) -> Iterator[str]:
    """Another server of this machine, which a playlist must not reach."""
    Noting.asked.clear()
    with web_server(segment.parent, Noting) as address:
        yield address


def frames_of(address: str, count: int = 1) -> int:
    """Read so many frames: on a busy machine a live source may leave out all but a few of three seconds."""
    with open_source(address, live=ONCE) as source:
        return sum(1 for _ in zip(range(count), source, strict=False))


def test_a_playlist_of_its_own_host_is_read(segment: Path) -> None:
    (segment.parent / "own.m3u8").write_text(PLAYLIST.format(segment.name))
    (segment.parent / "master.m3u8").write_text(MASTER.format("own.m3u8"))
    with web_server(segment.parent) as address:
        assert frames_of(f"{address}/own.m3u8") == 1
        assert frames_of(f"{address}/master.m3u8?token=a") == 1


@pytest.mark.parametrize("text", [PLAYLIST, MASTER, MANIFEST])
@pytest.mark.parametrize("scheme", ["http", "tcp", "httpproxy", "udp"])
def test_another_host_is_not_reached(text: str, scheme: str, elsewhere: str, tmp_path: Path) -> None:
    name = "list.mpd" if text is MANIFEST else "list.m3u8"
    (tmp_path / name).write_text(text.format(f"{elsewhere.replace('http', scheme)}/segment.ts"))
    with web_server(tmp_path) as address, pytest.raises(SourceError, match=f"{name} cannot be opened"):
        open_source(f"{address}/{name}", live=ONCE)
    assert Noting.asked == []


@pytest.mark.parametrize("text", [PLAYLIST, MASTER, MANIFEST, "ffconcat version 1.0\nfile {}\n"])
@pytest.mark.parametrize("name", ["list.m3u8", "list.mpd", "camera", "clip.mp4", "shot.jpg"])
def test_no_file_is_opened(text: str, name: str, segment: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text.format(f"file://{segment}"))
    read = segment.stat().st_atime_ns
    with web_server(tmp_path) as address, pytest.raises(SourceError, match=r"cannot be opened|no picture"):
        open_source(f"{address}/{name}", live=ONCE)
    assert segment.stat().st_atime_ns == read


@pytest.mark.parametrize("text", [PLAYLIST, MANIFEST, "ffconcat version 1.0\nfile {}\n"])
def test_a_plain_sender_cannot_name_a_file_or_host(text: str, elsewhere: str, segment: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.sendall(text.format(f"{elsewhere}/segment.ts").encode())

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(SourceError, match="cannot be opened"):
            open_source(f"tcp://127.0.0.1:{server.getsockname()[1]}", live=ONCE)
        thread.join()
    assert Noting.asked == []


class Elsewhere(Quiet):
    """Sends every request to another server."""

    target = ""

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        self.send_response(302)
        self.send_header("Location", self.target)
        self.end_headers()


@pytest.mark.parametrize("name", ["clip.mp4", "shot.jpg", "list.m3u8", "camera", "live.ts"])
def test_a_redirect_to_another_host_of_this_network_is_not_followed(name: str, elsewhere: str, tmp_path: Path) -> None:
    Elsewhere.target = f"{elsewhere}/{name}"
    with web_server(tmp_path, Elsewhere) as address, pytest.raises(SourceError, match="cannot be opened"):
        open_source(f"{address.replace('//', '//me:secret@')}/{name}", live=ONCE)
    assert Noting.asked == []


class UsersProxy(http.server.BaseHTTPRequestHandler):
    """A proxy that answers everything itself, with the file of that name, and notes what it was asked for."""

    folder: Path
    asked: list[tuple[str, str | None]] = []  # noqa: RUF012 - one a test, which empties it

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Proxy-Authorization")))
        data = (self.folder / self.path.rpartition("/")[2]).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def users_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    UsersProxy.folder = tmp_path
    UsersProxy.asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), UsersProxy) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        monkeypatch.setenv("http_proxy", f"http://me:word@127.0.0.1:{server.server_address[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        yield
        server.shutdown()
        thread.join()


def test_the_users_proxy_is_asked_for_what_may_be_reached(users_proxy: None, segment: Path, tmp_path: Path) -> None:
    (tmp_path / "own.m3u8").write_text(PLAYLIST.format("segment.ts"))
    (tmp_path / "segment.ts").write_bytes(segment.read_bytes())
    assert frames_of("http://no.such.host.example:8080/own.m3u8") == 1
    login = "Basic " + base64.b64encode(b"me:word").decode()
    assert UsersProxy.asked[0] == ("http://no.such.host.example:8080/own.m3u8", login)
    assert ("http://no.such.host.example:8080/segment.ts", login) in UsersProxy.asked


def test_the_users_proxy_does_not_open_other_hosts(users_proxy: None, elsewhere: str, tmp_path: Path) -> None:
    (tmp_path / "list.m3u8").write_text(PLAYLIST.format(f"{elsewhere}/segment.ts"))
    with pytest.raises(SourceError, match="cannot be opened"):
        open_source("http://no.such.host.example/list.m3u8", live=ONCE)
    assert [path for path, _ in UsersProxy.asked if "segment" in path] == []
    assert Noting.asked == []


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize("value", ["*", "127.0.0.1"])
def test_hosts_without_a_proxy_are_no_way_around(
    name: str, value: str, elsewhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    (tmp_path / "list.m3u8").write_text(PLAYLIST.format(f"{elsewhere}/segment.ts"))
    with web_server(tmp_path) as address, pytest.raises(SourceError, match="cannot be opened"):
        open_source(f"{address}/list.m3u8", live=ONCE)
    assert Noting.asked == []


@contextlib.contextmanager
def rtsp_server(location: str) -> Iterator[str]:
    """Serve RTSP that points elsewhere; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, connection.makefile("rb") as lines:
                        while first := lines.readline().decode():
                            head = list(iter(lines.readline, b"\r\n"))
                            number = next(line for line in head if line.lower().startswith(b"cseq")).decode().strip()
                            moved = first.startswith("DESCRIBE")
                            status = f"302 Moved\r\nLocation: {location}" if moved else "200 OK\r\nPublic: DESCRIBE"
                            connection.sendall(f"RTSP/1.0 {status}\r\n{number}\r\n\r\n".encode())

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"rtsp://127.0.0.1:{server.getsockname()[1]}/a"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_redirect_of_rtsp_to_another_host_of_this_network_is_not_followed() -> None:
    refused = r"it points to rtsp://127\.0\.0\.1:\d+/a, which is not followed"
    with (
        rtsp_server("rtsp://127.0.0.1:9/elsewhere") as other,
        rtsp_server(other) as address,
        pytest.raises(SourceError, match=refused),
    ):
        open_source(address, live=ONCE)


def test_where_a_redirect_may_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(host: str, *_: object, **__: object) -> list[object]:
        return [(2, 1, 6, "", ({"public": "8.8.8.8", "mixed": "8.8.8.8", "router": "192.168.0.1"}[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", named)
    origin = Address.parse("http://router/a.mp4")
    for other, allowed in {
        "http://router/b.mp4": True,
        "https://router/b.mp4": True,
        "http://router:8080/b.mp4": False,
        "https://public/b.mp4": True,
    }.items():
        assert may_follow(origin, Address.parse(other)) is allowed
    assert not may_follow(Address.parse("http://public/a.mp4"), origin)
    assert not is_public("router")


def test_formats_that_follow_names_are_on_no_list() -> None:
    formats = set(safe_formats().split(","))
    assert not formats & FOLLOWERS
    assert {"mov", "matroska", "mpegts", "avi", "mjpeg", "h264", "webp_anim"} <= formats
    assert not {"lavfi", "x11grab", "v4l2", "video4linux2"} & formats
