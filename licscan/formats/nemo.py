"""A model of NVIDIA NeMo: a tar archive of a configuration, a checkpoint, and what else belongs to it.

https://docs.nvidia.com/nemo-framework. The configuration names classes, which nothing here looks up.
"""

from pathlib import Path

from licscan.errors import HeaderError, UnreadableError
from licscan.formats.bounded import decode
from licscan.formats.header import LONGEST_VALUE, Header, Origin
from licscan.formats.license_keys import license_key
from licscan.formats.marked_yaml import load
from licscan.formats.tarred import texts_in
from licscan.model import Relation

SUFFIXES = (".nemo",)

_CONFIG = "model_config.yaml"
_BASES = frozenset({"pretrained_model", "restore_from_path", "init_from_pretrained_model", "pretrained_name"})


def recognizes(_head: bytes, _size: int) -> bool:
    """Never: a tar archive may hold anything; its name decides, and its configuration proves it."""
    return False


def read(path: Path) -> Header:
    """What a NeMo archive says of itself.

    Raises:
        UnreadableError: It cannot be opened, is no archive, or holds no configuration.
    """
    texts = texts_in(path, frozenset({_CONFIG}))
    name = next((name for name in texts if name.rpartition("/")[2] == _CONFIG), None)
    if name is None:
        raise HeaderError("not a NeMo archive: no configuration", where=str(path))
    try:
        fields = load(decode(texts.pop(name))).value
    except UnreadableError as error:
        raise HeaderError(f"not a sound NeMo archive: {name}: {error.what}", where=str(path)) from error
    known = (
        {str(key): value for key, value in fields.items() if isinstance(value, str)} if isinstance(fields, dict) else {}
    )
    pairs = [(key, value[:LONGEST_VALUE]) for key, value in known.items() if key == "target" or license_key(key)]
    bases = [Origin(key, known[key], Relation.FINETUNE) for key in sorted(_BASES & known.keys()) if known[key].strip()]
    return Header("nemo", tuple(pairs), bases=tuple(bases), texts=tuple(texts.items()))
