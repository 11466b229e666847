"""The application: the only list of all features."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from server import db, logs
from server.config import PACKAGE, settings
from server.web import errors, openapi
from server.web.deps import register_authenticator
from server.web.limits import BodyLimit
from server.web.middleware import Envelope
from server.web.security import check_csrf, check_path
from server.web.slots import prepare_threads, take_slot
from server.web.templating import asset

# around every route, in order: a form is read before a slot is taken, which is given back before the answer is sent
AROUND = [Depends(check_path), Depends(check_csrf), Depends(take_slot, scope="function")]
HEAD_START_S = 0.5  # what the first page gets before the rest asks for the processor

ROUTERS = (
    "accounts.routes",
    "accounts.people",
    "guides.routes",
    "guides.rules",
    "projects.routes",
    "projects.api",
    "tasks.routes",
    "tasks.imports",
    "tasks.api",
    "drafts.routes",
    "drafts.api",
    "drafts.endpoints",
    "answers.routes",
    "answers.api",
    "reviews.routes",
    "reviews.api",
    "golden.routes",
    "exports.routes",
    "exports.api",
    "home.routes",
    "web.reference",
)


def routers() -> list[APIRouter]:
    """Return every feature's router, in the order of the pipeline."""
    return [import_module(f"server.{name}").router for name in ROUTERS]


def create_app(*, with_jobs: bool | None = None) -> FastAPI:
    """Return the application; `with_jobs` overrides the setting (tests)."""
    logs.configure()
    from server.accounts.auth import authenticate

    register_authenticator(authenticate)
    app = FastAPI(
        title="Goldsmith",
        version="0.1.0",
        lifespan=_lifespan(settings().jobs if with_jobs is None else with_jobs),
        docs_url=None,  # these fetch scripts from elsewhere; server.web.reference shows the same with none
        redoc_url=None,
    )
    openapi.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.add_middleware(BodyLimit)
    app.add_middleware(Envelope)
    errors.install(app)
    app.include_router(health)
    for router in routers():
        is_api = router.prefix.startswith("/api/")
        app.include_router(router, dependencies=AROUND, include_in_schema=is_api)
    app.mount("/static", _Static(directory=_dist()), name="static")
    return app


def _lifespan(with_jobs: bool):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        prepare_threads()
        # neither delays the first page: jobs and the lint engine get ready behind it
        getting_ready = asyncio.create_task(_get_ready(with_jobs))
        yield
        await getting_ready
        if with_jobs:
            from server.jobs import worker

            await anyio.to_thread.run_sync(worker.stop)

    return lifespan


async def _get_ready(with_jobs: bool) -> None:
    await asyncio.sleep(HEAD_START_S)
    await asyncio.to_thread(_warm_up)
    if with_jobs:
        await asyncio.to_thread(_start_jobs)


def _start_jobs() -> None:
    from server.jobs import worker

    worker.start()


def _warm_up() -> None:
    """Load what the first lint and the first preview would wait for: KaTeX, the parser, the tokens, the grammar."""
    from server import lint
    from server.web.markdown import render

    render("$x$")
    lint.lint("$x$", lint.parse_guide("guide: warm-up\ntitle: Warm-up\nlanguage: any\n", file="warm-up"))
    lint.warm()
    gc.collect()
    gc.freeze()  # what is loaded now stays: the collector need not look through it again and again


class _Static(StaticFiles):
    """Built files: their names hold a hash of their content, so a browser may keep them for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _dist() -> Path:
    folder = PACKAGE / "static" / "dist"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


health = APIRouter()


@health.get("/healthz", include_in_schema=True, tags=["health"])
def healthz() -> dict[str, str]:
    """Say that the process is alive."""
    return {"status": "ok"}


@health.get("/readyz", tags=["health"])
def readyz() -> Response:
    """Say whether the store answers: 200, or 503 while it does not."""
    ready = db.database().is_ready()
    return JSONResponse({"status": "ready" if ready else "store not ready"}, 200 if ready else 503)


@health.get("/favicon.ico", include_in_schema=False)
def favicon() -> Response:
    """Send a browser that asks by habit to the icon under its hashed name."""
    return RedirectResponse(asset("favicon.svg"))
