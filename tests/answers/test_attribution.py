"""Each word of an answer is owed to one draft at most."""

from server.answers import attribution


def test_an_answer_of_ones_own_owes_nothing() -> None:
    assert attribution.of("We count the pairs directly instead.", {"a": "By induction on the number of sides."}) == {}


def test_a_copied_draft_gave_everything() -> None:
    assert attribution.of("It is four, of course.", {"a": "It is four, of course."}) == {"a": 1.0}


def test_a_short_copied_answer_counts_too() -> None:
    assert attribution.of("It is 4.", {"a": "It is 4."}) == {"a": 1.0}


def test_a_few_common_words_are_chance() -> None:
    answer = "The number of pairs is ten since order does not matter here."
    assert attribution.of(answer, {"a": "The number of sides grows."}) == {}


def test_half_of_an_answer_from_one_draft() -> None:
    answer = "one two three four five six seven eight"
    assert attribution.of(answer, {"a": "zero one two three four nil", "b": "nothing"}) == {"a": 0.5}


def test_two_drafts_share_an_answer() -> None:
    answer = "alpha beta gamma delta and then epsilon zeta eta theta"
    drafts = {"a": "alpha beta gamma delta", "b": "epsilon zeta eta theta"}
    assert attribution.of(answer, drafts) == {"a": 0.4, "b": 0.4}


def test_a_word_counts_once_for_the_longest_run() -> None:
    answer = "one two three four five six"
    drafts = {"short": "one two three four", "long": "one two three four five six"}
    assert attribution.of(answer, drafts) == {"long": 1.0}


def test_equal_drafts_the_first_is_owed() -> None:
    assert attribution.of("one two three four", {"a": "one two three four", "b": "one two three four"}) == {"a": 1.0}


def test_moved_sentences_are_still_owed() -> None:
    answer = "Second comes after first always. First comes before second always."
    assert attribution.of(answer, {"a": "First comes before second always. Second comes after first always."}) == {
        "a": 1.0
    }


def test_chinese_is_counted_by_character_and_formulas_as_one_word() -> None:
    answer = "由均值不等式得 $a + b$ 成立"
    assert attribution.of(answer, {"a": "由均值不等式得 $a+b$ 大"}) == {"a": 0.8}


def test_shares_never_exceed_the_whole() -> None:
    answer = " ".join(str(i) for i in range(100))
    drafts = {str(k): " ".join(str(i) for i in range(k, k + 60)) for k in range(0, 50, 10)}
    assert sum(attribution.of(answer, drafts).values()) <= 1


def test_nothing_written_owes_nothing() -> None:
    assert attribution.of("", {"a": "text"}) == {}
    assert attribution.of("text here", {}) == {}
    assert attribution.of("text here", {"a": ""}) == {}


def test_a_long_answer_is_not_counted_while_it_is_typed() -> None:
    sentence = "It is four, of course. "
    assert attribution.live(sentence, {"a": sentence}) == {"a": 1.0}
    assert attribution.live(sentence * 1000, {"a": sentence}) == {}
