"""What the export verb accepts."""

from pydantic import BaseModel, ConfigDict, Field


class ReleaseForm(BaseModel):
    """`format` is a name of server.exports.formats; `split` is "0.9/0.1", "0.8/0.1/0.1", or empty for one file."""

    model_config = ConfigDict(extra="forbid")

    format: str = Field(max_length=40, examples=["openai"])
    split: str | None = Field(default=None, max_length=60, examples=["0.9/0.1"])
