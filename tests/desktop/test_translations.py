import string
import xml.etree.ElementTree as ElementTree
from typing import Literal, get_args, get_origin

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from core import errors
from desktop.language import Language, set_language
from desktop.panels import core_texts
from desktop.state import JOBS, methods_of
from resources import path

TEXTS = path("translations", "sfumato_ko.ts")


def messages() -> list[tuple[str, str, ElementTree.Element]]:
    return [
        (context.findtext("name") or "", message.findtext("source") or "", translation)
        for context in ElementTree.parse(TEXTS).iter("context")
        for message in context.iter("message")
        if (translation := message.find("translation")) is not None
    ]


def test_no_text_is_unfinished() -> None:
    unfinished = [s for _, s, t in messages() if t.get("type") or not (t.text or "").strip()]
    assert not unfinished


def test_placeholders_are_the_same() -> None:
    for _, source, translation in messages():
        assert fields(source) == fields(translation.text or ""), source


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_compiled_file_holds_every_text(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load("sfumato_ko", str(path("translations")))
    for context, source, translation in messages():
        assert translator.translate(context, source) == translation.text, source


@pytest.mark.parametrize(
    "method",
    sorted({method for job in JOBS for method in methods_of(job)}, key=lambda method: method.name),
    ids=lambda method: method.name,
)
def test_the_engines_own_texts_are_known(method) -> None:
    fields = method.model_fields.values()
    choices = [field.annotation for field in fields if get_origin(field.annotation) is Literal]
    wanted = {field.description for field in fields} | {method.title}
    wanted |= {choice for kind in choices for choice in get_args(kind)}
    assert wanted <= core_texts.known_texts()


def test_every_error_has_a_heading() -> None:
    for name in (
        "RequestError",
        "PictureError",
        "ModelError",
        "SaveError",
        "DocumentError",
        "OutOfMemoryError",
        "EngineLostError",
    ):
        assert hasattr(errors, name)
        assert core_texts.problem_title(name) != core_texts.problem_title("")


def test_languages_switch_while_running(qapp: QApplication) -> None:
    set_language(Language.KOREAN)
    assert QCoreApplication.translate("Commands", "Swap") == "바꾸기"
    set_language(Language.ENGLISH)
    assert QCoreApplication.translate("Commands", "Swap") == "Swap"
