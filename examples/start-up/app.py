"""What a small company may have: two models, loaded by name."""

from transformers import AutoModel

chat = AutoModel.from_pretrained("Qwen/Qwen2.5-7B-Instruct")
speech = AutoModel.from_pretrained("openai/whisper-large-v3")
