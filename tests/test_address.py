"""Addresses: what they are made of, and that no secret of them is shown."""

from __future__ import annotations

import pytest

from tracker.address import HIDDEN, Address, is_address, redacted, scheme_of
from tracker.errors import SourceError

SECRETS = ("pa/ss", "p@ss", "p#ss", "p?ss", "p/a@b#c?d", "se:cret", "a%2Fb", "100%", "ünï")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("scheme", ["rtsp", "http", "https", "rtmp", "srt", "tcp"])
def test_no_password_is_shown_and_the_host_is_right(secret: str, scheme: str) -> None:
    text = f"{scheme}://user:{secret}@192.0.2.7:8554/live/ch1?rate=5"
    address = Address.parse(text)
    shown = f"{scheme}://192.0.2.7:8554/live/ch1?rate=5"
    assert (address.name, address.host, address.port, address.path) == (shown, "192.0.2.7", 8554, "/live/ch1")
    assert secret not in repr(address.name)
    assert redacted(f"cannot open {text}: refused") == f"cannot open {shown}: refused"
    assert redacted(f"('{text}', {text})") == f"('{shown}', {shown})"


@pytest.mark.parametrize("secret", ["pa/ss", "p@ss", "p#ss", "p?ss", "p/a@b#c?d"])
def test_a_password_is_encoded_once_and_comes_back(secret: str) -> None:
    address = Address.parse(f"http://user:{secret}@host/a.mp4")
    assert (address.user, address.password) == ("user", secret)
    assert Address.parse(address.url).password == secret
    assert Address.parse(address.url).url == address.url
    assert address.bare_url == "http://host/a.mp4"
    assert secret not in repr(Address.parse(address.bare_url))


def test_a_password_that_is_encoded_already_stays() -> None:
    address = Address.parse("rtsp://me:a%40b%2Fc@host/x")
    assert address.url == "rtsp://me:a%40b%2Fc@host/x"
    assert address.password == "a@b/c"
    assert not address.mended


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("rtsp://h:9/x?user=u&password=secret", "rtsp://h:9/x?user=***&password=***"),
        ("rtsp://h/user=admin&password=se/cret&channel=1", "rtsp://h/user=***&password=***&channel=1"),
        ("rtsp://h/user=admin_password=tlJw_channel=1.sdp", "rtsp://h/user=***"),
        ("https://b.s3.example/a.mp4?X-Amz-Signature=ab&X-Amz-Credential=k/2/s&x=1", None),
        ("https://h/a.mp4?access_token=abc#id_token=def", "https://h/a.mp4?access_token=***#id_token=***"),
        ("https://h/a.mp4?sv=1&sig=abc%3D", "https://h/a.mp4?sv=1&sig=***"),
        ("srt://h:9?passphrase=0123456789&mode=caller", "srt://h:9?passphrase=***&mode=caller"),
        ("rtsp://token@host/x", "rtsp://host/x"),
        ("http://user:12/34@host/x", "http://***@host/x"),
        ("http://host/@someone/clip.mp4", "http://host/@someone/clip.mp4"),
        ("http://host/x?mail=a@b.c", "http://host/x?mail=a@b.c"),
        ("http://10.0.0.1:8080/@someone/x", "http://10.0.0.1:8080/@someone/x"),
    ],
)
def test_what_is_shown(text: str, name: str | None) -> None:
    expected = name or "https://b.s3.example/a.mp4?X-Amz-Signature=***&X-Amz-Credential=***&x=1"
    assert Address.parse(text).name == expected
    assert redacted(text) == expected


def test_what_is_no_address_is_left_alone() -> None:
    for text in ("clip.mp4", "C:\\clip.mp4", "a:b@c.mp4", "synth:juggle", "mail me@example.org", ""):
        assert redacted(text) == text
        assert not is_address(text)
        assert scheme_of(text) == ""
    assert redacted(OSError(2, "gone")) == "[Errno 2] gone"
    assert scheme_of(" RTSP://host/x") == "rtsp"


def test_an_address_without_a_host_shows_nothing_of_it() -> None:
    with pytest.raises(SourceError, match=r"http://\*\*\* has no valid host and port.*percent-encoded") as error:
        Address.parse("http://me:se cret:x@ho st:99999/x")
    assert "cret" not in str(error.value)
    assert redacted("http://me:secret") == f"http://{HIDDEN}"
    with pytest.raises(SourceError, match="is no address"):
        Address.parse("clip.mp4")


def test_the_parts() -> None:
    address = Address.parse("HTTPS://[2001:db8::1]:8443/a%20b/c%C3%A9.MP4?x=1#t=3")
    assert (address.scheme, address.host, address.port) == ("https", "2001:db8::1", 8443)
    assert (address.file_name, address.suffix) == ("cé.MP4", ".mp4")
    assert Address.parse("http://host").file_name == ""
    assert Address.parse("http://host/a.mp4/").suffix == ""
    assert Address.parse("udp://@:5000").name == "udp://:5000"


def test_urllib_gets_the_password_in_a_header_that_no_other_host_sees() -> None:
    request = Address.parse("http://me:p@ss@host:81/a.mp4#t=1").request(Range="bytes=0-")
    assert request.full_url == "http://host:81/a.mp4"
    assert request.host == "host:81"
    assert request.unredirected_hdrs == {"Authorization": "Basic bWU6cEBzcw=="}
    assert request.get_header("Range") == "bytes=0-"
    assert not Address.parse("http://host/a.mp4").request().unredirected_hdrs
