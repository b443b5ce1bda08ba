import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from desktop.settings.file import migrated
from desktop.settings.values import VERSION, Values, salvage

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=5,
)
PARTS = st.sampled_from(list(Values.model_fields))


def test_it_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Values().engine.threads = 3  # type: ignore[misc]


def test_there_and_back_with_keys_that_nobody_knows() -> None:
    content = {"window": {"theme": "light", "sidebar": "left"}, "plugins": [1, {"a": 2}]}
    values, lost = salvage(content)
    assert lost == ()
    assert values.window.theme == "light"
    written = values.model_dump(mode="json")
    assert written["plugins"] == [1, {"a": 2}]
    assert written["window"]["sidebar"] == "left"
    assert salvage(json.loads(json.dumps(written))) == (values, ())


def test_what_makes_no_sense_is_left_out_alone() -> None:
    values, lost = salvage(
        {
            "window": {"theme": "mauve", "rulers": True},
            "engine": {"threads": 4, "model_folders": ["/a", 7, "/b"]},
            "document": "none",
            "shortcuts": {"run": "F5", "open": ["Ctrl+O"]},
        }
    )
    assert set(lost) == {"window.theme", "engine.model_folders.1", "document", "shortcuts.open"}
    assert (values.window.theme, values.window.rulers) == ("dark", True)
    assert (values.engine.threads, values.engine.model_folders) == (4, ("/a", "/b"))
    assert values.document == Values().document
    assert values.shortcuts == {"run": "F5"}


@pytest.mark.parametrize(("said", "counts"), [(-3, 16), (9_999_999, 65536), (64, 64)])
def test_a_number_beyond_its_range_counts_as_the_ranges_end(said: int, counts: int) -> None:
    assert salvage({"document": {"undo_megabytes": said}})[0].document.undo_megabytes == counts


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(PARTS | st.text(max_size=5), JSON, max_size=4))
def test_anything_at_all_leads_to_values(content: dict[str, object]) -> None:
    values, _ = salvage(content)
    assert isinstance(values, Values)
    again, lost_again = salvage(values.model_dump())
    assert lost_again == ()
    assert (again.window, again.engine) == (values.window, values.engine)


def test_versions_are_climbed_one_by_one_and_a_later_one_is_left_alone() -> None:
    assert migrated({"window": {}}, 1)["version"] == VERSION
    assert migrated({"version": VERSION + 5}, VERSION + 5) == {"version": VERSION + 5}


def test_the_engine_reads_them_without_qt() -> None:
    code = (
        "import sys, desktop.settings.file, desktop.diagnostics.report, desktop.jobs.engine_child; "
        "print([m for m in sys.modules if m.startswith(('PySide6', 'torch'))])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
