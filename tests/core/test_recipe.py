import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.errors import RecipeError, RequestError
from core.imaging import png
from core.imaging.image import save
from core.imaging.packing import pack_mask, unpack_mask
from core.recipe import (
    find_input,
    hash_pixels,
    make_recipe,
    read_recipe,
    to_request,
    versions,
    with_input_path,
)
from core.request import EditRequest
from core.settings import DDIBSettings, DDIMSwapSettings, GenerationSettings, MaskedFillSettings
from core.verification import verify

RANDOM = np.random.default_rng(11)


def noise(*shape, dtype=np.uint8):
    return RANDOM.integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype)


def fill(picture, mask=None):
    if mask is None:
        mask = np.zeros(picture.shape[:2], np.float32)
        mask[2:5, 3:6] = 1
    return EditRequest(
        settings=MaskedFillSettings(strength=0.75),
        picture=picture,
        mask=mask,
        target_prompt="사과 “apple”",
        steps=7,
        guidance_scale=3,
        seed=2**63 - 1,
        model="little",
    )


def recipe_of(request, result, **changes):
    options = {
        "model_name": "little",
        "model_fingerprint": "f" * 64,
        "device": "cpu",
        "dtype": "torch.float32",
        "result_pixels": result,
        **changes,
    }
    return make_recipe(request, **options)


@pytest.fixture
def made(tmp_path):
    """A picture, a result beside it with its recipe, and both as they were in memory."""
    picture, result = noise(8, 9, 3), noise(8, 9, 3)
    save(tmp_path / "photo.png", picture)
    recipe = recipe_of(fill(picture), result)
    recipe = with_input_path(recipe, tmp_path / "photo.png", tmp_path / "result.png")
    save(tmp_path / "result.png", result, recipe=recipe)
    return tmp_path, picture, result, recipe


def test_a_result_carries_the_request_that_made_it(made):
    folder, picture, _, recipe = made
    read = read_recipe(folder / "result.png")
    assert read == recipe == json.loads(json.dumps(recipe))
    original = find_input(read, folder / "result.png")
    assert original is not None
    again, first = to_request(read, original.pixels), fill(picture)
    for name in ("source_prompt", "target_prompt", "steps", "guidance_scale", "seed", "model"):
        assert getattr(again, name) == getattr(first, name)
    assert again.settings == first.settings
    np.testing.assert_array_equal(again.picture, picture)
    np.testing.assert_array_equal(again.mask, first.mask)


def test_a_smaller_edit_is_replayed_as_small():
    picture = noise(8, 9, 3)
    recipe = recipe_of(fill(picture).with_(scale=0.5), picture)
    assert to_request(recipe, picture).scale == 0.5
    del recipe["scale"]  # as older recipes are
    assert to_request(recipe, picture).scale == 1.0


def test_generation_needs_no_picture(tmp_path):
    request = EditRequest(settings=GenerationSettings(eta=1.0), target_prompt="a", size=(64, 48))
    save(tmp_path / "a.png", noise(64, 48, 3), recipe=recipe_of(request, noise(64, 48, 3)))
    recipe = read_recipe(tmp_path / "a.png")
    assert find_input(recipe, tmp_path / "a.png") is None
    again = to_request(recipe)
    assert again.size == (64, 48)
    assert again.settings == request.settings
    with pytest.raises(RecipeError, match="from no picture"):
        to_request(recipe, noise(4, 4, 3))


def test_the_recipe_names_what_was_used(made):
    _, picture, result, recipe = made
    assert recipe["picture"] == {
        "path": "photo.png",
        "sha256": hash_pixels(picture),
        "width": 9,
        "height": 8,
        "bits": 8,
    }
    assert recipe["result"]["sha256"] == hash_pixels(result)
    assert recipe["model"] == {"name": "little", "fingerprint": "f" * 64}
    assert (recipe["device"], recipe["dtype"]) == ("cpu", "float32")
    assert recipe["software"] == versions()
    assert {"sfumato", "torch", "diffusers"} <= versions().keys()


def test_the_recipe_tells_no_folders(made):
    folder, _, _, recipe = made
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    away = with_input_path(recipe, folder / "photo.png", deep / "r.png")
    assert away["picture"]["path"].replace("\\", "/") == "../../photo.png"
    assert find_input(away, deep / "r.png") is not None


