"""The audit: what counsel reads, asks back about, and signs.

`licscan.audit.dossier` is what every format is written from; each format is a module or package here, named as
`licscan audit --format` calls it, with `write(dossier, stream)`.
"""

from licscan.audit.dossier import Contract, Dossier, Earlier, Entries, Entry, Exemption, Rule

FORMATS = ("html", "markdown", "csv", "xlsx", "json")

__all__ = ["FORMATS", "Contract", "Dossier", "Earlier", "Entries", "Entry", "Exemption", "Rule"]
