"""Workers that are alive: what tells a dead one's jobs from a slow one's."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from server.models.base import UTCDateTime


class Heartbeat(SQLModel, table=True):
    __tablename__ = "heartbeat"
    executor_id: str = Field(primary_key=True, max_length=120)
    beat_at: datetime = Field(sa_type=UTCDateTime)