def test_the_input_is_found_beside_the_result(made):
    folder, picture, _, recipe = made
    lost = {**recipe, "picture": {**recipe["picture"], "path": "../gone/photo.png"}}
    found = find_input(lost, folder / "result.png")
    assert found is not None
    np.testing.assert_array_equal(found.pixels, picture)


def test_a_lost_or_changed_input_is_named(made):
    folder, _, _, recipe = made
    save(folder / "photo.png", noise(8, 9, 3))
    with pytest.raises(RecipeError, match=r"photo\.png.* has changed since.*--picture"):
        find_input(recipe, folder / "result.png")
    (folder / "photo.png").unlink()
    with pytest.raises(RecipeError, match=r"photo\.png.* is not where it was.*--picture"):
        find_input(recipe, folder / "result.png")
    nameless = {**recipe, "picture": {**recipe["picture"], "path": None}}
    with pytest.raises(RecipeError, match="--picture"):
        find_input(nameless, folder / "result.png")


def test_another_picture_is_not_taken(made):
    _, _, _, recipe = made
    with pytest.raises(RecipeError, match="not the one that this result was made from"):
        to_request(recipe, noise(8, 9, 3))
    with pytest.raises(RecipeError, match=r"photo\.png. Give it with --picture"):
        to_request(recipe)


@settings(deadline=None, max_examples=40)
@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12),
        elements=st.one_of(
            st.floats(0, 1, width=32),
            st.integers(0, 255).map(lambda n: float(np.float32(n) / np.float32(255))),
        ),
    )
)
def test_any_mask_survives_exactly(mask):
    np.testing.assert_array_equal(unpack_mask(*pack_mask(mask), mask.shape), mask)


def test_painted_masks_are_compact():
    mask = np.zeros((3000, 4000), np.float32)
    mask[1000:1500, 1000:1600] = 1
    encoding, data = pack_mask(mask)
    assert encoding == "png8"
    assert len(data) < 60_000
    assert pack_mask(np.full((2, 2), 1000 / 65535, np.float32))[0] == "png16"
    assert pack_mask(np.full((2, 2), 1 / 3 + 1e-4, np.float32))[0] == "float32"


def test_hashes_depend_on_values_shape_and_depth():
    values = noise(4, 6, 3)
    variants = [values, values.reshape(6, 4, 3), values.astype(np.uint16), values + np.uint8(1)]
    assert len({hash_pixels(variant) for variant in variants}) == 4
    assert hash_pixels(values.copy()) == hash_pixels(np.asfortranarray(values))


def test_verdicts(made):
    _, picture, result, recipe = made
    exact = verify(result, result.copy(), recipe, recipe)
    assert (exact.outcome, exact.max_difference, exact.psnr) == ("exact", 0, math.inf)
    assert str(exact) == "exact"

    near = np.where(result < 128, result + 1, result - 1).astype(np.uint8)
    close = verify(result, near, recipe, recipe_of(fill(picture), near))
    assert (close.outcome, close.max_difference) == ("close", 1)
    assert close.psnr == pytest.approx(48.13, abs=0.01)
    assert str(close) == "close: 48.1 dB, values differ by up to 1"

    far = verify(result, noise(8, 9, 3), recipe, recipe)
    assert far.outcome == "different"
    other = verify(result, noise(8, 8, 3), recipe, recipe)
    assert (other.outcome, other.psnr) == ("different", None)
    assert "another size" in str(other)


def test_verdicts_in_16_bits_count_in_their_own_steps():
    picture, result = noise(8, 9, 3, dtype=np.uint16), noise(8, 9, 3, dtype=np.uint16)
    near = np.where(result < 32768, result + 200, result - 200).astype(np.uint16)
    recipe = recipe_of(fill(picture), result)
    verdict = verify(result, near, recipe, recipe_of(fill(picture), near))
    assert (verdict.outcome, verdict.max_difference) == ("close", 200)


def test_reasons_are_named(made):
    _, picture, result, recipe = made
    changes = {"model_fingerprint": "0" * 64, "device": "cuda", "dtype": "float16"}
    now = recipe_of(fill(picture), result, **changes)
    now["software"] = {**versions(), "torch": "9.9"}
    reasons = " / ".join(verify(result, noise(8, 9, 3), recipe, now).reasons)
    for part in ("another model: little", "device: cuda instead of cpu", "dtype", "torch: 9.9"):
        assert part in reasons


