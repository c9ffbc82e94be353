"""The finders, one module a kind of file. Importing all of them takes as long as everything else that the gate does."""

from licscan.references import (
    dockerfile,
    documents,
    env,
    languages,
    modelfile,
    notebook,
    prose,
    python,
    shell,
    yaml_documents,
)
from licscan.references.interface import Finder

FINDERS: tuple[Finder, ...] = (
    python,
    notebook,
    languages,
    shell,
    dockerfile,
    modelfile,
    yaml_documents,
    documents,
    env,
    prose,
)
