"""Clauses: what a legal text grants, asks and forbids, found in its words by the patterns of `rules/clauses`."""

from licscan.clauses.search import search

__all__ = ["search"]
