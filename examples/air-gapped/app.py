"""What is run where there is no network."""

from transformers import AutoModel

chat = AutoModel.from_pretrained("mistralai/Mistral-7B-Instruct-v0.3")
