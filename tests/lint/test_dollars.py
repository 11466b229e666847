"""Which dollar signs are formulas: those of money and of programs are none, and a lone one is told for what it is."""

import pytest

from server import lint
from server.lint.document import Document
from server.web import markdown
from tests.lint import shapes, support

MONEY = """
He pays $125 at once and then 500*$2 for bricks.
US$5 is more than A$5, and CA$7/US$6 is the rate.
It is $5/$6 an hour, $1.5M–$2M or $1.5M-$2M a year.
The cost is 5$-10$ a head, or 100$/200$.
It sells for $20 x 5 =$ 100 in total.
Rosie will get $1-$.44=$.56 in change.
She earns 12*3=$36 and $15=$<<3*5=15>>15 more; 10-2= $<<10-2=8>>8 is left, or 8*3=$<<8*3=24>>24.
A ticket is $ 5 and a snack is $ 3.
From $10,000 (2019) to $12,500 (2020), up $2,500.
$100,000/5 = $20,000 a year, $50+$20=$70, and 2*$30=$60.
Price in R$10 or R$12, NT$300/HK$80.
Sally: 14000(3)=42000$ and Max: 1700$
Let us buy for 20$, not 30$.
花了5$到10$，一共5$、10$。
The rate is 1$=7¥, 2$=14¥, or 5$/day and 10$/week.
US$-denominated bonds and A$-denominated ones, in US$,CA$ or A$.
A place of $$ or $$$, and $$-$$$ on the map; "$" or '$','$' or ($) and ($).
They cost 9$ x 4 = 36$, or 15$*240 = 3600$ a year; that is 1800$+720$ = 2520$ or 200$+ 500$ = 700$.
It rose from $5k–$10k to $5m-$10m, US$5–US$10, **$5**/**$10**, "$5"-"$10".
价格是$5和$10，从$5到$10，约$5万～$10万，$5、$10。
""".strip().split("\n")
PROGRAMS = """
Set PATH=$PATH:$HOME/bin and print ${foo}/${bar}, "${user}@${host}" or $first:$second.
In PHP, call f($x,$y), read $this->name and $obj->$field.
In the browser: $('#a').find($('#b')), then $(this).css() and $.ajax($.extend({}, a)).
In R, use data$age, data$sex and iris$Species.
In Perl: @{$h}{$key}, $h->{$key}; in make: $(CC) $(CFLAGS) -o $@ $<.
A loop: for ($i=0;$i<$n;$i++), and then $user_name = 5;
Print the second field with awk '{print $2}' | sed 's/x/y/' and "$a" and "$b".
Label it by label("$A",A,SW); label("$B",B,NW).
I bought $MSFT,$GOOG and sold $AAPL; watch $TSLA/$F, $GME-$AMC, $BRK.B,$BRK.A and $SPY$QQQ.
看好$TSLA和$NVDA，买入$AAPL、$F。
In R, filter by df$x[df$y == 1], or df$x[df$y>2], df[df$x==1,]$y and df$x[!is.na(df$x)].
Then df$a + df$b, table(df$a,df$b), df$x<-df$y, lm(d$y~d$x) and ls()$a,ls()$b.
The regex ^a$|^b$ matches a or b, (^a$|^b$) too.
Use ^\\d+$|^$ to match, or foo$|bar$, or \\.py$|\\.js$ and .*\\.txt$|.*\\.md$.
The patterns ^foo$,^bar$ and /^[a-z]+$/ and /^[0-9]+$/ are the same.
First ^abc$ or ^def$; then /foo$/,/bar$/.
With sed 's/a$/b$/' it is s/$/,/; s/^$/x/.
Here $HOME/$USER, $USER@$HOST, ${x},${y}, ${a}${b} and ${a:-$b}.
In PHP $a = $b, $a.$b, $a,$b, !$a,!$b, $x-$y, $x==$y and $x||$y; $_GET['a'],$_POST['b'].
So if ($a == $b) { then foo($a)($b); and my ($a,$b)=@_;
In Excel =$A$1:$B$2, =SUM($A$1:$A$10), $B$2*$C$3, $A1:$B2 and A$1:B$2.
Specials: $@,$# and $?,$! and $#,$*; $(pwd)/$(date); make -j$(nproc) CC=$CC.
$env:PATH,$env:HOME and $scope.x=$scope.y, $.get(),$.post(), $('a'),$('b'), $store,$state.
{$set:{a:1},$inc:{b:2}} and {$gt:5,$lt:6}, $hash{a},$hash{b}.
""".strip().split("\n")
FORMULAS = """
the $n$th term, the $3$s and the $x-$coordinate in the $xy-$plane
则 $a=$（ ） 或 $b=$ ____，$1,2-$ 二溴乙烷
Let $\\text{"A"}$ be $f$(x), and $A$(1,2) a point; $p' | q'$ and $a:b:c$
$2+3=5$, $1.5$, $10$, $-5$, $5!$, $3:4$ and $50\\%$
Let$x$be a number and$y$another, with $x < 5$ or $x>3$.
the point ($a$,$b$), or $1/2$ of $x/y$, with $12 \\times 3 = 36$ and $\\$5$
设 $x$ 为正整数，$y$是质数，共 $5$ 个。
$1,2-$ 5 and $5-10$, $5$-$10$, $5$到$10$，价格是$5$元和$10$元，$x$和$y$，“$x$”和“$y$”
$x,$th or $y=1.$Then $x<y,$where $x > 0,$and so; $y=|x-1|+|x-3|$th, $ab + ac = -7,$th and $n!$is
$x$ dollars, costs $5x$ dollars; H$_2$O/CO$_2$, m$^2$, $^{12}$C,$^{14}$C; $f'$,$g'$; '$x$' and $A$'s
P($A$|$B$), $|A|$=5, x$|x|$, $a$<$b$, $AB$=$CD$, $AB$和$CD$, $a$,$b$,$c$; $x$|$y$; $x$/$y$; ($x$) and ($y$)
$AB + BP$th of ${CE}$th or $n$th
the operation $@$ or $+$ or $?$, $k$NN, $p$<0.05, $X$~$N$(0,1), $speed$=$distance$/$time$, ${x}$ and ${2}$th
""".strip().split("\n")


