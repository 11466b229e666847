"""What parsers and the system say, of JSON, Python, KaTeX and files: known by its words, to be said in any language."""

import re
from functools import lru_cache

from server.text import message

SAYINGS = (
    message("Expecting value"),
    message("Expecting ',' delimiter"),
    message("Expecting ':' delimiter"),
    message("Expecting property name enclosed in double quotes"),
    message("Illegal trailing comma before end of array"),
    message("Illegal trailing comma before end of object"),
    message("Extra data"),
    message("it is not UTF-8"),
    message("No such file or directory"),
    message("Permission denied"),
    message("Is a directory"),
    message("'utf-8' codec can't decode byte {byte} in position {position}: {why}"),
    message("Unterminated string starting at"),
    message("Invalid control character at"),
    message("Invalid \\escape"),
    message("Invalid \\uXXXX escape"),
    message("invalid syntax"),
    message("'{mark}' was never closed"),
    message("unmatched '{mark}'"),
    message("expected '{mark}'"),
    message("expected an indented block after '{word}' statement"),
    message("expected an indented block after function definition"),
    message("expected an indented block after class definition"),
    message("expected an indented block after {what}"),
    message("unexpected indent"),
    message("unindent does not match any outer indentation level"),
    message("unterminated string literal"),
    message("unterminated triple-quoted string literal"),
    message("Missing parentheses in call to '{name}'"),
    message("invalid character '{mark}' ({code})"),
    message("invalid non-printable character {code}"),
    message("invalid decimal literal"),
    message("cannot assign to function call here"),
    message("cannot assign to expression here"),
    message("cannot assign to literal here"),
    message("cannot assign to {what} here"),
    message("Did you mean to spell “{word}” this way?"),
    message("Expected '{wanted}', got '{found}'"),
    message("Expected group after '{mark}'"),
    message("Expected group as argument to '{command}'"),
    message("Expected a control sequence"),
    message("Got function '{command}' with no arguments as argument to '{other}'"),
    message("Got function '{command}' with no arguments as {place}"),
    message("Got function '{command}' with no arguments"),
    message("Can't use function '{command}' in math mode"),
    message("Can't use function '{command}' in text mode"),
    message("Unexpected end of input in a macro argument, expected '{wanted}'"),
    message("Unexpected character: '{mark}'"),
    message("Invalid size: '{size}'"),
    message("Invalid unit: '{unit}'"),
    message("Invalid color: '{color}'"),
    message("Invalid delimiter '{mark}' after '{command}'"),
    message("Invalid delimiter type '{kind}'"),
    message("Illegal delimiter: '{mark}'"),
    message("Limit controls must follow a math operator"),
    message("only one infix operator per group"),
    message("Multiple \\tag"),
    message("\\verb ended by end of line instead of matching delimiter"),
)

# what Unicode calls the characters that nobody sees
CHARACTERS = (
    message("zero width space"),
    message("zero width no-break space"),
    message("zero width joiner"),
    message("zero width non-joiner"),
    message("word joiner"),
    message("soft hyphen"),
    message("function application"),
    message("invisible times"),
    message("invisible separator"),
    message("invisible plus"),
    message("mongolian vowel separator"),
    message("left-to-right mark"),
    message("right-to-left mark"),
    message("left-to-right embedding"),
    message("right-to-left embedding"),
    message("left-to-right override"),
    message("right-to-left override"),
    message("left-to-right isolate"),
    message("right-to-left isolate"),
    message("first strong isolate"),
    message("pop directional formatting"),
    message("pop directional isolate"),
)


@lru_cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for saying in SAYINGS:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(saying))
        found.append((saying, re.compile(pattern, re.DOTALL | re.IGNORECASE)))
    return tuple(found)


def recognise(words: str) -> tuple[str, dict[str, str]]:
    """Return the message id `words` were made from and what fills it; `words` themselves when they are not known."""
    for saying, pattern in _patterns():
        if known := pattern.fullmatch(words):
            return saying, known.groupdict()
    return words, {}
