"""Is a model folder whole, and free of code? Answered from headers alone, without torch.

A folder in Stable Diffusion layout holds unet, vae, text_encoder, tokenizer and scheduler; that of
a pixel model unet and scheduler. Weights are safetensors, in one file or in shards with an index;
whatever could run code is refused.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.errors import ModelDamagedError, ModelError, ModelRefusedError
from core.models.abilities import beside_of, read_classes
from core.models.config_file import read_json
from core.models.disguises import refuse_disguises, refuse_links
from core.models.family import family_of, parts_of, patch_of
from core.models.safetensors_file import read_header

NETWORKS = {
    "unet": "diffusion_pytorch_model",
    "vae": "diffusion_pytorch_model",
    "text_encoder": "model",
}
_TOKENIZER = ("tokenizer/vocab.json", "tokenizer/merges.txt")
# Libraries that model_index.json may name; "stable_diffusion" is diffusers' own safety checker.
_LIBRARIES = {"diffusers", "transformers", "stable_diffusion"}
_REMEDY = "Copy the model again or choose another."
_CODE_KEYS = {"auto_map", "custom_pipeline", "custom_revision", "trust_remote_code"}
_CLASSES = {
    "unet": {"UNet2DConditionModel", "UNet2DModel"},
    "vae": {"AutoencoderKL", "VQModel"},
    "vqvae": {"VQModel"},
    "text_encoder": {"CLIPTextModel", "CLIPTextModelWithProjection", "CLIPModel"},
}
"""The networks that are loaded; a configuration that names another is for another program."""


def is_model(folder: Path) -> bool:
    """Whether `folder` looks like a model, whole or not. Quick."""
    return (folder / "model_index.json").is_file() or (folder / "unet" / "config.json").is_file()


def check_folder(folder: Path) -> None:
    """Raise the first of `find_problems`, refusals before damage."""
    problems = find_problems(folder)
    if problems:
        raise next((p for p in problems if isinstance(p, ModelRefusedError)), problems[0])


def find_problems(folder: Path) -> list[ModelError]:
    """Everything that keeps `folder` from being loaded; empty if it is whole and safe."""
    problems: list[ModelError] = []

    def attempt(check: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return check(*arguments)
        except ModelError as error:
            problems.append(error)
        except OSError as error:
            problems.append(
                ModelDamagedError(
                    f"{folder.name} cannot be read: {error.strerror or error}. {_REMEDY}"
                )
            )
        return None

    refused: set[Path] = set()
    for file in sorted(folder.rglob("*")):
        before = len(problems)
        attempt(refuse_links, file, folder, _shown(file, folder))
        if len(problems) == before and file.is_file():
            attempt(_refuse_code, file, folder)
        if len(problems) > before:
            refused.add(file)
    attempt(_check_index, folder)
    parts = parts_of(folder)
    for part in parts:
        stem = NETWORKS["vae" if part == "vqvae" else part]
        attempt(_check_weights, folder, part, stem, refused)
    for name in _TOKENIZER if "text_encoder" in parts else ():
        attempt(_require, folder, name)
    configs = {part: attempt(read_config, folder, f"{part}/config.json") for part in parts}
    for part, config in configs.items():
        attempt(_check_class, folder, part, config or {})
    attempt(read_config, folder, "scheduler/scheduler_config.json")
    if family_of(folder) == "pixel-diffusion":
        attempt(_check_pixels, folder, configs["unet"] or {})
    else:
        attempt(_check_fit, folder, configs)
    return _without_repeats(problems)


def weight_files(folder: Path, part: str, stem: str) -> list[Path]:
    """The safetensors files of one network: its shards by their index, or its single file.

    Raises ModelDamagedError if there is none or a shard is missing.
    """
    for variant in ("", ".fp16"):
        index = folder / part / f"{stem}.safetensors.index{variant}.json"
        if index.is_file():
            shards = read_config(folder, f"{part}/{index.name}").get("weight_map")
            if not isinstance(shards, dict) or not shards:
                raise ModelDamagedError(f"{_shown(index, folder)} lists no shards. {_REMEDY}")
            names = sorted({str(name) for name in shards.values()})
            if any(Path(name).name != name for name in names):
                raise ModelRefusedError(
                    f"{_shown(index, folder)} points outside its folder. Choose another model."
                )
            return [_require(folder, f"{part}/{name}") for name in names]
    for variant in ("", ".fp16"):
        single = folder / part / f"{stem}{variant}.safetensors"
        if single.is_file():
            return [single]
    return [_require(folder, f"{part}/{stem}.safetensors")]


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """The JSON object in `folder`/`name`. Raises ModelDamagedError."""
    file = _require(folder, name)
    try:
        config = read_json(file)
    except (OSError, ValueError) as error:
        raise ModelDamagedError(f"{folder.name}/{name} cannot be read. {_REMEDY}") from error
    if not isinstance(config, dict):
        raise ModelDamagedError(f"{folder.name}/{name} is not a configuration. {_REMEDY}")
    return config


def _refuse_code(file: Path, folder: Path) -> None:
    shown = _shown(file, folder)
    refuse_disguises(file, shown)
    if file.name.endswith("config.json") or file.name == "model_index.json":
        config = read_config(folder, file.relative_to(folder).as_posix())
        asked = _CODE_KEYS & set(_all_keys(config))
        if asked:
            raise ModelRefusedError(
                f"{shown} asks for code of its own ({', '.join(sorted(asked))}). "
                "Choose a model without code."
            )


def _all_keys(config: Any) -> Iterator[str]:
    """The names in a JSON value, however deep."""
    left = [config]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield from one
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)


def _check_class(folder: Path, part: str, config: dict[str, Any]) -> None:
    """The class that the configuration names, if it names one, is one that is loaded here."""
    named = config.get("architectures", [])
    classes = [*(named if isinstance(named, list) else [named]), config.get("_class_name")]
    for name in classes:
        if name is not None and str(name) not in _CLASSES[part]:
            raise ModelRefusedError(
                f"{folder.name}/{part}/config.json asks for {str(name)[:60]}, which is not among "
                f"Sfumato's networks ({', '.join(sorted(_CLASSES[part]))}). Choose another model."
            )


def _check_index(folder: Path) -> None:
    """model_index.json is optional; where it is, it names known libraries and no other class."""
    if not (folder / "model_index.json").is_file():
        return
    for part, entry in read_config(folder, "model_index.json").items():
        library = entry[0] if isinstance(entry, list) and len(entry) == 2 else None
        if library is not None and library not in _LIBRARIES:
            raise ModelRefusedError(
                f"{folder.name}/model_index.json takes {part} from {library}. "
                "Choose a model without code of its own."
            )


def _check_weights(folder: Path, part: str, stem: str, refused: set[Path]) -> None:
    """All tensors of one network are there, each in the shard that the index names."""
    held: dict[str, str] = {}
    for file in weight_files(folder, part, stem):
        shown = _shown(file, folder)
        if file not in refused:
            held.update(dict.fromkeys(read_header(file, shown), file.name))
    for variant in ("", ".fp16"):
        index = folder / part / f"{stem}.safetensors.index{variant}.json"
        if held and index.is_file():
            mapped = read_config(folder, f"{part}/{index.name}")["weight_map"]
            missing = [name for name, shard in mapped.items() if held.get(name) != shard]
            if missing and not refused:
                raise ModelDamagedError(
                    f"{_shown(index, folder)} names {missing[0]}, which is not in "
                    f"{mapped[missing[0]]}. {_REMEDY}"
                )
            return


def _check_fit(folder: Path, configs: dict[str, dict[str, Any] | None]) -> None:
    """The networks' sizes agree with each other, as far as their configurations tell."""
    unet, vae, text = (configs[part] or {} for part in parts_of(folder))
    reads, gives = unet.get("in_channels"), vae.get("vq_embed_dim") or vae.get("latent_channels")
    if isinstance(reads, int) and isinstance(gives, int) and reads != gives:
        _check_beside(folder, unet, reads, gives)
    reads, gives = unet.get("cross_attention_dim"), text.get("hidden_size")
    if isinstance(reads, int) and isinstance(gives, int) and reads != gives:
        raise ModelDamagedError(
            f"{folder.name}: the text encoder gives {gives} channels and the UNet reads {reads}. "
            "Copy the whole model again."
        )


