"""The page of a rule beside the finding it made, in Markdown."""

from collections.abc import Iterable, Iterator

from server.lint import Diagnostic, Fix, Guide, Rule, rules
from server.lint.diagnostic import LEVEL_WORDS
from server.lint.rule_markdown import code, fenced, literal
from server.lint.rule_page import Piece, pieces
from server.lint.voice import ENGLISH, Voice
from server.text import message

HEAD = message("**{code}** {name} ({level})")
GIVEN = message("*{words}* ({given})")
LABELLED = message("*{words}:* {title}")
_HEADINGS = {"bad": message("It finds"), "good": message("It passes")}
_SAFETIES = {"safe": message("Safe fix"), "unsafe": message("Fix to look at"), "display": message("Hint")}


def page(findings: Iterable[Diagnostic], text: str, guide: Guide, voice: Voice = ENGLISH) -> str:
    """Return what is known of some findings in `text`, one under the other, as `voice` tells it."""
    house = {rule.code: rule for rule in guide.lint.house}
    known = {**rules(), **house}
    told = (_parts(each.told(voice), text, known[each.code], voice) for each in findings)
    return "\n\n---\n\n".join("\n\n".join(parts) for parts in told)


def _parts(finding: Diagnostic, text: str, rule: Rule, voice: Voice) -> Iterator[str]:
    level = voice.gettext(LEVEL_WORDS[finding.level])
    yield voice.fill(HEAD, {"code": rule.code, "name": rule.name, "level": level})
    yield literal(finding.message)
    yield from (_fix(fix, text, voice) for fix in finding.fixes)
    yield f"**{literal(voice.gettext(rule.title))}**"
    yield from (_piece(piece, voice) for piece in pieces(rule.help))


def _fix(fix: Fix, text: str, voice: Voice) -> str:
    label = voice.gettext(_SAFETIES[fix.safety])
    words = [voice.fill(LABELLED, {"words": label, "title": literal(fix.title)})]
    if fix.why:
        words.append(literal(fix.why))
    if fix.safety == "display":
        words += [_change(text[slice(*edit.span.codepoints)], edit.text) for edit in fix.edits]
    return "  \n".join(words)


def _change(old: str, new: str) -> str:
    return " → ".join(code(words) if words else "∅" for words in (old, new))


def _piece(piece: Piece, voice: Voice) -> str:
    if piece.kind == "text":
        return voice.gettext(piece.text)
    words = voice.gettext(_HEADINGS[piece.kind])
    heading = voice.fill(GIVEN, {"words": words, "given": piece.given}) if piece.given else f"*{words}*"
    return f"{heading}\n{fenced(piece.text, 'markdown')}"
