"""models.yaml and the environment: what is accepted, and what each mistake is told."""

from pathlib import Path

import pytest

from server import config
from server.llm import endpoints, weights

GOOD = """
models:
  - name: far
    model: far-1
    base_url: https://models.example/v1/
    api_key_env: FAR_KEY
    price_in: 2.5
    price_out: 10
    requests_per_minute: 60
"""


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "GOLDSMITH_MODEL", "FAR_KEY"):
        monkeypatch.delenv(name, raising=False)
    home.mkdir(parents=True, exist_ok=True)


def mistake(source: str) -> str:
    with pytest.raises(endpoints.EndpointError) as caught:
        endpoints.parse(source, file="models.yaml")
    return str(caught.value)


def test_a_file_gives_its_endpoints(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "models.yaml").write_text(GOOD)
    (far,) = endpoints.available()
    assert (far.base_url, far.host, far.needs_key) == ("https://models.example/v1", "models.example", True)
    monkeypatch.setenv("FAR_KEY", "secret")
    assert (far.key, far.needs_key) == ("secret", False)
    assert far.cost(1_000_000, 100_000) == 2_500_000 + 1_000_000


def test_without_a_file_the_small_local_model_is_there() -> None:
    (local,) = endpoints.available()
    assert (local.name, local.local, local.small) == ("local", "smollm2", True)


def test_a_fetched_model_is_offered_too(home: Path) -> None:
    (home / "models").mkdir()
    (home / "models" / "qwen2.5-coder-1.5b.gguf").write_bytes(b"")
    assert [one.name for one in endpoints.available()] == ["local", "local-qwen"]


def test_the_local_model_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDSMITH_LOCAL_MODEL", "false")
    config.settings.cache_clear()
    assert endpoints.available() == []


def test_the_environment_gives_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDSMITH_MODEL", "Org/Model-7B")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    first, *_ = endpoints.available()
    assert (first.name, first.model, first.key) == ("org-model-7b", "Org/Model-7B", "secret")
    assert first.base_url == "http://127.0.0.1:8080/v1"


def test_a_wrong_address_in_the_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDSMITH_MODEL", "m")
    monkeypatch.setenv("OPENAI_BASE_URL", "localhost")
    with pytest.raises(endpoints.EndpointError, match="OPENAI_BASE_URL: write an address"):
        endpoints.available()


def test_a_settings_file_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOLDSMITH_MODELS_FILE", str(tmp_path / "nowhere.yaml"))
    config.settings.cache_clear()
    with pytest.raises(endpoints.EndpointError, match=r"nowhere\.yaml does not exist"):
        endpoints.available()


def test_a_key_never_shows_in_a_representation() -> None:
    text = GOOD.replace("api_key_env: FAR_KEY", "api_key: very-secret")
    assert "very-secret" not in repr(endpoints.parse(text, file="models.yaml"))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("models: [", "models.yaml, line 1: this is not YAML. Check the indentation and the quotes there."),
        ("", "models.yaml: write one key, models, and under it a list of endpoints."),
        ("models: {}", "models.yaml: write one key, models, and under it a list of endpoints."),
        ("- name: far", "models.yaml: write one key, models, and under it a list of endpoints."),
        (
            GOOD.replace("price_in", "prise_in"),
            "models.yaml, models.0.prise_in: there is no such field. Did you mean price_in?",
        ),
        (GOOD.replace("    model: far-1\n", ""), "models.yaml, models.0.model: this is needed."),
        (
            GOOD.replace("name: far", "name: Far Away"),
            "models.yaml, models.0.name: use small letters, digits, dots and hyphens.",
        ),
        (
            GOOD.replace("https://", ""),
            "models.yaml, models.0.base_url: write an address that begins with http:// or https://.",
        ),
        (
            GOOD + "    local: smollm2\n",
            "models.yaml, models.0: give either base_url (an address) or local (a model run here).",
        ),
        (
            GOOD + GOOD.split("models:\n")[1],
            "models.yaml, models.1.name: the name far is taken. Give each endpoint its own.",
        ),
        ("models: [text]", "models.yaml, models.0: Input should be a valid dictionary or instance of Endpoint."),
    ],
)
def test_a_mistake_names_the_file_the_place_and_the_mend(source: str, sentence: str) -> None:
    assert mistake(source) == sentence


def test_an_unknown_name_is_answered_with_the_nearest(home: Path) -> None:
    (home / "models.yaml").write_text(GOOD)
    with pytest.raises(endpoints.EndpointError, match="Did you mean far"):
        endpoints.find("fra")


def test_the_pins_of_the_small_model_are_those_of_the_lock_file() -> None:
    from server.llm import fetching

    lock = fetching.LOCK.read_text()
    assert fetching.RUNTIME in lock
    assert fetching.SMOLLM2 in lock
    assert weights.digest(weights.path("smollm2")) == weights.KNOWN["smollm2"].sha256
