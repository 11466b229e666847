"""Whether anything is left to say of a formula: what a safe fix makes must be beyond reproach."""

from server.lint import katex
from server.lint.rules.tex import lost_row_break, macro_definition, untrusted_command


def is_sound(tex: str, display: bool) -> bool:
    """Say whether KaTeX reads a formula without a doubt, and it loads, defines and loses nothing."""
    verdict = katex.check([(tex, display)])[0]
    if verdict.kind != "ok" or verdict.strict:
        return False
    spoken = untrusted_command.untrusted(tex) or macro_definition.defines(tex)
    return not spoken and not ("\\begin" in tex and lost_row_break.lost(tex))
