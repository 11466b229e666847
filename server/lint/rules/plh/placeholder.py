"""PLH101."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

PLACEHOLDER = message("“{text}” is a placeholder nobody filled in.")
_WORDS = (
    r"(?:(?:please )?(?:your|insert|enter|add|fill in|specify|replace|provide|write|type)\b|"
    r"(?:(?:full |first |last |company |recipient'?s? |sender'?s? |customer |project |product )?name|date|company|"
    r"address|phone(?: number)?|e-?mail(?: address)?|title|position|link|url|city|placeholder|"
    r"recipient|signature|today's date|number|amount)\b(?=[\]>}]))"
)
_CHINESE = r"(?:请?(?:插入|填写|输入|填入|替换)|(?:您|你)的|此处|姓名|日期|公司名|联系方式|占位)"
_PLACEHOLDER = re.compile(
    rf"\[(?:{_WORDS}|{_CHINESE})[^\[\]\n]{{0,80}}\]|(?<![A-Za-z}}^_])\{{\{{\s*[\w .-]{{1,40}}\}}\}}"
    rf"|【(?:{_CHINESE})[^【】\n]{{0,60}}】"
    rf"|<(?:{_WORDS}|{_CHINESE})[^<>\n]{{0,80}}>",
    re.IGNORECASE,
)
IN_HTML = re.compile(rf"<(?:{_WORDS})[^<>\n]*>", re.IGNORECASE)
_WANTED = re.compile(
    r"\b(?:template|letter|e-?mail|form|sample|placeholder|fill[- ]in|cover|resume|cv|contract|invitation|"
    r"agreement|memo|notice)s?\b|模板|模版|信函|写.{0,6}信|邮件|填空|占位|样例|合同|通知",
    re.IGNORECASE,
)


@rule(code="PLH101", name="placeholder", level="error")
def placeholder(document: Document, options: Options) -> Iterator[Finding]:
    """A placeholder was left in the answer.

    `[Your Name]`, `[insert …]`, `<placeholder>`, `{{name}}`, `【请填写】`. Where the prompt asks for a template, a
    letter or the like, placeholders are part of the answer and nothing is said. Links and code are not placeholders.

    Bad:
        Kind regards, [Your Name]
    Bad:
        The capital is <insert city>.
    Good (prompt: Write a template for a letter of thanks):
        Kind regards, [Your Name]
    Good:
        See [your account](https://example.org/me), `[Your Name]` and [1].
    """
    if _WANTED.search(document.context.prompt):
        return
    text = document.masked
    for match in _PLACEHOLDER.finditer(text):
        yield from _found(document, *match.span())
    for start, end in document.html:
        if IN_HTML.match(document.text, start, end):
            yield from _found(document, start, end)


def _found(document: Document, start: int, end: int) -> Iterator[Finding]:
    words = document.text[start:end]
    if words not in document.context.prompt:
        yield Finding(start, end, PLACEHOLDER, {"text": words})
