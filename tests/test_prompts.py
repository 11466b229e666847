"""House rules of `prompts/`: each file says what it is for, and renders with its own sample."""

import pytest

from server.llm import prompts

ALL = prompts.names()


def test_there_are_prompts() -> None:
    assert "drafts/answer" in ALL


@pytest.mark.parametrize("name", ALL)
def test_a_prompt_says_what_it_is_for(name: str) -> None:
    prompt = prompts.load(name)
    assert prompt.purpose.strip()
    assert all(meaning.strip() for meaning in prompt.inputs.values())


@pytest.mark.parametrize("name", ALL)
def test_a_prompt_renders_with_its_sample(name: str) -> None:
    prompt = prompts.load(name)
    text = prompt.render(**prompt.sample)
    assert text
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.parametrize("name", ALL)
def test_a_prompt_uses_every_input_and_no_other(name: str) -> None:
    prompt = prompts.load(name)
    assert prompt.variables() == set(prompt.inputs) == set(prompt.sample)


def test_a_missing_or_unknown_input_is_named() -> None:
    with pytest.raises(prompts.PromptError, match=r"missing inputs \['system'\], unknown inputs \['sistem'\]"):
        prompts.render("drafts/answer", language="en", sistem="")


@pytest.mark.parametrize("name", ["drafts/nothing", "../pyproject", "drafts/../drafts/answer", ""])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(prompts.PromptError, match="There is no prompt"):
        prompts.load(name)


@pytest.mark.parametrize("source", ["No front matter.", "---\npurpose: x\n---\nBody", "---\n- a\n---\nBody"])
def test_a_wrong_front_matter_is_refused(source: str) -> None:
    with pytest.raises(prompts.PromptError, match="ront matter"):
        prompts.parse("a/b", source)


def test_the_hash_changes_with_any_word_of_the_file() -> None:
    head = "---\npurpose: x\ninputs: {}\nsample: {}\n---\n"
    assert prompts.parse("a/b", head + "One").sha256 != prompts.parse("a/b", head + "Two").sha256


def test_input_text_is_data_not_template() -> None:
    assert "{{ 7 * 7 }}" in prompts.render("drafts/answer", language="en", system="{{ 7 * 7 }}")


def test_a_chat_has_one_system_message_and_keeps_the_turns() -> None:
    turns = [
        {"role": "system", "content": "Speak to a child."},
        {"role": "user", "content": "Why is 0.1 not exact?"},
        {"role": "assistant", "content": "Because of binary."},
        {"role": "user", "content": "为什么?"},
    ]
    chat = prompts.chat("drafts/answer", turns, language="zh")
    assert [message["role"] for message in chat] == ["system", "user", "assistant", "user"]
    assert chat[0]["content"].startswith("Speak to a child.")
    assert "简体中文" in chat[0]["content"]