def told(text: str) -> list[tuple[str, str]]:
    """Return the codes and the words marked of the two rules that speak of delimiters left over."""
    guide = support.guide(extends="none", select=["DLM001", "DLM005"])
    return [(item.code, text[slice(*item.span.codepoints)]) for item in lint.lint(text, guide).diagnostics]


@pytest.mark.parametrize("text", MONEY + PROGRAMS)
def test_money_and_programs_are_no_formulas(text: str) -> None:
    assert [item.tex for item in Document(text).formulas] == []
    assert told(text) == []


@pytest.mark.parametrize("text", MONEY + PROGRAMS)
def test_what_is_no_formula_is_shown_as_it_is_written(text: str) -> None:
    assert 'class="formula' not in markdown.render(text)


@pytest.mark.parametrize("text", ["df$a + df$b", "5$-10$", "$MSFT,$GOOG", "A$5 and$ x"])
def test_the_page_says_the_same_behind_escaped_bars_of_a_table(text: str) -> None:
    table = f"| a |\n|---|\n| \\|\\|\\| {text} |"
    assert Document(table).formulas == []
    assert 'class="formula' not in markdown.render(table)


@pytest.mark.parametrize(
    "text",
    [
        "US$5–US$10, $5k–$10k, $5m–$10m, C$5/A$6, $5/mo,$10/mo; $5~$10；$5、$10；从$5到$10；“$5”到“$10”",
        "he spent $40 − $4 = $36, at $15/hour or $15,000/year, for $50, 2oz of ham, and for$ 4 each",
        "he was given a 50$ bill by his mother",
        "they cost 9$ x 4 = 36$ or 15$*240 = 3600$; that is 1800$+720$ = 2520$, or x = $ 60/1.5",
        "5$,10$ or 100$-200$ or 5$ - 10$; 1$=7¥, 2$=14¥; 5$到10$",
        "$TSLA/$F, $GME-$AMC, $SPY$QQQ and $TSLA、$F",
        "$a = $b, $a == $b, $a > $b, $a.$b, $i<$n, $x?$y:$z, $x??$y, $arr[$i] and f($x)+g($y)",
        "=$A$1:$B$2, =SUM($A$1:$A$10), $B$2*$C$3, $A:$A,$B:$B and Sheet1!$A$1:$B$2",
        "$env:PATH,$env:HOME; ${x},${y}; self::$a,self::$b; {$gt:5,$lt:6}; $(addprefix $(A),$(B))",
        "^a$|^b$, a$|b$|c$ and /foo$/,/bar$/",
    ],
)
def test_money_and_programs_are_no_formulas_beside_formulas_either(text: str) -> None:
    text = f"Let $n$ be even: {text}"
    assert [item.tex for item in Document(text).formulas] == ["n"]
    assert told(text) == []


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_stay_formulas_whatever_stands_beside_them(text: str) -> None:
    document = Document(text)
    assert len(document.formulas) == (text.count("$") - text.count("\\$")) / 2
    assert document.currency == []
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("So we see that $45000 \\le x holds.", [("DLM001", "$")]),
        ("Let $y-1=2 x-2 be the line.", [("DLM001", "$")]),
        ("因此$x^2 成立。", [("DLM001", "$")]),
        ("Let $n$ be even, and $PQ its half.", [("DLM001", "$")]),
        ("Let $n$ be even, and $n costs $5.", [("DLM001", "$")]),
        ("Let $n$ be even; that costs $5 a piece, or 5$ for all.", []),
        ("So f(x) = 6$ holds, and nothing else.", [("DLM001", "$")]),
        ("因此 \\frac{1}{2}$ 成立。", [("DLM001", "$")]),
        ("Let $n$ be even, then (a, b)$ is a pair.", [("DLM001", "$")]),
        ("Let $n$ be even, then the US$ falls.", []),
        ("So $x = 3 $ + y$ holds.", [("DLM001", "$")]),
        ("So $\\sqrt{x} $ x$ holds.", [("DLM001", "$")]),
        ("Since $ a = 1$ and $ b = 2$ hold, all is well.", [("DLM005", "$ a = 1$"), ("DLM005", "$ b = 2$")]),
        ("So $ P(-1,0) $ and $ n' $, but $ 5 or $ 6.", [("DLM005", "$ P(-1,0) $"), ("DLM005", "$ n' $")]),
        ("所以 $ x^2 $是偶数。", [("DLM005", "$ x^2 $")]),
        ("The $ sign and the $ a, b $ of it.", []),
    ],
)
def test_a_lone_dollar_is_told_for_what_it_is(text: str, marked: list[tuple[str, str]]) -> None:
    assert told(text) == marked


