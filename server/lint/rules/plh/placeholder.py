"""PLH101."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.stretches import Stretches

PLACEHOLDER = message("“{text}” is a placeholder nobody filled in.")
_WHOSE = (
    r"(?:full|first|last|company|recipient(?:['’]s)?|sender(?:['’]s)?|customer|client|project|product|event|employee"
    r"|(?:hiring )?manager(?:['’]s)?|school|organi[sz]ation|business|brand|team)"
)
_THINGS = (
    rf"(?:{_WHOSE} )?name|date|company|phone(?: number)?|e-?mail(?: address)?|position|url|placeholder|recipient"
    r"|signature|today['’]s date|number|amount|contact (?:information|info|details)"
    r"|city(?:, state(?:,? zip(?: code)?)?)?"
)
# `[Job Title]`; in small letters it could be part of how a command is used
_LABEL = (
    r"(?-i:(?:[A-Z][A-Za-z]*(?:['’]s)?[ /-]){1,3}(?:Name|Date|Number|Address|Title|Link|URL|Email|Phone|Time"
    r"|Location|Information|Details|Here))"
)
# what is asked for; a verb alone is a key or a button: `[Enter]`
_ASKED = (
    r"(?:please )?(?:your[\s_-]+\w|(?:insert|specify|provide|fill in) \w|(?:enter|add|replace|write|type|state|mention"
    r"|describe|include|list) (?:your|the|an?|any|more|all|here|names?|dates?|details?|text|relevant|specific|of|with)"
    r"\b)"
)
_CHINESE = r"(?:请?(?:插入|填写|输入|填入|替换)|(?:您|你)的|此处|占位)"
_CHINESE_THINGS = (
    "(?:客户|用户|收件人|联系人|公司|单位|学校|部门|产品|项目|活动|具体|开始|结束)?的?"
    "(?:姓名|名称|名字|日期|时间|地址|地点|电话|邮箱|职位|职务|联系方式)"
)
_PLACEHOLDER = re.compile(
    rf"(?<![A-Za-z0-9_)\]])\[(?:(?:{_ASKED}|{_CHINESE})[^\[\]\n]{{0,80}}\]"
    rf"|(?:{_THINGS}|{_LABEL}|title|link|address|公司|{_CHINESE_THINGS})\])"
    rf"|(?<![A-Za-z}}^_])\{{\{{\s*[A-Za-z_][\w .-]{{1,40}}\}}\}}|【{_CHINESE}[^【】\n]{{0,60}}】"
    rf"|(?<![A-Za-z0-9_])<(?:(?:{_ASKED}|{_CHINESE})[^<>\n]{{0,80}}>|(?:{_THINGS})>)",
    re.IGNORECASE,
)
IN_HTML = re.compile(rf"<(?:{_ASKED}[^<>\n]{{0,80}}|{_THINGS})>", re.IGNORECASE)
_BUTTON = re.compile(
    r"(?:\b(?:click|press|tap|select|choose|hit|push)(?: on)?(?: the)?|点击|按下?|选择)[ \t“\"]*\Z", re.I
)
_WANTED = re.compile(
    r"\b(?:template|placeholder|fill[- ]in|boilerplate)s?\b|\b(?:write|draft|compose|create|prepare|generate|make|give"
    r"|need|want|help|sample|example)\b[^.?!\n]{0,60}\b(?:letter|e-?mail|(?<!in the )form|sample|resume|cv|contract"
    r"|invitation|agreement|memo|notice|proposal|message|reply|scope of work|announcement|press release)s?\b"
    r"|模板|模版|信函|写.{0,6}信|邮件|填空|占位|样例|合同|通知",
    re.IGNORECASE,
)


@rule(code="PLH101", name="placeholder", level="error")
def placeholder(document: Document, options: Options) -> Iterator[Finding]:
    """A placeholder was left in the answer.

    `[Your Name]`, `[insert …]`, `<placeholder>`, `{{name}}`, `【请填写】`. Where the prompt asks for a template, a
    letter or the like, placeholders are part of the answer and nothing is said. Links, code, keys and labels are not
    placeholders.

    Bad:
        Kind regards, [Your Name]
    Bad:
        The capital is <insert city>.
    Good (prompt: Write a template for a letter of thanks):
        Kind regards, [Your Name]
    Good:
        See [your account](https://example.org/me), `[Your Name]`, [1] and press [Enter].
    """
    if _WANTED.search(document.context.prompt):
        return
    text = document.masked
    if any(char in text for char in "[{【<"):
        for match in _PLACEHOLDER.finditer(text):
            yield from _found(document, *match.span())
    for start, end in (*document.html, *_blocks(document)):
        if IN_HTML.match(document.text, start, end) and not document.text[max(0, start - 1) : start].isalnum():
            yield from _found(document, start, end)


def _blocks(document: Document) -> Iterator[tuple[int, int]]:
    """Yield what stands alone on its line between angle brackets: a block of HTML to Markdown, and so not masked."""
    if "<" in document.text:
        code = Stretches((block.start, block.end) for block in document.code_blocks)
        for match in IN_HTML.finditer(document.text):
            if document.masked[match.start()] == " " and match.start() not in code:
                yield match.span()


def _found(document: Document, start: int, end: int) -> Iterator[Finding]:
    words, before = document.text[start:end], document.masked[max(0, start - 20) : start]
    if document.text[end : end + 1] in (":", "：") and not document.masked[document.line(start)[0] : start].strip():
        return  # `[Date]: …` at the head of a line is a label
    if words.lower() not in document.context.prompt.lower() and not _BUTTON.search(before):
        yield Finding(start, end, PLACEHOLDER, {"text": words})
