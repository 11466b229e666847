"""A rule as one page of Markdown: what `goldsmith rules CODE` prints and the documents hold."""

import re
from collections.abc import Iterator

from server import lint
from server.guides import rule_help
from server.guides.rule_help import Piece
from server.lint.diagnostic import LEVEL_WORDS
from server.lint.rule_markdown import code, fenced, literal, table
from server.lint.voice import ENGLISH, Voice
from server.text import message

TIERS = {
    "first": message("within a keystroke (first tier)"),
    "second": message("a moment later (second tier)"),
}
FACTS = (message("code"), message("name"), message("level"), message("when"), message("recommended"))
LEADS = (message("How to mend"), message("Fix safety"))
FINDS = {"bad": message("It finds:"), "good": message("It passes:")}
FINDS_GIVEN = {"bad": message("It finds, given {given}:"), "good": message("It passes, given {given}:")}


def markdown(rule: lint.Rule, voice: Voice = ENGLISH) -> str:
    """Return the page of a rule, as `voice` tells it."""
    return "\n\n".join(_sections(rule, voice)) + "\n"


def _sections(rule: lint.Rule, voice: Voice) -> Iterator[str]:
    say = voice.gettext
    yield f"# {rule.code} {rule.name}"
    yield voice.fill(message("**{title}.**"), {"title": say(rule.title)})
    yield _facts(rule, voice)
    pieces = rule_help.pieces(rule.help)
    yield from (_text(piece, voice) for piece in pieces if piece.kind == "text")
    if fixes := rule_help.fixes(rule.code):
        yield f"## {say(message('Fixes'))}"
        mends = [(literal(fix.told(voice).title), say(rule_help.SAFETIES[fix.safety])) for fix in fixes]
        yield table((say(message("fix")), say(message("how it may be made"))), mends)
    if options := rule_help.options(rule):
        yield f"## {say(message('Options'))}"
        yield _options(options, voice)
    yield f"## {say(message('Examples'))}"
    yield from (_example(piece, voice) for piece in pieces if piece.kind != "text")


def _facts(rule: lint.Rule, voice: Voice) -> str:
    is_on = message("yes: in force unless a guide turns it off")
    is_off = message("no: in force where a guide asks for it")
    told = (
        code(rule.code),
        voice.fill(message("{name}, which reads after “allow …”"), {"name": code(rule.name)}),
        voice.gettext(LEVEL_WORDS[rule.level]),
        voice.gettext(TIERS[rule.tier]),
        voice.gettext(is_on if rule.standard else is_off),
    )
    return table(("", ""), list(zip(map(voice.gettext, FACTS), told, strict=True)))


def _text(piece: Piece, voice: Voice) -> str:
    leads = "|".join(re.escape(voice.gettext(lead)) for lead in LEADS)
    text = re.sub(rf"^({leads}):", r"**\1:**", voice.gettext(piece.text), flags=re.MULTILINE)
    # with the wide colon inside, Markdown would not see that the emphasis ends
    return re.sub(rf"^({leads})：", r"**\1**：", text, flags=re.MULTILINE)


def _options(options: list[rule_help.Option], voice: Voice) -> str:
    head = [message("option"), message("takes"), message("unless set"), message("meaning")]
    nothing = voice.gettext(message("nothing"))
    rows = [
        (code(o.name), code(o.takes), code(o.default) if o.default else nothing, voice.gettext(o.meaning))
        for o in options
    ]
    return table([voice.gettext(word) for word in head], rows)


def _example(piece: Piece, voice: Voice) -> str:
    given = {"given": code(piece.given)} if piece.given else {}
    return f"{voice.fill((FINDS_GIVEN if given else FINDS)[piece.kind], given)}\n\n{fenced(piece.text, 'md')}"