def test_the_dollar_too_many_is_the_middle_one() -> None:
    text = "So $x = 3 $ + y$ holds."
    (item,) = lint.lint(text, support.only("DLM001")).diagnostics
    assert item.span.codepoints == (10, 11)
    assert item.level == "error"


def test_spaced_dollars_become_what_most_of_the_answer_uses() -> None:
    text = "Let \\(a\\) and \\(b\\) be even, and $ c^2 $ odd."
    applied = lint.apply_fixes(text, lambda version: lint.lint(version, support.RECOMMENDED))
    assert applied.text == "Let \\(a\\) and \\(b\\) be even, and \\(c^2\\) odd."


def test_latex_beside_money_or_beside_a_lone_dollar_is_still_told_of() -> None:
    def bare(text: str) -> list[str]:
        return [text[slice(*item.span.codepoints)] for item in lint.lint(text, support.only("DLM008")).diagnostics]

    assert bare("It costs $5, that is \\frac{1}{2} of it.") == ["\\frac{1}{2}"]
    assert bare("So $ x $ is \\alpha and no more.") == ["\\alpha"]
    assert bare("So \\alpha is $\\sqrt{2 + \\beta and no more.") == ["\\alpha"]


@pytest.mark.parametrize("shape", shapes.SHAPES)
@pytest.mark.parametrize(
    "text", ["($) and ($)\na $,b $", "map-get($m,$k)\n$.a,$.b", "Since $ a\n= 1$ it is", *PROGRAMS]
)
def test_in_other_dress_the_same_dollars_are_formulas(shape: str, text: str) -> None:
    dressed, guide = shapes.SHAPES[shape](text), support.guide(extends="none", select=["DLM"])
    plain = shapes.plain(text).keys(lint.lint(text, guide).diagnostics)
    assert dressed.keys(lint.lint(dressed.text, guide).diagnostics) == plain
    assert len(Document(dressed.text).formulas) == len(Document(text).formulas)
