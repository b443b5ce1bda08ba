"""How a model's refusal is asked for, and an archive that is no model."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from core.errors import ModelError, ModelRefusedError
from core.models.library import ModelLibrary

UNET = "unet/diffusion_pytorch_model.safetensors"


def refused(folder: Path, kind: type[ModelError] = ModelRefusedError) -> str:
    """Why the library refuses the model in `folder`, and that it does so at once."""
    library = ModelLibrary([folder.parent])
    started = time.process_time()
    library.find()
    with pytest.raises(kind) as caught:
        library.load(folder.name)
    assert time.process_time() - started < 2
    message = str(caught.value)
    assert message.startswith(folder.name)
    assert message.endswith(".")
    assert ". " in message, "the remedy follows"
    return message


def zipped(data: bytes, name: str = "archive/data.pkl") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    return file.getvalue()
