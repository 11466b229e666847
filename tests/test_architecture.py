"""The house rules, as tests."""

import ast
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from server import app as application
from server.policy import REASONS, RULES, Action

ROOT = Path(__file__).parents[1]
SERVER = ROOT / "server"
MODULES = sorted(p for p in SERVER.rglob("*.py") if "_resources" not in p.parts)
SERVICES = sorted(SERVER.glob("*/service.py"))

# who may come without signing in, and why
PUBLIC = {
    "/sign-in": "the way in",
    "/sign-in/demonstration": "the way in, while the store is a demonstration",
    "/welcome/{token}": "the one-time link is the credential",
    "/language": "a visitor may choose a language",
    "/docs": "what the API takes is no secret; /openapi.json says the same",
}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring aside."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in MODULES if "migrations" not in p.parts], ids=name)
def test_a_module_fits_on_a_few_screens(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", [p for p in MODULES if "migrations" not in p.parts], ids=name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    assert [f"{f.name}: {length(f)}" for f in functions(path) if length(f) > 40] == []


@pytest.mark.parametrize("path", sorted((SERVER / "lint" / "rules").rglob("*.py")), ids=name)
def test_a_rule_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 120


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nobody_commits_by_hand(path: Path) -> None:
    assert not re.search(r"\.commit\(\)", path.read_text())


def test_layers_hold() -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-3000:]


@pytest.mark.parametrize("path", SERVICES, ids=name)
def test_a_verb_authorizes_first(path: Path) -> None:
    """Every public verb with a `user` begins with `authorize(...)`; the others say in EXEMPT why not."""
    module = import_module(f"server.{path.parent.name}.service")
    exempt: dict[str, str] = getattr(module, "WITHOUT_USER", {})
    wrong = []
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or node.name in exempt:
            continue
        if "user" not in [a.arg for a in node.args.args]:
            continue
        body = node.body[1:] if ast.get_docstring(node) else node.body
        if not ast.unparse(body[0]).startswith("authorize("):
            wrong.append(node.name)
    assert wrong == []


def test_every_action_has_a_rule_and_a_reason() -> None:
    assert set(RULES) == set(Action) == set(REASONS)


def test_every_action_is_used() -> None:
    source = "\n".join(
        p.read_text() for p in [*MODULES, *(ROOT / "templates").rglob("*.html")] if p.name != "policy.py"
    )
    assert [a.name for a in Action if f"Action.{a.name}" not in source] == []


def routes() -> list[APIRoute]:
    found = [r for router in application.routers() for r in router.routes if isinstance(r, APIRoute)]
    assert len(found) > 40
    return found


def depends_on_user(route: APIRoute) -> bool:
    from server.web.deps import require_user, require_user_apart

    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        if dependant.call in (require_user, require_user_apart):
            return True
        waiting.extend(dependant.dependencies)
    return False


def test_every_route_knows_its_user_or_is_listed_public() -> None:
    open_routes = {r.path for r in routes() if not depends_on_user(r)}
    assert open_routes - set(PUBLIC) == set()


def test_a_route_body_is_short() -> None:
    long = []
    for route in routes():
        node = ast.parse(inspect.cleandoc("\n" + inspect.getsource(route.endpoint))).body[0]
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if length(node) > 40:
            long.append(route.path)
    assert long == []


def test_every_router_file_is_listed() -> None:
    have_routers = {
        f"{p.parent.name}.{p.stem}" for p in SERVER.glob("*/*.py") if re.search(r"^router = ", p.read_text(), re.M)
    }
    assert have_routers == set(application.ROUTERS)


def test_no_text_names_a_package_registry() -> None:
    hosts = re.compile(r"(pypi\.org|pythonhosted\.org|registry\.npmjs|--index-url|\"resolved\":)")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    named = [f for f in files if f != "tests/test_architecture.py" and _mentions(ROOT / f, hosts)]
    assert named == []


def _mentions(path: Path, pattern: re.Pattern[str]) -> bool:
    try:
        return bool(pattern.search(path.read_text()))
    except (UnicodeDecodeError, FileNotFoundError):
        return False
