"""Settings, read once from `GOLDSMITH_…` variables; docs/settings.md describes each."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent


class Reader(BaseSettings):
    """What a command must know of its reader, even where another setting is wrong."""

    model_config = SettingsConfigDict(env_prefix="GOLDSMITH_", extra="ignore")

    language: str = Field("", description="What lint, rules and editors speak: en or zh_CN. Empty: as the locale says.")


class Settings(Reader):
    """Every setting; the field's description is its documentation."""

    home: Path = Field(Path("var"), description="Folder for the database, releases, local models and logs.")
    database_url: str = Field("", description="SQLAlchemy URL. Empty: SQLite in GOLDSMITH_HOME.")
    sqlite_synchronous: Literal["NORMAL", "FULL"] = Field(
        "NORMAL", description="FULL also survives a power cut, at the price of slower saves."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, description="Port to listen on.")
    public_url: str = Field("", description="Address people use, for links printed by commands. Empty: host and port.")
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only. Turn on behind TLS.")
    session_days: int = Field(14, ge=1, description="Days until a sign-in expires.")
    login_attempts: int = Field(8, ge=1, description="Failed sign-ins per address or account before a pause.")
    login_pause_minutes: int = Field(10, ge=1, description="Length of that pause, in minutes.")
    lease_minutes: int = Field(120, ge=1, description="Minutes a writer holds a task without saving before it returns.")
    max_text: int = Field(200_000, ge=1_000, description="Longest answer, in characters.")
    max_upload_mb: int = Field(512, ge=1, description="Largest file that may be imported, in MB.")
    threads: int = Field(8, ge=1, description="Requests worked on at once by one server process.")
    models_file: Path | None = Field(None, description="YAML list of model endpoints. Empty: models.yaml in the home.")
    local_model: bool = Field(True, description="Run the small local model when no endpoint is configured.")
    draft_workers: int = Field(4, ge=1, description="Drafts made at once by one process.")
    jobs: bool = Field(True, description="Run jobs inside the server process. Off when `goldsmith worker` does it.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: Literal["auto", "json", "text"] = Field("auto", description="auto: text on a terminal, JSON elsewhere.")

    @property
    def url(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'goldsmith.db'}"

    @property
    def base_url(self) -> str:
        """The address to print in links, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


@lru_cache
def settings() -> Settings:
    """Return the settings of this process; the home folder exists afterwards."""
    found = Settings()  # type: ignore[call-arg]  # every field has a default
    found.home.mkdir(parents=True, exist_ok=True)
    return found


def resources(name: str) -> Path:
    """Return the folder `templates`, `prompts` or `styleguides`: beside the package, or inside it in a wheel."""
    inside = PACKAGE / "_resources" / name
    return inside if inside.is_dir() else PACKAGE.parent / name
