"""The pages of lint rules: what each looks for, and how to mend it. The engine's own docstrings are the text.

A rule of a guide's own belongs to a version of that guide, and so does its page. Beside a finding a page comes alone,
as its block `rule`.
"""

from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from server import lint
from server.errors import NotFound
from server.guides import house_rules, queries, rule_help
from server.guides.routes import Number
from server.models import Guide, GuideVersion
from server.web.deps import DB, CurrentUser
from server.web.templating import page, redirect

router = APIRouter()


@router.get("/rules")
def index(request: Request, user: CurrentUser) -> HTMLResponse:
    """Every rule, by family."""
    families = [(key, list(some)) for key, some in groupby(lint.rules().values(), key=lambda rule: rule.family)]
    return page(request, "rules/index.html", families=families)


@router.get("/rules/{code}")
def show(request: Request, code: str, db: DB, user: CurrentUser) -> Response:
    """One rule; its name, and its code in small letters, lead here too. A house rule's code leads to its guide."""
    rule = rule_help.named(code)
    if rule is None:
        return _of_some_guide(request, house_rules.guides(queries.index(db, user), code.upper()), code)
    if code != rule.code:
        return redirect(request, f"/rules/{rule.code}")
    return page(
        request,
        "rules/show.html",
        block="rule",
        rule=rule,
        pieces=rule_help.illustrated(rule),
        options=rule_help.options(rule),
        around=_around(list(lint.rules()), code),
    )


@router.get("/guides/{slug}/rules/{code}")
def show_of_guide(request: Request, slug: str, code: str, db: DB, user: CurrentUser) -> Response:
    """A rule of a guide's own, as its newest version has it."""
    guide = queries.get(db, user, slug)
    return _of_guide(request, guide, queries.current(db, guide.id), code)


@router.get("/guides/{slug}/versions/{number}/rules/{code}")
def show_of_version(request: Request, slug: str, number: Number, code: str, db: DB, user: CurrentUser) -> Response:
    """A rule of a guide's own, as one version has it."""
    guide = queries.get(db, user, slug)
    return _of_guide(request, guide, queries.numbered(db, guide, number), code)


def _of_guide(request: Request, guide: Guide, version: GuideVersion, code: str) -> Response:
    house = {rule.code: (rule, phrase) for rule, phrase in house_rules.of(queries.content(version))}
    if code not in house:
        if rule := rule_help.named(code):
            return redirect(request, f"/rules/{rule.code}")
        raise NotFound("The guide {name} has no rule called {code}.", name=guide.slug, code=code)
    rule, phrase = house[code]
    return page(
        request,
        "guides/rule.html",
        block="rule",
        guide=guide,
        version=version,
        rule=rule,
        pieces=rule_help.illustrated(rule, phrase),
        terms=house_rules.terms(phrase),
        safety=house_rules.safety(phrase),
        around=_around(list(house), code),
    )


def _of_some_guide(request: Request, entries: list[queries.Entry], code: str) -> Response:
    """Lead to the one guide that has a rule of this code; where several have one, let the reader choose."""
    if not entries:
        raise NotFound("There is no rule called {name}.", name=code)
    if len(entries) == 1:
        return redirect(request, f"/guides/{entries[0].guide.slug}/rules/{code.upper()}")
    return page(request, "rules/of_guides.html", code=code.upper(), entries=entries)


def _around(codes: list[str], code: str) -> tuple[str | None, str | None]:
    at = codes.index(code)
    return codes[at - 1] if at else None, codes[at + 1] if at + 1 < len(codes) else None
