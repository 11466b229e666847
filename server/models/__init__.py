"""Every table, one noun a file."""

from server.models.accounts import SYSTEM_ID, ApiToken, FailedSignIn, Language, OneTimeLink, SignIn, User
from server.models.answers import Answer, AnswerVersion, Origin, Waiver
from server.models.base import APPEND_ONLY_TABLES, AppendOnly, Row, new_id, now
from server.models.drafts import Draft, DraftState
from server.models.events import Event
from server.models.guides import Guide, GuideVersion
from server.models.jobs import Heartbeat
from server.models.projects import Membership, Project, Role
from server.models.releases import Release
from server.models.reviews import Rating, Review, Verdict
from server.models.tasks import Skip, Stage, Task

__all__ = [
    "APPEND_ONLY_TABLES",
    "SYSTEM_ID",
    "Answer",
    "AnswerVersion",
    "ApiToken",
    "AppendOnly",
    "Draft",
    "DraftState",
    "Event",
    "FailedSignIn",
    "Guide",
    "GuideVersion",
    "Heartbeat",
    "Language",
    "Membership",
    "OneTimeLink",
    "Origin",
    "Project",
    "Rating",
    "Release",
    "Review",
    "Role",
    "Row",
    "SignIn",
    "Skip",
    "Stage",
    "Task",
    "User",
    "Verdict",
    "Waiver",
    "new_id",
    "now",
]
