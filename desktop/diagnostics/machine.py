"""What a report tells of the machine and of the engine. No Qt; no torch unless it is there."""

import os
import platform
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("torch", "diffusers", "transformers", "numpy", "pillow")
_GIB = 1 << 30


def machine() -> dict[str, str]:
    """Operating system, processor and memory."""
    return {
        "System": f"{platform.platform()} {platform.machine()}",
        "Processor": f"{_processor()}, {os.cpu_count()} threads",
        "Memory": _memory(),
    }


@dataclass(frozen=True)
class AboutEngine:
    """A question to the engine: which libraries it runs, and on what."""

    def answer(self) -> dict[str, str]:
        """Names and values; of devices only where torch is loaded."""
        told = {"Engine's Python": platform.python_version(), **libraries()}
        torch = sys.modules.get("torch")
        if torch is None:
            return told
        told["torch build"] = f"{torch.__version__}, {torch.get_num_threads()} threads"
        told["CUDA"] = str(torch.version.cuda or torch.version.hip or "none")
        if torch.cuda.is_available():
            for index in range(torch.cuda.device_count()):
                card = torch.cuda.get_device_properties(index)
                told[f"Device cuda:{index}"] = f"{card.name}, {card.total_memory / _GIB:.1f} GiB"
        if torch.backends.mps.is_available():
            told["Device mps"] = "available"
        return told


def libraries() -> dict[str, str]:
    """Installed versions by name."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        return platform.processor() or "unknown"
    name = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return name[1] if name else platform.processor() or "unknown"


def _memory() -> str:
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return "unknown"
    return f"{size / _GIB:.1f} GiB"
