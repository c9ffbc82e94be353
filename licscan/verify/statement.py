"""Statements about files after in-toto: written to be checked later, read from us and from others.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md. Signatures are not checked here: whoever needs
that checks the file that holds the statement with the tool that signed it, and then the files against the statement.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from licscan.digests import Promise, written
from licscan.errors import UnreadableError
from licscan.integrity import Checked
from licscan.verify.small import inside, parse_json, size_of

TYPE = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:licscan:verification:v1"

_NAMES = re.compile(r"model\.sig|.+\.(?:sigstore|sigstore\.json|intoto\.json)", re.IGNORECASE)
_OLD_TYPE = "https://in-toto.io/Statement/v0.1"
_STRONGEST = ("sha256", "sha512", "sha384", "blake2b", "sha1", "md5")


class Statement(NamedTuple):
    """What a statement says of files.

    Attributes:
        digests: Algorithm and hex, or several, by path.
        predicate: What is said of them all.
        kind: What kind of predicate that is.
        signed: Whether it stands in an envelope of signatures.
        sizes: In bytes, by path, as far as the predicate says them.
    """

    digests: Mapping[str, tuple[str, ...]]
    predicate: Mapping[str, Any]
    kind: str
    signed: bool
    sizes: Mapping[str, int]

    def promises(self, source: str) -> Iterator[Promise]:
        """All of it as promises of somebody."""
        for path, digests in self.digests.items():
            for digest in digests:
                yield Promise(path, source, digest, self.sizes.get(path))


def is_statement(name: str) -> bool:
    """Whether a file is a statement about the files beside it, by its name."""
    return bool(_NAMES.fullmatch(name))


def parse(data: bytes, where: str) -> Statement:
    """A statement, plain, in a DSSE envelope, or in a Sigstore bundle.

    Raises:
        UnreadableError: It is none.
    """
    said = parse_json(data, where)
    envelope = said.get("dsseEnvelope", said)
    signed = isinstance(envelope, dict) and isinstance(envelope.get("payload"), str)
    if signed:
        try:
            said = parse_json(base64.b64decode(envelope["payload"], validate=True), where)
        except ValueError as error:
            raise UnreadableError(f"an envelope whose content is no base64: {error}", where=where) from error
    if said.get("_type") not in (TYPE, _OLD_TYPE):
        raise UnreadableError("no in-toto statement", where=where)
    predicate = said.get("predicate")
    predicate = predicate if isinstance(predicate, dict) else {}
    # Who signs a whole model may have one subject for all of it, and name the files in the predicate.
    digests = dict(_resources(predicate.get("resources"))) or dict(_subjects(said.get("subject")))
    if not digests:
        raise UnreadableError("a statement that names no files", where=where)
    return Statement(digests, predicate, str(said.get("predicateType")), signed, dict(_sizes(predicate.get("files"))))


def _subjects(said: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in said if isinstance(said, list) else ():
        digest = one.get("digest") if isinstance(one, dict) else None
        path = inside(one.get("name")) if isinstance(one, dict) else None
        if path and isinstance(digest, dict):
            stated: dict[str, object] = {**digest, "git-sha1": digest.get("gitBlob")}
            found = tuple(value for name in (*_STRONGEST, "git-sha1") if (value := written(name, stated.get(name))))
            if found:
                yield path, found


def _resources(said: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in said if isinstance(said, list) else ():
        if isinstance(one, dict):
            path = inside(one.get("name"))
            digest = written(str(one.get("algorithm", "")), one.get("digest"))
            if path and digest:
                yield path, (digest,)


def _sizes(said: object) -> Iterator[tuple[str, int]]:
    for one in said if isinstance(said, list) else ():
        if isinstance(one, dict):
            path, size = inside(one.get("path")), size_of(one.get("size"))
            if path and size is not None:
                yield path, size


def make(checked: Checked, about: Mapping[str, object], created: str, version: str) -> dict[str, object]:
    """A statement about the files of a copy, all of which were hashed.

    Args:
        checked: The copy, with its verdicts.
        about: What else is so of the model: its license, level, and the rules that say so.
        created: When.
        version: That of licscan.
    """
    about_model: dict[str, object] = {"name": checked.name, "ref": checked.ref or None, **about}
    hashed = [verdict for verdict in checked.verdicts if verdict.measured.digests]
    return {
        "_type": TYPE,
        "subject": [{"name": one.path, "digest": _digest_set(one.measured.digests)} for one in hashed],
        "predicateType": PREDICATE,
        "predicate": {
            "tool": {"name": "licscan", "version": version},
            "created": created,
            "model": about_model,
            "files": [
                {
                    "path": one.path,
                    "size": one.measured.size,
                    "status": one.status.value,
                    "why": one.why,
                    "promised_by": list(one.sources),
                }
                for one in checked.verdicts
            ],
            "notes": list(checked.notes),
            "troubles": list(checked.troubles),
        },
    }


def _digest_set(digests: Mapping[str, str]) -> dict[str, str]:
    """Digests under the names that in-toto has for them."""
    return {"gitBlob" if name == "git-sha1" else name: value for name, value in sorted(digests.items())}
