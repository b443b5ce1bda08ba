import subprocess
import sys


def test_the_window_imports_neither_torch_nor_diffusers() -> None:
    code = (
        "import sys, desktop.app, desktop.session; "
        "print([m for m in ('torch', 'diffusers', 'transformers') if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
