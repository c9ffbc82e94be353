"""Clauses: what a legal text grants, asks and forbids, found in its words by the patterns of `rules/clauses`."""

from licscan.clauses.languages import is_read
from licscan.clauses.proof import Failure, prove
from licscan.clauses.quotes import Found, quoted
from licscan.clauses.search import locate, search

__all__ = ["Failure", "Found", "is_read", "locate", "prove", "quoted", "search"]
