"""The demonstration says nothing false: its shape, its mathematics, its code and its golden answers."""

import contextlib
import io
import itertools
import math
import random
import re
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
import yaml

from server.config import PACKAGE, resources

CONTENT = yaml.safe_load((PACKAGE / "demo_content" / "prompts.yaml").read_text("utf-8"))
TASKS: dict[str, dict[str, Any]] = {task["external_id"]: task for task in CONTENT["tasks"]}
GOLD = {key: task["gold"] for key, task in TASKS.items() if "gold" in task}
FIELDS = {"external_id", "prompt", "messages", "reference_answer", "tags", "priority", "due_in_days", "drafts", "gold"}


def test_there_are_24_tasks_six_of_each_kind() -> None:
    kinds = Counter(key.rsplit("-")[0] + ("-zh" if key.startswith("maths-zh") else "") for key in TASKS)
    assert len(CONTENT["tasks"]) == len(TASKS) == 24
    assert kinds == {"maths": 6, "maths-zh": 6, "writing": 6, "code": 6}


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_a_task_has_the_fields_of_an_import(task: dict[str, Any]) -> None:
    assert task.keys() <= FIELDS
    assert ("prompt" in task) != ("messages" in task)
    assert task["tags"]
    assert task["due_in_days"] > 0
    assert task["priority"] in (0, 1, 2)
    assert all(draft["model"] and draft["text"].strip() for draft in task.get("drafts", []))
    if "messages" in task:
        assert task["messages"][-1]["role"] == "user"


@pytest.mark.parametrize("gold", GOLD.values(), ids=GOLD.keys())
def test_work_already_done_is_rated_by_the_guide(gold: dict[str, Any]) -> None:
    guide = yaml.safe_load((resources("styleguides") / f"{CONTENT['project']['guide']}.yaml").read_text("utf-8"))
    assert gold["stage"] in ("approved", "in_review", "sent_back")
    assert ("review" in gold) == (gold["stage"] != "in_review")
    if "review" in gold:
        assert gold["review"]["ratings"].keys() == {criterion["id"] for criterion in guide["rubric"]}


def test_the_first_song_comes_after_11_quarters() -> None:
    places = list(itertools.combinations(range(1, 11), 3))
    assert Fraction(sum(min(place) for place in places), len(places)) == Fraction(11, 4)
    tails = [Fraction(math.comb(7, k), math.comb(10, k)) for k in range(8)]
    assert tails[1:] == [Fraction(*pair) for pair in ((7, 10), (7, 15), (7, 24), (1, 6), (1, 12), (1, 30), (1, 120))]
    assert sum(tails) == Fraction(11, 4)


def test_the_sum_of_three_terms_is_least_at_one() -> None:
    def total(x: Fraction, y: Fraction) -> Fraction:
        z = 3 - x - y
        return 1 / (1 + x * y) + 1 / (1 + y * z) + 1 / (1 + z * x)

    grid = [(Fraction(i, 20), Fraction(j, 20)) for i in range(1, 59) for j in range(1, 60 - i)]
    assert [pair for pair in grid if total(*pair) <= Fraction(3, 2)] == [(1, 1)]


def test_four_integers_make_a_square() -> None:
    squares = [n for n in range(-1000, 1001) if math.isqrt(v := n * n + 6 * n + 24) ** 2 == v]
    assert squares == [-10, -4, -2, 4]


def test_the_integral_is_a_quarter() -> None:
    steps = 2000
    weights = [1, *([4, 2] * (steps // 2))[:-1], 1]
    area = sum(w * (i / steps) * math.log1p(i / steps) for i, w in enumerate(weights)) / (3 * steps)
    assert area == pytest.approx(0.25, abs=1e-12)


def test_the_tangent_length_is_the_inradius_times_a_cotangent() -> None:
    for a, b, c in ((5, 12, 13), (7, 8, 9), (4, 13, 15)):
        s = (a + b + c) / 2
        inradius = math.sqrt(s * (s - a) * (s - b) * (s - c)) / s
        angle = math.acos((a * a + b * b - c * c) / (2 * a * b))
        assert (a + b - c) / 2 == pytest.approx(inradius / math.tan(angle / 2))


def test_there_are_41_ways_up_the_stairs() -> None:
    def ways(steps: int, after_double: bool = False) -> int:
        if steps == 0:
            return 1
        double = ways(steps - 2, True) if steps >= 2 and not after_double else 0
        return ways(steps - 1) + double

    assert [ways(n) for n in range(3, 11)] == [3, 4, 6, 9, 13, 19, 28, 41]
    assert sum(math.comb(11 - 2 * k, k) for k in range(5)) == 41


def test_the_wait_that_is_left_is_three_and_a_half_minutes() -> None:
    waits = [Fraction(i, 100) + Fraction(1, 200) for i in range(1200)]
    left = [wait - 5 for wait in waits if wait > 5]
    assert sum(left) / len(left) == Fraction(7, 2)


def test_the_sequence_has_its_closed_form() -> None:
    a, total = 2, 0
    for n in range(1, 40):
        total += a
        assert a == 2 ** (n - 1) + n
        assert total == 2**n - 1 + n * (n + 1) // 2
        a = 2 * a - n + 1


def test_the_parameter_is_at_most_one() -> None:
    def least(a: float) -> float:
        return min(x * math.log(x) - a * (x - 1) for x in (1 + i / 1000 for i in range(5000)))

    assert least(1.0) >= 0
    assert least(1.05) < 0


def test_the_triangle_is_largest_on_the_vertical_line() -> None:
    def area(m: float) -> float:
        a, b, c = m * m + 4, 2 * m, -3
        return math.sqrt(b * b - 4 * a * c) / a / 2

    assert max(area(m / 100) for m in range(-1000, 1001)) == area(0) == pytest.approx(math.sqrt(3) / 2)


def test_among_seven_integers_four_sum_to_a_multiple_of_four() -> None:
    for residues in itertools.combinations_with_replacement(range(4), 7):
        assert any(sum(four) % 4 == 0 for four in itertools.combinations(residues, 4))


def test_the_mean_speed_depends_on_what_is_equal() -> None:
    assert Fraction(2, 1) / (Fraction(1, 60) + Fraction(1, 40)) == 48
    assert Fraction(60 + 40, 2) == 50


def _python(key: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", GOLD[key]["text"], re.DOTALL)


@pytest.mark.parametrize("key", ["code-free-slots", "code-prices"])
def test_the_code_prints_what_it_says(key: str) -> None:
    for block in _python(key):
        said = [line.split("  # ")[1] for line in block.splitlines() if line.startswith("print") and "  # " in line]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(block, {})
        assert printed.getvalue().splitlines() == said


def test_free_slots_agree_with_a_check_of_every_minute() -> None:
    namespace: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(_python("code-free-slots")[0], namespace)
    chance = random.Random(7)
    for _ in range(500):
        bookings = [(s := chance.randrange(0, 60), s + chance.randrange(1, 20)) for _ in range(chance.randrange(5))]
        free = {m for f, t in namespace["free_slots"](bookings, 10, 50) for m in range(f, t)}
        assert free == {m for m in range(10, 50) if not any(f <= m < t for f, t in bookings)}


def test_spoken_and_short_answers_keep_their_length() -> None:
    paragraph = TASKS["writing-reservoir"]["prompt"].split("> ")[1]
    assert len(paragraph.split()) > 60
    assert len(GOLD["writing-dark-sky"]["text"].split()) < 240
