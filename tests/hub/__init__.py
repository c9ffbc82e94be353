"""A Hugging Face Hub to test against: repositories that the project makes itself, and every trouble a real one gives.

`make hub` runs it by itself.
"""
