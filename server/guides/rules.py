"""The pages of lint rules: what each looks for, and how to mend it. The engine's own docstrings are the text."""

from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from server import lint
from server.guides import rule_help
from server.web.deps import CurrentUser
from server.web.templating import page, redirect

router = APIRouter()


@router.get("/rules")
def index(request: Request, user: CurrentUser) -> HTMLResponse:
    """Every rule, by family."""
    families = [(key, list(some)) for key, some in groupby(lint.rules().values(), key=lambda rule: rule.family)]
    return page(request, "rules/index.html", families=families)


@router.get("/rules/{code}")
def show(request: Request, code: str, user: CurrentUser) -> Response:
    """One rule; its name, and its code in small letters, lead here too."""
    rule = rule_help.find(code)
    if code != rule.code:
        return redirect(request, f"/rules/{rule.code}")
    codes = list(lint.rules())
    at = codes.index(code)
    return page(
        request,
        "rules/show.html",
        rule=rule,
        pieces=rule_help.pieces(rule.help),
        fixes=rule_help.fixes(code),
        safeties=rule_help.SAFETIES,
        options=rule_help.options(rule),
        around=(codes[at - 1] if at else None, codes[at + 1] if at + 1 < len(codes) else None),
    )