def test_a_second_model_is_recorded_by_name_and_hash():
    picture = noise(4, 4, 3)
    swap = EditRequest(
        DDIBSettings(target_model="/home/me/sketchy"), picture, target_prompt="a dog"
    )
    recipe = recipe_of(swap, picture, other_model=("sketchy", "e" * 64))
    assert recipe["other_model"] == {"name": "sketchy", "fingerprint": "e" * 64}
    assert "/home/me" not in json.dumps(recipe)
    assert to_request(recipe, picture).settings == DDIBSettings(target_model="sketchy")
    now = recipe_of(swap, picture, other_model=("sketchy", "d" * 64))
    reasons = verify(picture, picture, recipe, now).reasons
    assert reasons == ("another model: sketchy, with other weights",)
    assert recipe_of(fill(picture), picture)["other_model"] is None


def test_a_retouched_result_is_noticed(made):
    _, _, result, recipe = made
    retouched = result.copy()
    retouched[0, 0] += np.uint8(50)
    verdict = verify(retouched, result, recipe, recipe)
    assert verdict.outcome == "exact"
    assert "changed after it was made" in str(verdict)


# Recipes that cannot be used ------------------------------------------------------------------


def test_files_without_a_recipe_are_named(made, tmp_path):
    folder = made[0]
    with pytest.raises(RecipeError, match=r"photo\.png carries no recipe"):
        read_recipe(folder / "photo.png")
    with pytest.raises(RecipeError, match=r"gone\.png cannot be read"):
        read_recipe(folder / "gone.png")
    save(folder / "a.jpg", noise(4, 4, 3))
    with pytest.raises(RecipeError, match=r"a\.jpg is no PNG"):
        read_recipe(folder / "a.jpg")
    data = (folder / "result.png").read_bytes()
    (folder / "torn.png").write_bytes(data[: len(data) // 3])
    with pytest.raises(RecipeError, match=r"torn\.png is damaged"):
        read_recipe(folder / "torn.png")


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"schema_version": 1}', "[" * 200_000])
def test_senseless_recipes_are_refused(text, tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(png.encode(noise(4, 4, 3), [png.text_chunk("sfumato", text)]))
    with pytest.raises(RecipeError, match=r"a\.png has a recipe that"):
        read_recipe(file)


def test_newer_recipes_ask_for_an_update(made):
    with pytest.raises(RecipeError, match=r"version 2.*Update Sfumato"):
        to_request({**made[3], "schema_version": 2}, made[1])


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        ({"method": "magic"}, RecipeError, "method “magic” is not known"),
        ({"settings": {"strength": 7}}, RecipeError, "settings do not fit Fill"),
        ({"settings": {"speed": 1}}, RecipeError, "settings do not fit Fill"),
        ({"seed": "one"}, RecipeError, "cannot be understood"),
        ({"steps": 0}, RequestError, "steps is 0"),
        ({"size": [1, 2, 3]}, RecipeError, "cannot be understood"),
    ],
)
def test_contradictions_are_refused(change, error, what, made):
    with pytest.raises(error, match=what):
        to_request({**made[3], **change}, made[1])


@pytest.mark.parametrize("data", ["", "!!!", "AAAA", "iVBORw0KGgo="])
@pytest.mark.parametrize("encoding", ["png8", "png16", "float32"])
def test_damaged_masks_are_refused(data, encoding, made):
    mask = {**made[3]["mask"], "data": data, "encoding": encoding}
    with pytest.raises(RecipeError, match="mask cannot be read"):
        to_request({**made[3], "mask": mask}, made[1])


def test_another_mask_is_refused(made):
    _, data = pack_mask(np.ones((8, 9), np.float32))
    with pytest.raises(RecipeError, match="not the one that was used"):
        to_request({**made[3], "mask": {**made[3]["mask"], "data": data}}, made[1])
    _, data = pack_mask(np.ones((3, 3), np.float32))
    with pytest.raises(RecipeError, match="another size"):
        to_request({**made[3], "mask": {**made[3]["mask"], "data": data}}, made[1])


def test_swap_settings_travel(tmp_path):
    picture = noise(4, 4, 3)
    kind = DDIMSwapSettings(inversion_strength=0.0, inversion_label="current")
    request = EditRequest(settings=kind, picture=picture, source_prompt="a", target_prompt="b")
    again = to_request(recipe_of(request, picture), picture)
    assert again.settings == kind
    assert again.mask is None
