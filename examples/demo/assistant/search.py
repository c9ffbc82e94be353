"""Finds the passages that answers rest on."""

from huggingface_hub import snapshot_download
from sentence_transformers import SentenceTransformer

encoder = SentenceTransformer("sentence-transformers/all-MiniLM-L6-v2")
checkpoint = snapshot_download(repo_id="mistralai/Mistral-7B-Instruct-v0.3")
