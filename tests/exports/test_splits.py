"""Splits: fixed by the prompt, near duplicates together, bad text answered with a sentence."""

import pytest

from server.errors import Invalid
from server.exports import splits


def asked(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_an_empty_split_is_one_file() -> None:
    split = splits.parse("  ")
    assert split.names == ("data",)
    assert split.place(asked("anything")) == "data"


def test_two_shares_are_train_and_test_and_three_have_validation_between() -> None:
    assert splits.parse("0.9/0.1").names == ("train", "test")
    assert splits.parse("0.80/0.1/0.10").parts == (("train", "0.8"), ("validation", "0.1"), ("test", "0.1"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0.9", "two or three shares"),
        ("0.5/0.2/0.2/0.1", "has 4"),
        ("0.9/0.2", "adds up to 1.1"),
        ("90/10", "“90” is not a share"),
        ("0.9/x", "“x” is not a share"),
        ("1/0", "“1” is not a share"),
        ("-0.1/1.1", "“-0.1” is not a share"),
        ("nan/0.1", "“nan” is not a share"),
        ("0.9/", "“” is not a share"),
        ("９/１", "“９” is not a share"),
    ],
)
def test_a_bad_split_says_what_is_wrong_with_it(written: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as caught:
        splits.parse(written)
    assert caught.value.field == "split"


def test_near_duplicates_fall_into_the_same_part() -> None:
    split = splits.parse("0.5/0.5")
    for number in range(50):
        first = split.place(asked(f"What is {number} + 2?"))
        assert first == split.place(asked(f"  what IS {number}+2 ？\n"))


def test_the_shares_are_met_closely_on_many_prompts() -> None:
    split = splits.parse("0.8/0.1/0.1")
    placed = [split.place(asked(f"Prompt {number}")) for number in range(5_000)]
    assert 0.78 < placed.count("train") / 5_000 < 0.82
    assert 0.08 < placed.count("validation") / 5_000 < 0.12


def test_a_prompt_of_punctuation_only_still_has_a_group_of_its_own() -> None:
    assert splits.group(asked("???")) != splits.group(asked("!!!"))


def test_the_place_of_a_prompt_is_the_same_in_every_process_and_version() -> None:
    split = splits.parse("0.5/0.5")
    assert [text for text in "abcdefghij" if split.place(asked(text)) == "test"] == ["b", "i", "j"]
