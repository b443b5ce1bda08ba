"""The engine keeps what it inverted for as long as it lives."""

import numpy as np
import pytest
import torch

from core.events import Finished, Progress
from core.models.library import ModelLibrary
from core.request import EditRequest
from core.settings import DDIMSwapSettings
from desktop.jobs.engine import TorchEngine
from tests.tiny_model import write_tiny_model


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    write_tiny_model(folder / "tiny")
    return ModelLibrary([folder])


def test_the_next_prompt_on_a_picture_costs_no_inversion(library):
    engine = TorchEngine(library)
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    request = EditRequest(
        DDIMSwapSettings(),
        picture,
        source_prompt="a cat",
        target_prompt="a dog",
        steps=3,
        model="tiny",
    )
    evaluations, totals = [], []
    for target in ("a dog", "a red apple", "a dog"):
        *events, last = engine.edit(
            request.with_(target_prompt=target), inspect=False, stopped=lambda: False
        )
        assert isinstance(last, Finished)
        evaluations.append(last.network_evaluations)
        totals.append([event.steps for event in events if isinstance(event, Progress)][-1])
    assert evaluations == [2 + 2 * 2, 2 * 2, 2 * 2]
    assert totals == [4, 2, 2]
