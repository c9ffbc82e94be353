"""A service: a model of the company's own, and one that a contract covers."""

from transformers import AutoModel

ours = AutoModel.from_pretrained("harbor/ranker")
chat = AutoModel.from_pretrained("meta-llama/Llama-3.1-8B-Instruct")
