"""What a small company may have: two models, loaded by name."""

from transformers import AutoModel

chat = AutoModel.from_pretrained("Qwen/Qwen2.5-7B-Instruct")
open_ = AutoModel.from_pretrained("allenai/OLMo-2-1124-7B")
