"""What a lead or administrator sends about a project, and its JSON shape."""

import uuid
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.models import Role

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=60)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProjectUpdate(Strict):
    """`guide` is a guide's slug; a checkbox that is not sent is off."""

    name: Name
    guide: str
    description: str = Field(default="", max_length=4000)
    show_reference: bool = False
    blind_drafts: bool = False


class ProjectForm(ProjectUpdate):
    slug: Slug
    show_reference: bool = True


class RolesForm(Strict):
    """`roles` may come empty from a page where every box was cleared; the verb says what to do instead."""

    roles: list[Role] = []


class MemberForm(RolesForm):
    email: str = Field(min_length=1, max_length=254)


class ProjectRecord(BaseModel):
    id: uuid.UUID
    slug: str
    name: str
    description: str
    guide: str
    show_reference: bool
    blind_drafts: bool


class ProjectList(BaseModel):
    items: list[ProjectRecord]


class MemberRecord(BaseModel):
    email: str
    name: str
    roles: list[Role]


class MemberList(BaseModel):
    items: list[MemberRecord]
