"""Tests: each says in its docstring the sentence that it proves."""
