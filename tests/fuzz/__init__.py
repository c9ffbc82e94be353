"""Readers of untrusted bytes, driven by atheris: whatever is no `UnreadableError` is a fault of ours."""
