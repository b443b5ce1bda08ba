"""diffusers' own inpainting pipeline on a loaded model's weights, to be compared with."""

from typing import Any

import numpy as np
import torch
from diffusers import DDIMScheduler, StableDiffusionInpaintPipeline
from PIL import Image

from core.errors import ModelError
from core.evaluation.known_edits import Pixels
from core.models.stable_diffusion import StableDiffusion
from core.request import Mask


class DiffusersInpainting:
    """StableDiffusionInpaintPipeline with the model's plain UNet, which holds the known latents.

    It was written for four latent channels and asks the configuration for that number alone, so
    while it runs the configuration says four; the networks are the model's, as they are.
    """

    def __init__(self, model: StableDiffusion) -> None:
        if model.folder is None:
            raise ModelError("the pipeline reads its scheduler from files; choose a model's name.")
        self._model = model
        parts: dict[str, Any] = {
            "vae": model.vae,
            "text_encoder": model.text_encoder,
            "tokenizer": model.tokenizer,
            "unet": model.unet,
            "scheduler": DDIMScheduler.from_pretrained(model.folder / "scheduler"),
        }
        self._pipeline: Any = StableDiffusionInpaintPipeline(
            **parts,
            safety_checker=None,  # type: ignore[arg-type]
            feature_extractor=None,  # type: ignore[arg-type]
            requires_safety_checker=False,
        )
        self._pipeline.set_progress_bar_config(disable=True)

    def fill(
        self,
        picture: Pixels,
        mask: Mask,
        prompt: str,
        *,
        steps: int,
        guidance_scale: float,
        seed: int,
        strength: float = 1.0,
    ) -> Pixels:
        """What the pipeline gives back: RGB uint8 of the picture's size, decoded as a whole."""
        unet, height, width = self._model.unet, *picture.shape[:2]
        channels = unet.config.in_channels
        try:
            unet.register_to_config(in_channels=4)
            with torch.no_grad():
                found = self._pipeline(
                    prompt=prompt,
                    image=Image.fromarray(picture),
                    mask_image=Image.fromarray(np.rint(mask * 255).astype(np.uint8)),
                    height=height,
                    width=width,
                    strength=strength,
                    num_inference_steps=steps,
                    guidance_scale=guidance_scale,
                    generator=torch.Generator().manual_seed(seed),
                    output_type="np",
                )
        finally:
            unet.register_to_config(in_channels=channels)
        return np.rint(found.images[0] * 255).astype(np.uint8)
