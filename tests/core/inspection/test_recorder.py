"""What is recorded of an edit, and that the edit is the same as unrecorded, to the last bit."""

import pickle

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from core.attention.control import AttentionControl, Watcher, attention_sites, controlled, watched
from core.errors import SamplingError
from core.events import Finished
from core.inspection.recorder import Recorder, word_tokens
from core.methods import method_for
from core.request import EditRequest
from core.run import run_edit
from core.settings import (
    DDIMSwapSettings,
    EditFriendlySettings,
    LEditsPPSettings,
    MaskedFillSettings,
    NullTextSettings,
    PlugAndPlaySettings,
    PromptToPromptSettings,
    SDEditSettings,
)
from tests.core.edits import SOURCE, TARGET, sd1_unet, task

METHODS = [
    SDEditSettings(strength=1.0),
    DDIMSwapSettings(inversion_strength=1.0),
    PromptToPromptSettings(inversion_strength=1.0, blend_words=("cat", "dog")),
    PlugAndPlaySettings(inversion_strength=1.0),
    EditFriendlySettings(inversion_strength=1.0),
    LEditsPPSettings(inversion_strength=1.0),
    NullTextSettings(inversion_strength=1.0),
]


def request(settings, **changes):
    picture = np.random.default_rng(0).integers(0, 256, (100, 128, 3)).astype(np.uint8)
    options = {
        "source_prompt": SOURCE,
        "target_prompt": TARGET,
        "steps": 4,
        "guidance_scale": 3.0,
    }
    return EditRequest(settings, picture, **{**options, **changes})


def finished(edit, model, recorder=None) -> Finished:
    *_, last = run_edit(edit, model, recorder=recorder)
    assert isinstance(last, Finished)
    return last


@pytest.mark.parametrize("settings", METHODS, ids=lambda settings: settings.name)
def test_a_recorded_edit_is_the_same_to_the_last_bit(settings, tiny_model):
    before = dict(tiny_model.unet.attn_processors)
    plain = finished(request(settings), tiny_model)
    recorded = finished(request(settings), tiny_model, Recorder())
    assert np.array_equal(recorded.picture, plain.picture)
    assert recorded.network_evaluations == plain.network_evaluations
    assert plain.recording is None
    recording = recorded.recording
    assert recording is not None
    assert tiny_model.unet.attn_processors == before
    assert recording.words["target"] == tuple(TARGET.split())
    assert {"sample"} <= {step.phase for step in recording.steps}
    assert recording.heat_map("target", 1) is not None


def test_steps_hold_what_the_walk_saw(tiny_model):
    edit = request(DDIMSwapSettings(inversion_strength=1.0))
    recording = finished(edit, tiny_model, Recorder()).recording
    assert recording is not None
    assert recording.total == len(recording.steps) == 8
    assert [step.number for step in recording.steps] == list(range(1, 9))
    assert [step.phase for step in recording.steps] == ["invert"] * 4 + ["sample"] * 4
    for step in recording.steps:
        assert step.alpha == tiny_model.path.alpha(step.t)
        assert step.sigma == tiny_model.path.sigma(step.t)
        for picture in (step.x, step.x0, step.eps):
            assert picture.shape == (13, 16, 3)  # 100 x 128 pixels, eight to a latent
            assert picture.dtype == np.uint8
            assert not picture.flags.writeable
        # the way up is told the source's words, the way down the target's
        assert set(step.maps) == {"source" if step.phase == "invert" else "target"}
        for maps in step.maps.values():
            assert set(maps) == {(14, 16), (7, 8)}  # padded to a grid of 16
            for (height, width), heat in maps.items():
                assert heat.shape == (len(SOURCE.split()), height, width)
                assert heat.dtype == np.float16
                assert not heat.flags.writeable
    assert recording.alphas[-1] == 1.0
    assert recording.sigmas[-1] == 0.0
    assert len(recording.labels) == len(recording.alphas) == len(recording.sigmas)
    again = pickle.loads(pickle.dumps(recording))
    assert np.array_equal(again.steps[3].x, recording.steps[3].x)


