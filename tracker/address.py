"""Addresses of sources (`scheme://user:password@host:port/path?query`): parsed, and shown without their secrets."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit
from urllib.request import Request

from tracker.errors import SourceError

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\s:/?#@\[\]]*)(?::(\d*))?", re.ASCII)

HIDDEN = "***"
"""Stands for a secret in everything that is shown."""

# A key that holds one of these anywhere is taken for a secret: a value too many hidden does no harm.
_SECRET_WORDS = (
    "pass|pwd|pswd|token|secret|sig|key|auth|cred|session|sid|jwt|ticket|otp|user|usr|login|account|code|hash|hmac|"
    "policy"
)
_PAIR = re.compile(rf"(?i)((?:^|(?<=[?&;#/,_\s]))[\w.%$-]*?(?:{_SECRET_WORDS})[\w.%$-]*=)([^&;#\s'\"<>]+)")
_IN_TEXT = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://[^\s'\"<>]+")
_TRAILING = ".,:;!)"

ENCODING_HINT = (
    "signs such as / ? # @ % in a user name or password have to be percent-encoded "
    "(/ is %2F, ? is %3F, # is %23, @ is %40, % is %25)"
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address, taken apart.

    Attributes:
        url: what a program opens: the scheme in lower case, user and password percent-encoded where they have to be.
        scheme: what stands before `://`, in lower case.
        bare_url: as `url`, without user and password.
        name: for messages, tables, logs and pages: without user and password, secrets in the query hidden.
        user: decoded; "" where there is none.
        password: decoded; "" where there is none.
        host: name or number of the host, an IPv6 number without brackets; "" where there is none.
        port: None where the scheme's own is meant.
        path: from the first `/` to the query, decoded.
        mended: whether user or password held signs that had to be percent-encoded, so that the host was guessed.
    """

    url: str
    scheme: str
    bare_url: str
    name: str
    host: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    port: int | None = None
    path: str = ""
    mended: bool = False

    @classmethod
    def parse(cls, text: str) -> Address:
        """Take an address apart.

        A user name or password that holds `/`, `?` or `#` as they are makes an address without a valid host and port;
        user and password then end at the last `@` that is followed by a valid host.

        Raises:
            SourceError: it is no address; the message shows no secret.
        """
        text = text.strip()
        if not is_address(text):
            raise SourceError(f"{text!r} is no address: give one such as rtsp://host/path or https://host/clip.mp4")
        scheme, _, rest = text.partition("://")
        scheme = scheme.lower()
        login, place, mended = _split_login(rest)
        authority = _authority(place)
        found = _HOST.fullmatch(authority)
        port = found[2] if found else None
        if found is None or (port and int(port) > 65535):
            raise SourceError(f"{scheme}://{HIDDEN} has no valid host and port: check the address; {ENCODING_HINT}")
        user, colon, password = login.partition(":")
        return cls(
            url=f"{scheme}://{_encoded(user)}{colon}{_encoded(password)}{'@' if login else ''}{place}",
            scheme=scheme,
            bare_url=f"{scheme}://{place}",
            name=_hide_pairs(f"{scheme}://{_shown(place)}"),
            host=found[1].strip("[]").lower(),
            user=unquote(user),
            password=unquote(password),
            port=int(port) if port else None,
            path=unquote(urlsplit(f"x://x{place[len(authority) :]}").path),
            mended=mended,
        )

    @property
    def file_name(self) -> str:
        """The last part of the path, decoded; "" where the path ends with `/`."""
        return PurePosixPath(self.path).name if not self.path.endswith("/") else ""

    @property
    def suffix(self) -> str:
        """How the path ends, in lower case: `.mp4`; "" where it has no ending."""
        return PurePosixPath(self.file_name).suffix.lower()

    def request(self, method: str = "GET", **headers: str) -> Request:
        """Return what `urllib.request.urlopen` opens; user and password go into a header, as a host would be asked."""
        request = Request(self.bare_url.partition("#")[0], method=method, headers=dict(headers))
        if self.user or self.password:
            login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")
            # Unredirected: another host that an answer points to must not get the password.
            request.add_unredirected_header("Authorization", f"Basic {login}")
        return request


def is_address(text: str) -> bool:
    """Whether `text` is an address rather than a path."""
    return _SCHEME.match(text.strip()) is not None


def scheme_of(text: str) -> str:
    """Return the scheme of an address in lower case; "" where `text` is a path."""
    return text.strip().partition("://")[0].lower() if is_address(text) else ""


def redacted(text: object) -> str:
    """Return `text` with the user, password and secret values of every address in it hidden.

    For everything that is shown or kept: messages, logs, tables, pages. A text without addresses is returned as it is.
    """
    return _IN_TEXT.sub(_redacted_address, str(text))


def _redacted_address(found: re.Match[str]) -> str:
    address = found[0]
    body = address.rstrip(_TRAILING)
    scheme, _, rest = body.partition("://")
    _, place, _ = _split_login(rest)
    return _hide_pairs(f"{scheme}://{_shown(place)}") + address[len(body) :]


def _authority(rest: str) -> str:
    """Return what stands before the path, query or fragment."""
    return re.split(r"[/?#]", rest, maxsplit=1)[0]


def _split_login(rest: str) -> tuple[str, str, bool]:
    """Return what stands before the host (without its `@`), the host and all after it, and whether that was a guess."""
    authority = _authority(rest)
    if "@" in authority:
        login, _, host = authority.rpartition("@")
        return login, host + rest[len(authority) :], False
    if _HOST.fullmatch(authority) or "@" not in rest:
        return "", rest, False
    login, _, place = rest.rpartition("@")
    return login, place, True


def _shown(place: str) -> str:
    """Hide what is no host, and what may be a password of digits: `user:12/34@host` reads as host `user`, port 12."""
    authority = _authority(place)
    if not _HOST.fullmatch(authority):
        return HIDDEN + place[len(authority) :]
    host, colon, _ = authority.partition(":")
    before, at, after = place.rpartition("@")
    if at and colon and "." not in host and host != "localhost" and "?" not in before:
        return f"{HIDDEN}@{after}"
    return place


def _hide_pairs(name: str) -> str:
    return _PAIR.sub(rf"\g<1>{HIDDEN}", name)


def _encoded(part: str) -> str:
    """Percent-encode what would end a user name or password; what is encoded already stays."""
    return quote(part, safe="%!$&'()*+,;=~")
