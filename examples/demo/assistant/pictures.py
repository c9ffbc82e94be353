"""Draws the pictures for an answer."""

from diffusers import StableDiffusionXLPipeline
from transformers import AutoProcessor

pipe = StableDiffusionXLPipeline.from_pretrained("stabilityai/stable-diffusion-xl-base-1.0")
reader = AutoProcessor.from_pretrained("google/gemma-2-2b-it")
