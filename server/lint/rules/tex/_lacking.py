"""Commands KaTeX lacks, by name: another name, other words around their groups, or the name of a function."""

SAME = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textasciitilde": r"\sim", "textdegree": r"^\circ",
    "textbackslash": r"\backslash", "textellipsis": r"\dots", "hdots": r"\dots", "and": r"\land", "or": r"\lor",
    "part": r"\partial", "mbox": r"\text", "textsc": r"\text", "textsl": r"\textit", "centerline": r"\text",
    "bfseries": r"\bf", "itshape": r"\it", "em": r"\it", "sl": r"\it", "upshape": r"\rm", "normalfont": r"\rm",
    "mdseries": r"\rm", "sc": r"\rm", "mit": r"\mathit", "scr": r"\mathscr", "mathup": r"\mathrm",
    "uline": r"\underline", "mathds": r"\mathbb", "mathbbm": r"\mathbb", "mathbold": r"\boldsymbol",
    "framebox": r"\fbox", "cee": r"\ce", "cf": r"\ce", "Q": r"\mathbb{Q}", "C": r"\mathbb{C}", "F": r"\mathbb{F}",
    "RR": r"\mathbb{R}", "NN": r"\mathbb{N}", "ZZ": r"\mathbb{Z}", "QQ": r"\mathbb{Q}", "CC": r"\mathbb{C}",
    "FF": r"\mathbb{F}", "PP": r"\mathbb{P}", "EE": r"\mathbb{E}", "overparen": r"\overgroup",
    "wideparen": r"\overgroup", "overarc": r"\overgroup", "arc": r"\overgroup", "underparen": r"\undergroup",
    "vv": r"\overrightarrow", "Tiny": r"\tiny", "mspace": r"\mkern", "Arrowvert": r"\Vert", "arrowvert": r"\vert",
    "divides": r"\mid", "given": r"\mid", "dd": r"\mathrm{d}", "dif": r"\mathrm{d}", "diff": r"\mathrm{d}",
    "strut": r"\mathstrut", "euro": r"\text{€}", "officialeuro": r"\text{€}", "geneuro": r"\text{€}",
    "ang": r"\angle", "parallelogram": r"\text{▱}", "iiiint": r"\iint\!\iint", "idotsint": r"\int\cdots\int",
    "eqdef": r"\overset{\text{def}}{=}", "qed": r"\square", "upmu": r"\mu", "micro": r"\mu", "ohm": r"\Omega",
    "percent": r"\%", "degrees": r"^\circ", "celsius": r"^\circ\mathrm{C}", "textcelsius": r"^\circ\mathrm{C}",
    "degreeCelsius": r"^\circ\mathrm{C}", "/": "", "noindent": "", "smallskip": "", "medskip": "", "bigskip": "",
    "root": r"\sqrt[", "of": "]",
}  # fmt: skip
# how many groups follow, and what stands around them, in order; what is not named goes
GROUPS = {
    "cancelto": (2, r"\overset{#1}{\cancel{#2}}"), "nicefrac": (2, "{#1}/{#2}"), "sfrac": (2, "{#1}/{#2}"),
    "dv": (2, r"\frac{d #1}{d #2}"), "pdv": (2, r"\frac{\partial #1}{\partial #2}"), "num": (1, "{#1}"),
    "SI": (2, r"#1\,\mathrm{#2}"), "qty": (2, r"#1\,\mathrm{#2}"), "si": (1, r"\mathrm{#1}"),
    "unit": (1, r"\mathrm{#1}"), "ang": (1, r"#1^\circ"), "abs": (1, r"\left\lvert #1\right\rvert"),
    "norm": (1, r"\left\lVert #1\right\rVert"), "floor": (1, r"\left\lfloor #1\right\rfloor"),
    "vb": (1, r"\mathbf{#1}"), "ceil": (1, r"\left\lceil #1\right\rceil"),
    "matrix": (1, r"\begin{matrix}#1\end{matrix}"), "pmatrix": (1, r"\begin{pmatrix}#1\end{pmatrix}"),
    "array": (1, r"\begin{matrix}#1\end{matrix}"), "cases": (1, r"\begin{cases}#1\end{cases}"),
    "eqalign": (1, r"\begin{aligned}#1\end{aligned}"), "displaylines": (1, r"\begin{gathered}#1\end{gathered}"),
    "textsuperscript": (1, r"^{\text{#1}}"), "textsubscript": (1, r"_{\text{#1}}"), "ensuremath": (1, "{#1}"),
    "Space": (3, r"\hspace{#1}"), "Rule": (3, r"\rule{#1}{#2}"), "class": (2, "{#2}"), "cssId": (2, "{#2}"),
    "style": (2, "{#2}"), "mathtip": (2, "{#1}"), "label": (1, ""), "require": (1, ""), "vspace": (1, ""),
    "leftroot": (1, ""), "uproot": (1, ""),
}  # fmt: skip
FUNCTIONS = frozenset((
    "arccot", "arcsec", "arccsc", "arsinh", "arcosh", "artanh", "arcsinh", "arccosh", "arctanh", "sech", "csch",
    "lcm", "hcf", "sgn", "sign", "rank", "tr", "Tr", "diag", "adj", "Var", "Cov", "Corr", "Res", "Hom", "Aut", "End",
    "Gal", "GL", "SL", "SO", "SU", "ord", "cis", "erf", "erfc", "Span", "supp", "proj", "grad", "curl", "rot", "Arg",
    "Ker", "coker", "Spec", "card", "dist", "vol", "sinc",
))  # fmt: skip
IN_TEXT = {"celsius": "°C", "textcelsius": "°C", "degreeCelsius": "°C", "degrees": "°", "euro": "€"}
# what KaTeX knows inside `\text{…}`
OF_TEXT = frozenset(("textless", "textgreater", "textbar", "textasciitilde", "textdegree", "textellipsis"))
