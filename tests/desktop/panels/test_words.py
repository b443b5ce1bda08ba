"""Words that are compared, dragged and turned."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.panels.words import HIGHEST, PIXELS_PER_STEP, ROW, Word, WordBar
from desktop.word_difference import Change

Turned = list[tuple[str, float]]


@pytest.fixture
def before(dressed: QApplication) -> QLineEdit:
    return QLineEdit()


@pytest.fixture
def bar(before: QLineEdit, qtbot: QtBot) -> Iterator[WordBar]:
    """A bar in a window, that shows what it is told as the window does."""
    made = WordBar(before)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(before)
    column.addWidget(made)
    qtbot.addWidget(window)
    weights: dict[str, float] = {}
    prompts = "a red apple", "a green apple, a cat"

    def turn(word: str, weight: float) -> None:
        weights[word.casefold()] = weight
        made.show_prompts(*prompts, weights)

    made.weight_changed.connect(turn)
    made.show_prompts(*prompts, weights)
    window.resize(300, 100)
    window.show()
    qtbot.waitExposed(window)
    yield made
    window.close()


@pytest.fixture
def word(bar: WordBar) -> Callable[[str], Word]:
    return lambda text: next(word for word in bar.words if word.text == text)


def drag(qtbot: QtBot, word: Word, pixels: int) -> None:
    start = word.rect().center()
    qtbot.mousePress(word, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(word, start - QPoint(0, pixels))
    qtbot.mouseRelease(word, Qt.MouseButton.LeftButton, pos=start - QPoint(0, pixels))


def test_the_words_of_both_prompts_stand_in_reading_order(bar: WordBar) -> None:
    shown = [(word.text, word.change) for word in bar.words]
    kept, added, removed = Change.KEPT, Change.ADDED, Change.REMOVED
    assert shown[:4] == [("a", kept), ("red", removed), ("green", added), ("apple", kept)]


def test_dragging_up_and_down_turns_the_weight(bar: WordBar, word, qtbot: QtBot) -> None:
    drag(qtbot, word("green"), 5 * PIXELS_PER_STEP)
    assert word("green").weight == 1.5
    drag(qtbot, word("green"), -10 * PIXELS_PER_STEP)
    assert word("green").weight == 0.5
    drag(qtbot, word("green"), 10_000)
    assert word("green").weight == HIGHEST


def test_a_double_click_puts_it_back(bar: WordBar, word, qtbot: QtBot) -> None:
    drag(qtbot, word("green"), 5 * PIXELS_PER_STEP)
    qtbot.mouseDClick(word("green"), Qt.MouseButton.LeftButton)
    assert word("green").weight == 1.0


def test_tab_reaches_the_words_and_keys_turn_them(
    bar: WordBar, before: QLineEdit, word, qtbot: QtBot
) -> None:
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is bar.words[0]
    qtbot.keyClick(bar.words[0], Qt.Key.Key_Tab)
    green = word("green")
    assert QApplication.focusWidget() is green  # the word that goes is passed over
    qtbot.keyClick(green, Qt.Key.Key_Up)
    qtbot.keyClick(green, Qt.Key.Key_Up)
    assert green.weight == 1.2
    assert green.accessibleName() == "green, weight 1.2"
    qtbot.keyClick(green, Qt.Key.Key_Down)
    assert green.weight == 1.1
    qtbot.keyClick(green, Qt.Key.Key_Delete)
    assert green.weight == 1.0


def test_every_occurrence_of_a_word_has_one_weight(bar: WordBar, qtbot: QtBot) -> None:
    first, second = (word for word in bar.words if word.text == "a")
    drag(qtbot, first, -3 * PIXELS_PER_STEP)
    assert first.weight == second.weight == 0.7


def test_what_goes_and_marks_of_punctuation_cannot_be_turned(
    bar: WordBar, word, qtbot: QtBot
) -> None:
    for text in ("red", ","):
        drag(qtbot, word(text), 5 * PIXELS_PER_STEP)
        qtbot.keyClick(word(text), Qt.Key.Key_Up)
        assert word(text).weight == 1.0


def test_where_the_method_weighs_no_words_the_tooltip_says_why(
    bar: WordBar, word, qtbot: QtBot
) -> None:
    bar.set_reason("This method does not weigh words.")
    green = word("green")
    with qtbot.assertNotEmitted(bar.weight_changed):
        drag(qtbot, green, 5 * PIXELS_PER_STEP)
        qtbot.mouseDClick(green, Qt.MouseButton.LeftButton)
    assert green.toolTip() == "This method does not weigh words."
    assert green.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_long_prompts_take_several_lines(bar: WordBar) -> None:
    bar.show_prompts("", "a green apple " * 8, {})
    assert bar.height() > ROW
    for word in bar.words:
        assert word.geometry().right() <= bar.width()
        assert word.geometry().bottom() <= bar.height()
