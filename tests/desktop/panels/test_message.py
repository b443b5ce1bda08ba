"""The bar for what went wrong."""

from pytestqt.qtbot import QtBot

from desktop.panels.message import MOST_CHARACTERS, MessageBar


def test_a_long_fault_is_cut_and_told_whole_by_its_tooltip(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.say("Something went wrong", "one line, and its remedy.")
    assert bar.text() == "Something went wrong: one line, and its remedy."
    assert bar.label.toolTip() == ""
    fault = "\n\n".join(f"    line {n} of a library" for n in range(40))
    bar.say("Something went wrong", fault)
    assert bar.text().count("\n") == 3
    assert "line 3" in bar.text()
    assert bar.text().endswith("…")
    assert bar.label.toolTip().endswith(fault)
    bar.say("", "word " * 1000)
    assert len(bar.text()) <= MOST_CHARACTERS + 1
