"""What an editor offers to do about findings: mend one, mend all that is safe, or let one be with a comment."""

from collections.abc import Collection, Iterable, Iterator

from lsprotocol import types

from server import lint
from server.language_server import edits, present
from server.language_server.texts import Version
from server.lint.command import narrowed
from server.lint.document import Document
from server.lint.suppressions import NEVER, VERB
from server.lint.voice import Voice
from server.text import message

FIX = types.CodeActionKind.QuickFix.value
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.{present.SOURCE}"
KINDS = (FIX, FIX_ALL)
MEND_ALL = message("Fix all safe")
WITH_REASON = message("{title} — {why}")
LET_PASS = message("Let {code} pass in this block, with a comment")
REASON = "reason"
PATIENCE = 3.0  # seconds for the second tier to agree that a comment does what it should


class Offers:
    """The code actions of one version, as `voice` tells them. `versioned` says whether the editor takes edits bound to
    a version."""

    def __init__(self, uri: str, version: Version, voice: Voice, *, versioned: bool) -> None:
        self.uri = uri
        self.version = version
        self.voice = voice
        self.versioned = versioned

    def at(self, place: types.Range, context: types.CodeActionContext) -> list[types.CodeAction]:
        """Return the actions for the findings at a range, or that the editor names; slow, as lint is asked again."""
        named = {each.data.get("fingerprint") for each in context.diagnostics if isinstance(each.data, dict)}
        here = self.version.at(place)
        findings = [each for each in self.version.findings or () if each in here or each.fingerprint in named]
        found: list[types.CodeAction] = []
        if _wanted(FIX, context.only):
            found += [action for each in findings for action in self._fixes(each.told(self.voice))]
            found += self._suppressions(findings)
        on_its_own = context.trigger_kind == types.CodeActionTriggerKind.Automatic and not context.only
        if _wanted(FIX_ALL, context.only) and not on_its_own:
            found += self._fix_all()
        return found

    def _fixes(self, finding: lint.Diagnostic) -> Iterator[types.CodeAction]:
        offered = [fix for fix in finding.fixes if fix.safety != "display"]
        for place, fix in enumerate(sorted(offered, key=lambda fix: fix.safety != "safe")):
            is_safe = fix.safety == "safe"
            reasoned = {"title": fix.title, "why": fix.why.rstrip(".。")}
            title = self.voice.fill(WITH_REASON, reasoned) if fix.why and not is_safe else fix.title
            changes = [(*edit.span.codepoints, edit.text) for edit in fix.edits]
            yield self._action(title, FIX, changes, finding, preferred=is_safe and place == 0)

    def _suppressions(self, findings: Iterable[lint.Diagnostic]) -> Iterator[types.CodeAction]:
        first = {finding.code: finding for finding in reversed([*findings])}
        for code, finding in sorted(first.items()):
            if edit := suppression(self.version, finding):
                title = self.voice.fill(LET_PASS, {"code": code})
                yield self._action(title, FIX, [edit], finding.told(self.voice))

    def _fix_all(self) -> Iterator[types.CodeAction]:
        findings = self.version.findings or ()
        if any(fix.safety == "safe" for finding in findings for fix in finding.fixes):
            guide, text = self.version.guide, self.version.text
            mended = lint.apply_fixes(text, lambda now: lint.lint(now, guide))
            if mended.stable and mended.text != text:
                yield self._action(self.voice.gettext(MEND_ALL), FIX_ALL, edits.between(text, mended.text))

    def _action(
        self,
        title: str,
        kind: str,
        changes: Iterable[edits.Edit],
        about: lint.Diagnostic | None = None,
        *,
        preferred: bool = False,
    ) -> types.CodeAction:
        places, line_end = self.version.places, self.version.line_end
        mends = [
            types.TextEdit(places.range(start, end), words.replace("\n", line_end)) for start, end, words in changes
        ]
        shown = [present.diagnostic(about, places)] if about else None
        return types.CodeAction(title, kind, shown, preferred or None, edit=self._edit(mends))

    def _edit(self, mends: list[types.TextEdit]) -> types.WorkspaceEdit:
        if not self.versioned:
            return types.WorkspaceEdit(changes={self.uri: mends})
        document = types.OptionalVersionedTextDocumentIdentifier(self.uri, self.version.number)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, mends)])


def suppression(version: Version, finding: lint.Diagnostic) -> edits.Edit | None:
    """Return the edit that puts a comment before the finding's block, or None where that would not silence it.

    The comment goes before the outermost block, the first node there, on a line of its own: inside a list it would
    take the list apart.
    """
    rule = lint.rules().get(finding.code)
    start = finding.span.codepoints[0]
    block = next((node for node in Document(version.text).nodes if node.start <= start < node.end), None)
    if rule is None or block is None or finding.code in NEVER:
        return None
    line = version.text.rfind("\n", 0, block.start) + 1
    comment = f"<!-- {VERB} {finding.code} -- {REASON} -->\n"
    silenced = version.text[:line] + comment + version.text[line:]
    alone = narrowed(version.guide, [finding.code], [])
    tiers = lint.BOTH[:1] if rule.tier == "first" else lint.BOTH
    left = lint.lint(silenced, alone, tiers=tiers, seconds=PATIENCE).diagnostics
    return (line, line, comment) if _count(left, rule) < _count(version.findings or (), rule) else None


def _count(findings: Iterable[lint.Diagnostic], rule: lint.Rule) -> int:
    return sum(each.code == rule.code for each in findings)


def _wanted(kind: str, only: Collection[str] | None) -> bool:
    """Say whether an action of this kind is among the wanted ones: kinds are families, parted by dots."""
    return only is None or any(f"{kind}.".startswith(f"{each}." if each else "") for each in only)
