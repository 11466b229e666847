"""The KaTeX wrapper: verdicts, limits, and a process that always ends."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from server.lint import katex, v8


def test_verdicts_carry_places_in_code_points() -> None:
    (verdict,) = katex.check([("😀 \\foo", False)])
    assert (verdict.kind, verdict.start, verdict.end) == ("parse", 2, 6)


def test_strictness_is_noted_but_does_not_fail() -> None:
    (verdict,) = katex.check([("中 + x", False)])
    assert verdict.kind == "ok"
    assert verdict.strict == (("unicodeTextInMathMode", 0, 1),)


def test_equal_formulas_are_asked_once_and_order_is_kept() -> None:
    verdicts = katex.check([("x", False), ("x^", False), ("x", False)])
    assert [item.kind for item in verdicts] == ["ok", "parse", "ok"]


def test_deep_nesting_is_unfinished_not_wrong() -> None:
    (verdict,) = katex.check([("{" * 3900, False)])
    assert verdict.kind == "nesting"
    assert not verdict.checked


def test_a_formula_too_long_is_not_sent() -> None:
    assert katex.check([("x" * 4_001, False)])[0].kind == "too long"
    assert katex.render([("x" * 4_001, False)])[0].error == "too long"


@pytest.mark.parametrize(
    "tex",
    [
        "\\def\\a{\\a\\a}\\a",
        "\\def\\a#1{#1#1}\\a{\\a{\\a{\\a{x}}}}",
        "\\edef\\a{\\a\\a}",
        "\\__proto__",
        "\\constructor",
    ],
)
def test_hostile_macros_are_refused_quickly(tex: str) -> None:
    before = time.monotonic()
    katex.check([(tex, True)])
    katex.render([(tex, True)])
    assert time.monotonic() - before < 2


def test_macros_of_one_formula_do_not_reach_the_next() -> None:
    katex.check([("\\gdef\\foo{x}\\foo", False)])
    assert katex.check([("\\foo + 1", False)])[0].kind == "parse"


def test_trusted_commands_render_inert() -> None:
    (done,) = katex.render([("\\href{javascript:alert(1)}{x}", False)])
    assert "href=" not in done.html


def test_a_runaway_call_ends_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v8, "BATCH_SECONDS", 0.001)
    monkeypatch.setattr(v8, "ONE_SECONDS", 0.001)
    monkeypatch.setattr(v8, "ALL_SECONDS", 0.5)
    slow = [("+".join(f"x_{{{number}}}" for number in range(400)) + f"+{index}", False) for index in range(200)]
    before = time.monotonic()
    assert {item.kind for item in katex.check(slow)} == {"timeout"}
    assert time.monotonic() - before < 3
    monkeypatch.undo()
    assert katex.check([("y_{1}", False), slow[0]])[0].kind == "ok"


def test_a_formula_that_ran_out_of_time_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(katex, "LONGEST", 10**6)
    monkeypatch.setattr(v8, "ONE_SECONDS", 0.001)
    item = ("x_{1}" * 100_000, False)
    assert katex.check([item])[0].kind == "timeout"
    monkeypatch.setattr(v8, "ONE_SECONDS", 30.0)
    assert katex.check([item])[0].kind == "ok"


def test_running_out_of_memory_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    v8.close()
    katex.check([("warm", False)])
    host = v8.shared()
    assert host.isolate is not None
    host.isolate.engine.eval("goldsmith.check = function () { var a = []; for (;;) a.push(new Array(1e5).fill(1)); }")
    assert katex.check([("q_{memory}", False)])[0].kind in ("memory", "timeout")
    assert katex.check([("q_{after}", False)])[0].kind == "ok"


def test_turns_are_given_in_the_order_of_asking() -> None:
    turns = v8.Turns()
    order: list[int] = []
    threads = []

    def take(number: int) -> None:
        with turns:
            order.append(number)

    with turns:
        for number in range(20):
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            while len(turns._waiting) <= number:
                time.sleep(0)
    for thread in threads:
        thread.join(timeout=10)
    assert order == list(range(20))


INTERRUPTED = """
import os, signal, threading
from server.lint import katex, v8
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
turns, taken, leave = v8.Turns(), threading.Event(), threading.Event()
def hold():
    with turns:
        taken.set()
        leave.wait()
thread = threading.Thread(target=hold)
thread.start()
taken.wait()
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    with turns:
        raise SystemExit("it was not its turn")
except KeyboardInterrupt:
    leave.set()
with turns:
    print("in")
"""


def test_who_is_interrupted_while_waiting_keeps_nobody_out() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], timeout=20, capture_output=True, check=False, text=True)
    assert (done.stdout, done.returncode) == ("in\n", 0), done.stderr


def test_it_can_be_started_from_within_an_event_loop() -> None:
    async def ask() -> str:
        v8.close()
        return katex.check([("l_{oop}", False)])[0].kind

    assert asyncio.run(ask()) == "ok"
    assert katex.check([("l_{ater}", False)])[0].kind == "ok"


def test_many_threads_with_runaways_among_them_all_get_their_own_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v8, "ONE_SECONDS", 0.2)
    monkeypatch.setattr(v8, "BATCH_SECONDS", 0.2)
    monkeypatch.setattr(katex, "LONGEST", 10**6)
    runaway = ("x" * 1_000_000, True)
    wrong: list[str] = []

    def work(seed: int) -> None:
        for turn in range(12):
            name = f"a_{{{seed}}}^{{{turn}}}"
            good, bad, *_ = katex.check([(name, False), (f"\\foo{name}", False)])
            if turn % 6 == seed % 6 and katex.render([runaway])[0].html:
                wrong.append("a runaway came to an end")
            if (good.kind, bad.kind, bad.start) != ("ok", "parse", 0):
                wrong.append(f"{name}: {good} {bad}")

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []


@pytest.mark.parametrize("work", ["", "v8.ONE_SECONDS = 1e-6; katex.check([('y', False)])", "v8.close()"])
def test_the_process_ends_when_its_work_is_done(work: str) -> None:
    code = f"from server.lint import katex, v8\nkatex.check([('x', False)])\n{work}"
    done = subprocess.run([sys.executable, "-c", code], timeout=20, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("before", "kind"), [("", "parse"), ("katex.check([('x', False)])", "crash")])
def test_a_fork_never_hangs_on_v8(before: str, kind: str) -> None:
    code = (
        f"import os\nfrom server.lint import katex\n{before}\npid = os.fork()\n"
        f"if pid == 0:\n    os._exit(0 if katex.check([('y^', False)])[0].kind == '{kind}' else 3)\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=20, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_version_is_known() -> None:
    assert katex.version() == "0.19.1"


def test_only_so_many_verdicts_are_kept_and_tidying_up_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(katex._verdicts, "size", katex._verdicts.size)
    katex.remember(3)
    katex.check([(f"k_{{{number}}}", False) for number in range(10)])
    assert len(katex._verdicts.get([(f"k_{{{number}}}", False) for number in range(10)])) == 3
    katex.tidy()
    assert katex.check([("\\foo", False)])[0].kind == "parse"
