"""The application: routes, page, guards, and how errors are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from tracker import __version__
from tracker.errors import OutputError, TargetIdError, TrackerError
from tracker.web.dependencies import AppState, NoRoomError
from tracker.web.orders import StaleOrderError
from tracker.web.routers import control, edits, results, streams
from tracker.web.security import Guard, without_paths
from tracker.web.uploads import BodyLimit

_log = logging.getLogger(__name__)

PAGE = Path(__file__).parent / "static"


def make_app(state: AppState) -> FastAPI:
    """Return the application over a worker, which it starts and ends."""
    app = FastAPI(
        title="meanshift-tracker",
        version=__version__,
        description="Watch and lead the tracker.",
        lifespan=_lifespan,
        docs_url=None,  # the usual page fetches its scripts from elsewhere
        redoc_url=None,
    )
    app.state.parts = state
    for part in (control, edits, results, streams):
        app.include_router(part.router)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(TrackerError, _refused)
    app.add_exception_handler(Exception, _failed)
    app.add_api_route("/", _page, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=PAGE), name="static")
    app.add_middleware(BodyLimit, limits=state.settings.limits)
    app.add_middleware(Guard, settings=state.settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: AppState = app.state.parts
    state.broadcaster.attach(asyncio.get_running_loop())
    state.worker.start()
    try:
        yield
    finally:
        await asyncio.to_thread(state.worker.close)
        state.broadcaster.detach()
        state.library.close()


async def _page() -> FileResponse:
    return FileResponse(PAGE / "index.html")


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    """Say which field is wrong; what was sent is not sent back."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return JSONResponse({"detail": f"{where}: {first['msg']}"}, 422)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    known = ((StaleOrderError, 409), (TargetIdError, 404), (NoRoomError, 413), (OutputError, 503))
    status = next((status for kind, status in known if isinstance(error, kind)), 400)
    return JSONResponse({"detail": without_paths(str(error))}, status)


async def _failed(request: Request, error: Exception) -> JSONResponse:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "the server could not do that: its log says why"}, 500)
