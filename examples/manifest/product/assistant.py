"""A product that answers, reads pictures, draws, and searches."""

from diffusers import StableDiffusion3Pipeline
from transformers import AutoModelForCausalLM, pipeline

chat = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B-Instruct", revision="2024-12-01")
see = pipeline("image-text-to-text", model="google/gemma-3-4b-it", revision="2025-04-01")
draw = StableDiffusion3Pipeline.from_pretrained("stabilityai/stable-diffusion-3.5-large", revision="2024-12-01")
plan = AutoModelForCausalLM.from_pretrained("moonshotai/Kimi-K2-Instruct", revision="2025-08-01")
