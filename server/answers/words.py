"""Text cut into the pieces people compare: words, Chinese characters one by one, formulas whole, spaces, the rest."""

import re

# delimiters as Markdown reads them: a dollar that touches a space or is followed by a digit is money, not maths
_DISPLAY = r"\$\$[^$]+\$\$|\\\[(?:(?!\\[\[\]]).)+\\\]"
_INLINE = r"\\\((?:(?!\\[()]).)+\\\)|\$(?![\s$])(?:\\.|\n(?![ \t]*\n)|[^$\\\n])+(?<![\s])\$(?!\d)"
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = rf"[^\W{_HAN}]+(?:['’-][^\W{_HAN}]+)*"
_PIECE = re.compile(
    rf"(?P<formula>{_DISPLAY}|{_INLINE})|(?P<space>[^\S\n]+|\n)|(?P<word>[{_HAN}]|{_WORD})|.", re.DOTALL
)


def pieces(text: str) -> list[str]:
    """Return `text` cut into pieces; joined, they are `text` again. Linear in its length."""
    return [match.group() for match in _PIECE.finditer(text)]


def counted(text: str) -> list[str]:
    """Return only what counts as a word: words in small letters, Chinese characters, formulas without their spaces."""
    return [
        "".join(match.group().split()) if match["formula"] else match.group().casefold()
        for match in _PIECE.finditer(text)
        if match["formula"] or match["word"]
    ]


def is_display(piece: str) -> bool:
    """Say whether a formula stands on lines of its own."""
    return piece.startswith(("$$", "\\["))


def is_formula(piece: str) -> bool:
    """Say whether a piece is a whole formula with its delimiters."""
    match = _PIECE.fullmatch(piece)
    return bool(match and match["formula"])
