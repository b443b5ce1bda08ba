"""The check starts an engine as the window does, under the interpreter that it is given."""

import sys
from pathlib import Path

import pytest

from core.errors import DataError
from desktop.gpu.check import check


@pytest.mark.slow
def test_this_interpreter_passes() -> None:
    import torch

    found = check(Path(sys.executable))
    assert found.torch == torch.__version__
    assert found.device == (
        "cpu" if not torch.cuda.is_available() else torch.cuda.get_device_name()
    )


def test_one_that_cannot_start(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="sfumato-gpu"):
        check(tmp_path / "python")