def test_pictures_are_previews_of_the_latents(tiny_model):
    one = task(tiny_model, SDEditSettings(strength=1.0))
    recorder = Recorder()
    states = list(recorder.watch(method_for(one.settings)(one), one, whole(one)))
    recording = recorder.recording
    assert recording is not None
    for state, step in zip(states, recording.steps, strict=True):
        x = step.alpha * state.x0 + step.sigma * state.eps
        for latents, picture in ((x, step.x), (state.x0, step.x0), (state.eps, step.eps)):
            assert np.array_equal(tiny_model.preview(latents)[0].numpy(), picture)
    # what the network is given at a step is where the step before it ended
    after = tiny_model.preview(states[0].x)[0].numpy()
    assert np.abs(after.astype(int) - recording.steps[1].x).max() <= 1


def whole(one):
    """The frame of a square task."""
    from core.imaging.frame import Frame

    side = 8 * one.clean.shape[-1]
    return Frame(0, 0, side, side, (side, side), (side, side), 8)


class Everything(Watcher):
    """Looks at all rows of all layers."""

    def __init__(self):
        self.seen = {}

    def rows(self, site, pixels, states):
        return list(range(len(states)))

    def see(self, site, rows, maps):
        self.seen[site.name] = maps


def evaluated(unet):
    torch.manual_seed(3)
    x, states = torch.randn(2, 4, 16, 16), torch.randn(2, 24, 32)
    with torch.no_grad():
        return unet(x, 500, states, return_dict=False)[0]


def test_maps_are_the_softmax_of_the_layers_own_query_and_key():
    unet, watcher, given = sd1_unet(), Everything(), {}
    site = next(site for site in attention_sites(unet) if site.cross)
    handle = site.module.register_forward_pre_hook(
        lambda module, args, options: given.update(x=args[0], **options), with_kwargs=True
    )
    plain = evaluated(unet)
    with watched(unet, watcher):
        assert torch.equal(evaluated(unet), plain)
    handle.remove()
    assert set(watcher.seen) == {site.name for site in attention_sites(unet) if site.cross}
    layer, heads = site.module, site.module.heads
    query, key = layer.to_q(given["x"]), layer.to_k(given["encoder_hidden_states"])
    maps = watcher.seen[site.name]
    for row in range(2):
        for head, (q, k) in enumerate(
            zip(query[row].chunk(heads, dim=1), key[row].chunk(heads, dim=1), strict=True)
        ):
            expected = F.softmax(q @ k.T / q.shape[1] ** 0.5, dim=1)
            torch.testing.assert_close(maps[row, head], expected)


def test_what_a_control_leaves_is_what_is_shown():
    class Flat(AttentionControl):
        sees_maps = True

        def reaches(self, site):
            return site.cross

        def maps(self, site, maps):
            return torch.full_like(maps, 1 / 24)

    unet, watcher = sd1_unet(), Everything()
    before = dict(unet.attn_processors)
    with controlled(unet, Flat(range(1))):
        plain = evaluated(unet)
    with watched(unet, watcher), controlled(unet, Flat(range(1))):
        assert torch.equal(evaluated(unet), plain)
    for maps in watcher.seen.values():
        assert torch.equal(maps, torch.full_like(maps, 1 / 24))
    assert unet.attn_processors == before


def test_prompt_to_prompt_is_shown_with_the_maps_that_it_lends(tiny_model):
    lent = PromptToPromptSettings(inversion_strength=1.0, cross_steps=1.0)
    recording = finished(request(lent), tiny_model, Recorder()).recording
    assert recording is not None
    for step in recording.steps:
        if step.phase == "sample":
            for size, maps in step.maps["target"].items():
                assert np.array_equal(maps, step.maps["source"][size])


