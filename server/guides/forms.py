"""What the verbs on guides accept."""

from pydantic import BaseModel


class GuideForm(BaseModel):
    """A guide's YAML as a person sent it. `base` is the number of the version they started from; 0 for a new guide."""

    source: str = ""
    base: int = 0
