import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.collecting import Collector, collect_due


class Node(QObject):
    """In a circle with itself, so that only the collector can take it apart."""

    def __init__(self, ended: list[str]) -> None:
        super().__init__()
        self.itself = self
        self._ended = ended

    def __del__(self) -> None:
        self._ended.append(threading.current_thread().name)


def make_garbage() -> None:
    for _ in range(5000):
        circle: list[object] = []
        circle.append(circle)


def test_objects_of_qt_end_on_the_windows_thread(qtbot: QtBot) -> None:
    collector = Collector()
    ended: list[str] = []
    Node(ended)
    worker = threading.Thread(target=make_garbage, name="worker")
    worker.start()
    worker.join()
    assert ended == [], "nothing is collected elsewhere"
    gc.collect()
    assert ended == [threading.current_thread().name]
    collector.close()


def test_what_is_due_is_collected_in_time(qtbot: QtBot) -> None:
    collector = Collector()
    make_garbage()
    assert gc.get_count()[0] > gc.get_threshold()[0]
    qtbot.waitUntil(lambda: gc.get_count()[0] < gc.get_threshold()[0])
    assert collect_due() is None
    collector.close()


def test_the_automatic_collector_comes_back(qtbot: QtBot) -> None:
    was = gc.isenabled()
    collector = Collector()
    assert not gc.isenabled()
    collector.close()
    assert gc.isenabled() == was
