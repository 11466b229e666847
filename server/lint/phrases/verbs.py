"""What each verb finds: a phrase rule in, a function from a document to findings out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from math import ceil

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.phrases import deletions, measures, scopes, search
from server.lint.phrases.schema import (
    Common,
    Conditional,
    Consistency,
    Existence,
    FixKind,
    Metric,
    Occurrence,
    Repetition,
    Sequence,
    Substitution,
)
from server.lint.stretches import Stretches

REMOVE = message("Remove it")
REMOVE_SENTENCE = message("Remove the sentence")
WRITE = message("Write “{text}”")
MANY = 60  # different words, beyond which none is looked for in another
_ENDING = re.compile(r"(?:e?s|e?d|ing|e)\Z")
_QUOTES = frozenset("“\"‘'「『«")
Hit = tuple[int, int, int]
Find = Callable[[Document], Iterable[Finding]]


def finder(phrase: Common, pool: search.Pool | None = None) -> Find:
    """Return the check of one phrase rule, its languages, limit and prompt taken into account.

    The rule's words are looked for in the `pool`, where one is given, together with those of other rules.
    """
    find = _MAKERS[type(phrase)](phrase, pool)

    def check(document: Document) -> Iterator[Finding]:
        if phrase.lang and document.language not in phrase.lang:
            return
        found: Iterable[Finding] = find(document)
        if phrase.unless_prompted and document.context.prompt:
            prompt = search.folded(document.context.prompt)
            found = (item for item in found if search.folded(document.text[item.start : item.end]) not in prompt)
        if phrase.unless_quoted:
            found = (item for item in found if document.text[max(0, item.start - 1) : item.start] not in _QUOTES)
        yield from islice(found, phrase.limit or None)

    return check


def _hits(document: Document, phrase: Common, find: search.Search) -> Iterator[Hit]:
    if phrase.scope in scopes.APART:
        text, spans = scopes.stretches(document, phrase.scope)
        for low, high in spans:
            yield from ((which, low + start, low + end) for which, start, end in find.find(text[low:high]))
    elif hits := list(find.find(scopes.searched(document, phrase.scope))):
        within = Stretches(scopes.spans(document, phrase.scope))
        yield from (hit for hit in hits if within.hold(hit[1], hit[2]))


def _unprompted(document: Document, phrase: Common, hits: Iterable[Hit]) -> Iterable[Hit]:
    """What the prompt says too is not counted where the rule does not mind it."""
    prompt = search.folded(document.context.prompt) if phrase.unless_prompted else ""
    return (hit for hit in hits if not prompt or search.folded(document.text[hit[1] : hit[2]]) not in prompt)


def _existence(phrase: Existence, pool: search.Pool | None) -> Find:
    find = search.Search(phrase.tokens, phrase.patterns, ignore_case=phrase.ignore_case, pool=pool)

    def check(document: Document) -> Iterator[Finding]:
        for _, first, end in _hits(document, phrase, find):
            start = deletions.without_lead(document, first, end) if phrase.scope.startswith("prose.") else first
            repairs = _repair(document, phrase.fix, start, end) if phrase.fix else ()
            yield Finding(start, end, phrase.message, {"match": document.text[start:end]}, repairs)

    return check


def _repair(document: Document, fix: FixKind, start: int, end: int) -> tuple[Repair, ...]:
    if fix.kind == "replace":
        return (Repair(WRITE, fix.safety, ((start, end, fix.text),), fix.why, {"text": fix.text}),)
    if fix.kind == "delete_sentence":
        return (Repair(REMOVE_SENTENCE, fix.safety, (deletions.of_sentence(document, start, end),), fix.why),)
    return (Repair(REMOVE, fix.safety, (deletions.of_words(document, start, end),), fix.why),)


def _substitution(phrase: Substitution, pool: search.Pool | None) -> Find:
    observed = list(phrase.swap)
    find = search.Search(observed, (), ignore_case=phrase.ignore_case, pool=pool)

    def check(document: Document) -> Iterator[Finding]:
        for which, start, end in _hits(document, phrase, find):
            old = document.text[start:end]
            new = phrase.swap[observed[which]]
            new = new[:1].upper() + new[1:] if old[:1].isupper() and phrase.ignore_case else new
            if old != new:
                repair = Repair(WRITE, phrase.safety, ((start, end, new),), args={"text": new})
                yield Finding(start, end, phrase.message, {"match": old, "replacement": new}, (repair,))

    return check


def _occurrence(phrase: Occurrence, pool: search.Pool | None) -> Find:
    find = search.Search(phrase.tokens, phrase.patterns, ignore_case=phrase.ignore_case, pool=pool)

    def check(document: Document) -> Iterator[Finding]:
        hits = list(_unprompted(document, phrase, _hits(document, phrase, find)))
        words = _different(search.folded(document.text[start:end]) for _, start, end in hits)
        count = len(words) if phrase.distinct else len(hits)
        share = max(1, ceil((document.words + document.han / 2) / phrase.per_words)) if phrase.per_words else 1
        args = {"count": count, "max": phrase.max, "min": phrase.min, "words": ", ".join(words[:6])}
        if phrase.max is not None and count > phrase.max * share:
            _, start, end = hits[0]
            yield Finding(start, end, phrase.message, {**args, "match": document.text[start:end]})
        elif phrase.min is not None and count < phrase.min:
            yield Finding(0, 0, phrase.message, {**args, "match": ""})

    return check


def _different(words: Iterable[str]) -> list[str]:
    """Return one of each: `delve` and `delving` are one word, `tapestry` and `rich tapestry` too."""
    stems: dict[str, str] = {}
    for word in words:
        stems.setdefault(" ".join(_ENDING.sub("", part) for part in word.replace("-", " ").split()), word)
    if len(stems) > MANY:
        return list(stems.values())
    return [word for stem, word in stems.items() if not any(part != stem and part in stem for part in stems)]


def _repetition(phrase: Repetition, pool: search.Pool | None) -> Find:
    find = search.Search(phrase.tokens, phrase.patterns, ignore_case=phrase.ignore_case, pool=pool)

    def check(document: Document) -> Iterator[Finding]:
        seen: Counter[str] = Counter()
        for _, start, end in _hits(document, phrase, find):
            word = search.folded(document.text[start:end])
            seen[word] += 1
            if seen[word] == phrase.max + 1:
                args = {"match": document.text[start:end], "count": seen[word], "max": phrase.max}
                yield Finding(start, end, phrase.message, args)

    return check


def _consistency(phrase: Consistency, pool: search.Pool | None) -> Find:
    pairs = list(phrase.either.items())
    words = [word for pair in pairs for word in pair]
    find = search.Search(words, (), ignore_case=phrase.ignore_case, pool=pool)

    def check(document: Document) -> Iterator[Finding]:
        hits = list(_hits(document, phrase, find))
        counts = Counter(which for which, _, _ in hits)
        for which, start, end in hits:
            other = which ^ 1  # pairs stand side by side
            rarer = counts[which] < counts[other] or (counts[which] == counts[other] and which > other)
            if counts[other] and rarer:
                repair = Repair(WRITE, "unsafe", ((start, end, words[other]),), args={"text": words[other]})
                args = {"match": document.text[start:end], "other": words[other]}
                yield Finding(start, end, phrase.message, args, (repair,))

    return check


def _conditional(phrase: Conditional, pool: search.Pool | None) -> Find:
    first, second = (search.compiled(text, ignore_case=False) for text in (phrase.first, phrase.second))

    def check(document: Document) -> Iterator[Finding]:
        text, spans = scopes.stretches(document, phrase.scope)
        looked = search.readable(text)
        known = {match.group(1) if second.groups else "" for match in second.finditer(looked)} | set(phrase.exceptions)
        told: set[str] = set()
        within = Stretches(spans)
        for match in first.finditer(looked):
            word = match.group(1) if first.groups and second.groups else ""
            inside = within.hold(*match.span())
            if inside and word not in known and match.group() not in phrase.exceptions and word not in told:
                told.add(word)
                start, end = match.span()
                yield Finding(start, end, phrase.message, {"match": match.group(), "first": match.group()})

    return check


def _metric(phrase: Metric, pool: search.Pool | None) -> Find:
    tree = measures.parse(phrase.formula)

    def check(document: Document) -> Iterator[Finding]:
        value = round(measures.value(tree, document), 2)
        over = phrase.max is not None and value > phrase.max
        under = phrase.min is not None and value < phrase.min
        if over or under:
            yield Finding(0, 0, phrase.message, {"value": value, "max": phrase.max, "min": phrase.min})

    return check


def _sequence(phrase: Sequence, pool: search.Pool | None) -> Find:
    steps = [search.compiled(step, ignore_case=phrase.ignore_case) for step in phrase.steps]

    def check(document: Document) -> Iterator[Finding]:
        text, spans = scopes.stretches(document, phrase.scope)
        looked, within, last = search.readable(text), Stretches(spans), -1
        for pattern, step in zip(steps, phrase.steps, strict=True):
            places = (match.span() for match in pattern.finditer(looked))
            found = next((place for place in places if within.hold(*place)), None)
            if found is None:
                if phrase.required:
                    yield Finding(0, 0, phrase.message, {"match": step})
            elif found[0] < last:
                start, end = found
                yield Finding(start, end, phrase.message, {"match": document.text[start:end]})
            else:
                last = found[0]

    return check


_MAKERS: dict[type[Common], Callable[..., Find]] = {
    Existence: _existence,
    Substitution: _substitution,
    Occurrence: _occurrence,
    Repetition: _repetition,
    Consistency: _consistency,
    Conditional: _conditional,
    Metric: _metric,
    Sequence: _sequence,
}
