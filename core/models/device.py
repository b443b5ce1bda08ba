"""Where a model runs and in which numbers: "auto" becomes a device and a dtype."""

from typing import TYPE_CHECKING

from core.errors import RequestError

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cuda", "mps", "cpu")
DTYPES = ("auto", "float32", "float16", "bfloat16")


def resolve_device(name: str = "auto") -> "torch.device":
    """The device that `name` ("auto", "cuda", "cuda:1", "mps", "cpu") stands for.

    "auto" takes cuda before mps before cpu. Raises RequestError for one that is not here.
    """
    import torch

    kind, _, index = name.partition(":")
    if kind not in DEVICES or (index and (kind != "cuda" or not index.isdigit())):
        raise RequestError(f"device {name} is not known; choose {', '.join(DEVICES)}.")
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if kind == "auto":
        kind = "cuda" if cuda else "mps" if mps else "cpu"
    missing = (kind == "cuda" and not cuda) or (kind == "mps" and not mps)
    if missing or (index and int(index) >= torch.cuda.device_count()):
        raise RequestError(f"device {name} is not on this machine; choose cpu or auto.")
    return torch.device(kind, int(index)) if index else torch.device(kind)


def resolve_dtype(name: str, device: "torch.device") -> "torch.dtype":
    """The dtype that `name` stands for: "auto" is float16 on cuda and mps, float32 on cpu.

    Raises RequestError for an unknown name.
    """
    import torch

    if name not in DTYPES:
        raise RequestError(f"dtype {name} is not known; choose {', '.join(DTYPES)}.")
    if name == "auto":
        return torch.float32 if device.type == "cpu" else torch.float16
    return {
        "float32": torch.float32,
        "float16": torch.float16,
        "bfloat16": torch.bfloat16,
    }[name]
