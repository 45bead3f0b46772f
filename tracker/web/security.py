"""Access: every request and every socket passes here before anything else reads it."""

from __future__ import annotations

import hmac
import logging
import re
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.address import redacted
from tracker.web.rationing import RationedLog
from tracker.web.settings import ServeSettings, is_loopback

_log = logging.getLogger(__name__)

LEAD, WATCH = "lead", "watch"
"""What a client may do: everything, or look only."""
_ROLE = "tracker_role"
_SAFE = ("GET", "HEAD", "OPTIONS")
_COSTLY = ("/api/", "/stream.mjpeg", "/ws")
"""Addresses that no page of another site has a reason to ask for."""
_REFUSED = 1008
"""Close code of a socket that may not be opened."""
_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


class Guard:
    """Checks host, origin and token of what comes in, and adds the headers that protect what goes out."""

    def __init__(self, app: ASGIApp, settings: ServeSettings) -> None:
        """Stand before `app`."""
        self._app = app
        self._settings = settings
        self._log = RationedLog(_log, "requests were refused")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            self._log.warn(f"refused {_client(scope)}: {refusal[1]}")
            await _refuse(scope, receive, send, *refusal)
            return
        entering = self._entering(scope)
        if entering is not None:
            await entering(scope, receive, send)
            return
        await self._app(scope, receive, _protected(send) if scope["type"] == "http" else send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and the reason why a request is refused; None where it is not."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        # A foreign name that points here is a page that tries to read what only this machine may see.
        if self._settings.on_loopback and not is_loopback(_name(host)):
            return 421, "the address is not this machine's: open the one that was printed"
        if not _same_origin(headers, host, scope):
            return 403, "the request comes from a page of another origin"
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and scope["path"].startswith(_COSTLY):
            return 403, "the request comes from a page of another site"
        role = self._role(scope, headers)
        if not role:
            return 401, "token missing or wrong: use the address that was printed when the server started"
        if role == WATCH and scope["type"] == "http" and scope["method"] not in _SAFE:
            return 403, "this address is for watching only"
        scope[_ROLE] = role
        return None

    def _role(self, scope: Scope, headers: Headers) -> str:
        """Return what the tokens that a client shows let it do, "" for nothing."""
        if not self._settings.token:
            return LEAD
        if self._shows(self._settings.token, scope, headers):
            return LEAD
        return WATCH if self._shows(self._settings.watch_token, scope, headers) else ""

    def _shows(self, token: str, scope: Scope, headers: Headers) -> bool:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        shown = [bearer.strip()] if scheme.lower() == "bearer" else []
        shown += [_cookie(headers, cookie_name(scope)), _asked(scope)]
        # Each is compared in full: how long it takes tells nothing of the token.
        fitting = [hmac.compare_digest(word.encode(), token.encode()) for word in shown]
        return any(fitting)

    def _entering(self, scope: Scope) -> Response | None:
        """Return the answer where the page is opened with the token in its address: it moves into a cookie."""
        if scope["type"] != "http" or scope["path"] != "/" or not self._settings.token or not _asked(scope):
            return None
        response = RedirectResponse("/", 303, headers=_HEADERS)
        response.set_cookie(cookie_name(scope), _asked(scope), httponly=True, samesite="strict")
        return response


def _same_origin(headers: Headers, host: str, scope: Scope) -> bool:
    """Whether a request that could change something comes from this server's own page, or from no page at all."""
    origin = headers.get("origin")
    if origin is None or (scope["type"] == "http" and scope["method"] in _SAFE):
        return True
    return host != "" and origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _name(host: str) -> str:
    """Return the host of `host:port`; "" where it is nonsense."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def cookie_name(scope: Scope) -> str:
    """Return the cookie of a server: cookies know hosts, not ports, so the port is in the name."""
    server = scope.get("server")
    return f"tracker_token_{server[1] if server else 0}"


def role_of(scope: Scope) -> Literal["lead", "watch"]:
    """Return what a client may do that was let in."""
    return "watch" if scope.get(_ROLE) == WATCH else "lead"


def _cookie(headers: Headers, name: str) -> str:
    cookies: dict[str, str] = cookie_parser(headers.get("cookie", ""))
    return cookies.get(name, "")


def _asked(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get("token", [""])[0]


def _client(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else "a client"


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _REFUSED, "reason": reason})
        return
    page = status == 401 and scope["path"] == "/" and "text/html" in Headers(scope=scope).get("accept", "")
    if not page:
        await JSONResponse({"detail": reason}, status, headers=_HEADERS)(scope, receive, send)
        return
    policy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    await HTMLResponse(_ENTRANCE, status, {**_HEADERS, "content-security-policy": policy})(scope, receive, send)


_ENTRANCE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>meanshift-tracker: token</title><h1>meanshift-tracker</h1><form action="/" method="get">
<p><label>Token that was printed when the server started <input name="token" type="password" required></label>
<button>Enter</button></p></form></html>"""


def _protected(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            extra = [(n.encode(), v.encode()) for n, v in _HEADERS.items() if n.encode() not in present]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return with_headers


_PATH = re.compile(r"(?<![\w:/.])(?:~|[A-Za-z]:)?(?:[/\\][^\s/\\'\",;:]+)*[/\\](?=[^\s/\\'\",;:])")


def without_paths(text: str) -> str:
    """Return a message in which paths are down to their last part and addresses without secrets, on one line."""
    return plain(redacted(_PATH.sub("", text)))


def plain(text: str, most: int = 500) -> str:
    """Return a text without control characters, of a bounded length."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: most + 1])
    return shown if len(shown) <= most else f"{shown[:most]}…"
