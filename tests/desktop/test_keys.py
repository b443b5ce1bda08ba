from collections.abc import Iterator

import pytest

from desktop.commands import COMMANDS
from desktop.key_conflicts import conflicts, is_canvas_key
from desktop.keys import all_keys, keyed, keys_of, set_keys

USUAL = {"run": "Ctrl+Return", "swap_prompts": "X", "open": "Ctrl+O", "settings": "Ctrl+,"}


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    set_keys(USUAL, {})
    yield
    set_keys({command.id: command.shortcut for command in COMMANDS}, {})


def test_the_usual_keys_leave_a_text_alone() -> None:
    assert keyed("Ctrl+Enter runs; X swaps", "run", "swap_prompts") == "Ctrl+Enter runs; X swaps"


def test_a_text_names_the_keys_of_now() -> None:
    set_keys(USUAL, {"run": "F5", "swap_prompts": "Alt+S", "open": "", "nobody": "F9"})
    assert keyed("Ctrl+Enter runs; X swaps", "run", "swap_prompts") == "F5 runs; Alt+S swaps"
    assert keyed("Ctrl+Enter로 실행", "run") == "F5로 실행"
    assert keyed("Open a picture (Ctrl+O)", "open") == "Open a picture"
    assert keyed("Open one with Ctrl+O.", "open") == "Open one with —."
    assert keyed("Ctrl+Shift+X extends, eXtra", "swap_prompts") == "Ctrl+Shift+X extends, eXtra"
    assert keys_of("nobody") == ""


def test_second_keys_come_along() -> None:
    assert [one.toString() for one in all_keys("Ctrl+Return")] == ["Ctrl+Return", "Ctrl+Enter"]
    assert [one.toString() for one in all_keys("Ctrl++")] == ["Ctrl++", "Ctrl+="]
    assert all_keys("") == []


def test_conflicts_know_second_keys_too() -> None:
    assert conflicts({"a": "Ctrl+Return", "b": "Ctrl+Enter", "c": "", "d": ""}) == [("a", "b")]
    assert conflicts({"redo": "Ctrl+Shift+Z", "year": "Ctrl+Y"}) == [("redo", "year")]


def test_the_commands_as_they_ship_want_nothing_twice_and_nothing_of_the_canvas() -> None:
    keys = {command.id: command.shortcut for command in COMMANDS}
    assert conflicts(keys) == []
    assert not [name for name, own in keys.items() if own and is_canvas_key(own)]
