"""The page of model endpoints."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.models import User
from tests.factories import Cast
from tests.jobs import scene

As = Callable[[User], TestClient]
HTMX = {"HX-Request": "true"}


def write(home: Path, url: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "models.yaml").write_text(
        f'models:\n  - {{name: near, model: near-1, base_url: "{url}", retries: 0, price_in: 2.5, price_out: 10}}\n'
        "  - {name: locked, model: locked-1, base_url: https://far.example/v1, api_key_env: NOBODY_HAS_THIS}\n"
        "  - {name: small, model: SmolLM2, local: smollm2, small: true}\n"
    )


def test_it_lists_them_with_price_limits_and_key(as_user: As, cast: Cast, home: Path) -> None:
    write(home, "http://user:word@127.0.0.1:9/v1")
    page = as_user(cast.lea).get("/endpoints").text
    for expected in ("near-1", "127.0.0.1:9", "2.5 / 10", "NOBODY_HAS_THIS is not set", "far.example", "A small model"):
        assert expected in page
    assert "user:word" not in page


def test_a_broken_file_is_explained(as_user: As, cast: Cast, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "models.yaml").write_text("models:\n  - {name: x, modle: y}")
    page = as_user(cast.ada).get("/endpoints")
    assert page.status_code == 200
    assert "Did you mean model?" in page.text


@pytest.mark.parametrize("who", ["wren", "rosa", "otto"])
def test_it_is_for_leads_and_administrators(as_user: As, cast: Cast, who: str, home: Path) -> None:
    write(home, "http://127.0.0.1:9/v1")
    assert as_user(getattr(cast, who)).get("/endpoints").status_code == 403
    assert as_user(getattr(cast, who)).post("/endpoints/near/trial").status_code == 403


def test_the_test_button_really_calls(as_user: As, cast: Cast, home: Path) -> None:
    with scene.model(["It ", "is ", "42."], pause=0) as server:
        write(home, server.url)
        reply = as_user(cast.ada).post("/endpoints/near/trial", headers=HTMX)
        assert server.calls == 1
        plain = as_user(cast.ada).post("/endpoints/near/trial")
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert "Answered in" in reply.text
    assert "It is 42." in reply.text
    assert "It is 42." in plain.text


def test_a_failing_endpoint_says_why(as_user: As, cast: Cast, home: Path) -> None:
    write(home, "http://127.0.0.1:9/v1")
    reply = as_user(cast.ada).post("/endpoints/near/trial", headers=HTMX)
    assert "near cannot be reached at 127.0.0.1:9. Check the address and the network." in reply.text


def test_an_unknown_endpoint_is_not_found(as_user: As, cast: Cast, home: Path) -> None:
    write(home, "http://127.0.0.1:9/v1")
    assert as_user(cast.ada).post("/endpoints/nobody/trial").status_code == 404