def test_a_word_is_the_sum_of_its_tokens_and_the_mean_of_heads_and_layers(tiny_model):
    one = task(tiny_model, SDEditSettings(strength=1.0), guidance_scale=1.0, steps=1)
    recorder, watcher = Recorder(), Everything()
    walk = recorder.watch(method_for(one.settings)(one), one, whole(one))
    with watched(tiny_model.network, watcher):
        list(walk)
    recording = recorder.recording
    assert recording is not None
    words, tokens = word_tokens(tiny_model.tokenizer, TARGET, 24)
    assert recording.words == {"source": tuple(SOURCE.split()), "target": words}
    for (height, width), heat in recording.steps[0].maps["target"].items():
        layers = [m[0] for m in watcher.seen.values() if m.shape[2] == height * width]
        mean = torch.stack(layers).mean(dim=(0, 1)) @ tokens
        expected = mean.T.reshape(len(words), height, width)
        torch.testing.assert_close(
            torch.from_numpy(heat.copy()).float(), expected, rtol=2e-3, atol=1e-6
        )


def test_words_beyond_the_encoders_length_and_signs_are_left_out(tiny_model):
    words, tokens = word_tokens(tiny_model.tokenizer, "a cat, and a dog", 24)
    assert words == ("a", "cat", "and", "a", "dog")
    assert tokens.sum(dim=1).max() == 1
    short, _ = word_tokens(tiny_model.tokenizer, "a cat, and a dog", 3)
    assert len(short) < len(words)
    none, empty = word_tokens(tiny_model.tokenizer, "", 24)
    assert none == ()
    assert empty.shape == (24, 0)


def test_only_prompts_with_words_are_recorded(tiny_model):
    mask = np.zeros((100, 128), np.float32)
    mask[20:60, 20:60] = 1.0
    fill = request(MaskedFillSettings(), mask=mask, source_prompt="")
    recording = finished(fill, tiny_model, Recorder()).recording
    assert recording is not None
    assert set(recording.words) == {"target"}
    assert recording.frame.rows.stop - recording.frame.rows.start <= 100


def test_a_long_edit_is_thinned_out_to_its_bytes(tiny_model):
    edit = request(DDIMSwapSettings(inversion_strength=1.0), steps=10)
    whole_edit = finished(edit, tiny_model, Recorder()).recording
    assert whole_edit is not None
    bound = whole_edit.nbytes // 4
    recording = finished(edit, tiny_model, Recorder(max_bytes=bound)).recording
    assert recording is not None
    assert recording.nbytes <= bound
    numbers = [step.number for step in recording.steps]
    assert len(numbers) >= 3
    assert numbers == list(range(1, 21, numbers[1] - numbers[0]))
    assert recording.total == 20


@pytest.mark.parametrize("settings", [METHODS[1], METHODS[2]], ids=lambda settings: settings.name)
def test_nothing_stays_after_a_cancel_or_an_error(settings, tiny_model, monkeypatch):
    before = dict(tiny_model.unet.attn_processors)
    recorder = Recorder()
    events = run_edit(request(settings), tiny_model, recorder=recorder)
    while getattr(next(events), "step", 0) < 5:
        pass
    assert tiny_model.unet.attn_processors != before
    events.close()
    assert tiny_model.unet.attn_processors == before
    assert recorder.recording is None

    def predict(*_):
        raise SamplingError("no numbers")

    monkeypatch.setattr(tiny_model, "predict", predict)
    with pytest.raises(SamplingError):
        list(run_edit(request(settings), tiny_model, recorder=recorder))
    assert tiny_model.unet.attn_processors == before
    assert recorder.recording is None


def test_strength_0_leaves_nothing_to_record(tiny_model):
    idle = finished(request(DDIMSwapSettings(inversion_strength=0.0)), tiny_model, Recorder())
    assert idle.recording is None