def _check_beside(folder: Path, unet: dict[str, Any], reads: int, gives: int) -> None:
    """What the UNet reads beyond the first stage's latents is of a kind that can be told it."""
    if unet.get("out_channels") == gives and beside_of(unet, read_classes(folder)) is not None:
        return
    raise ModelDamagedError(
        f"{folder.name}: the autoencoder gives {gives} channels and the UNet reads {reads}. "
        "Copy the whole model again."
    )


def _check_pixels(folder: Path, unet: dict[str, Any]) -> None:
    """The network reads and gives pixels alone: no variances, no classes, no other pictures."""
    if any((folder / stage).is_dir() for stage in ("vae", "vqvae")):
        raise ModelRefusedError(
            f"{folder.name} is a latent model that is told nothing, which Sfumato does not read. "
            "Choose one that is told a prompt, or a model on pixels."
        )
    reads, gives = unet.get("in_channels"), unet.get("out_channels")
    if not isinstance(reads, int) or not patch_of(reads) or reads != gives:
        raise ModelDamagedError(
            f"{folder.name}: the UNet reads {reads} channels and gives {gives}, and pixels or "
            "blocks of them have 3, 12, 27, ... both times. Choose another model."
        )
    if unet.get("class_embed_type") or unet.get("num_class_embeds"):
        raise ModelDamagedError(
            f"{folder.name}: the UNet asks for a class, which Sfumato cannot tell it. "
            "Choose a model without classes."
        )
    if not isinstance(unet.get("sample_size"), int):
        raise ModelDamagedError(
            f"{folder.name}/unet/config.json does not name the side as sample_size. {_REMEDY}"
        )


def _require(folder: Path, name: str) -> Path:
    file = folder / name
    if not file.is_file():
        raise ModelDamagedError(f"{folder.name}/{name} is missing. {_REMEDY}")
    return file


def _shown(file: Path, folder: Path) -> str:
    return f"{folder.name}/{file.relative_to(folder).as_posix()}"


def _without_repeats(problems: list[ModelError]) -> list[ModelError]:
    def unique() -> Iterator[ModelError]:
        seen: set[str] = set()
        for problem in problems:
            if str(problem) not in seen:
                seen.add(str(problem))
                yield problem

    return list(unique())
