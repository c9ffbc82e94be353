"""What the name of a keyword, flag, variable or field says of the text that it gets."""

import re
from enum import Enum, auto
from functools import lru_cache


class Role(Enum):
    """What a text is expected to name."""

    MODEL = auto()  # a model, wherever it is from
    HUB = auto()  # what a library of Hugging Face loads: a repository, or a folder
    PATH = auto()  # a model by its place: a folder, a file, or a repository
    PART = auto()  # a tokenizer, an encoder, a language model: only a full name says that it is one
    DATASET = auto()
    OLLAMA = auto()
    OCI = auto()
    MODELSCOPE = auto()
    API = auto()
    FILE = auto()
    REVISION = auto()
    NEVER = auto()  # surely no model
    WEAK = auto()  # nothing is known of it


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_MODEL = frozenset(("model", "models"))
_PARTS = frozenset(
    "engine "
    "tokenizer tokenizers encoder tower backbone llm llms embedding embeddings embedder reranker adapter lora vae unet "
    "transformer checkpoint checkpoints ckpt pretrained teacher student drafter detector captioner weights "
    "processor".split()
)
_DATASETS = frozenset(("dataset", "datasets"))
# What may follow a noun without changing what it names.
_NAMES = frozenset("id ids name names uri uris string str identifier slug ref default value tag key".split())
_PLACES = frozenset("path paths dir directory folder file location url source src root checkpoint ckpt".split())
_REPOSITORIES = frozenset(("repo", "repository"))
_REVISIONS = frozenset(("revision", "rev"))
# Words that say of a key that its value is something about a model, not one.
_OTHER = frozenset(
    "type types class classes kind format version versions size sizes dim dims config configs prefix "
    "suffix mode provider  "
    "backend engine family arch architecture card dtype device label labels description desc title help "
    "doc docs host port  "
    "endpoint base image registry cache license licence author owner task tasks method status state response output "
    "alias served temperature prompt template template parser loader runner server service module package column field "
    "args kwargs options settings view serializer form table schema entity app user object extension "
    "pattern regex".split()
)
_NEVER = frozenset(
    "image images uses homepage license author authors copyright description title message summary text "
    "content comment  "
    "import from mime media accept timezone tz url urls link href prompt placeholder label namespace apiversion".split()
)
_AROUND = frozenset("name id path uri url repo value default source src slug tag key string identifier".split())


@lru_cache(maxsize=4096)
def words(key: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `modelNameOrPath`, `--model-name-or-path` and `MODEL_NAME_OR_PATH` alike."""
    return tuple(word.lower() for word in _WORD.findall(key))


@lru_cache(maxsize=4096)
def role(key: str) -> Role:
    """What a key promises; the fields around it, divided by dots, decide where it says nothing itself."""
    if key in _EXACT:
        return _EXACT[key]
    *around, last = key.split(".")
    said = _of(words(last))
    if around and said in {Role.WEAK, Role.NEVER} and (not words(last) or words(last)[-1] in _AROUND):
        outer = role(".".join(around))
        if outer in {Role.MODEL, Role.PART, Role.DATASET, Role.HUB, Role.PATH}:
            return outer
    return said


def _of(said: tuple[str, ...]) -> Role:
    if not said:
        return Role.WEAK
    if "served" in said or "alias" in said:  # the name that a server gives it, not the model
        return Role.NEVER
    if said[-1] in _REVISIONS or said[-2:] == ("commit", "hash"):
        return Role.REVISION
    found = _named(said)
    if found is Role.WEAK and said[-1] in _NEVER:
        return Role.NEVER
    return found


def _named(said: tuple[str, ...]) -> Role:
    """Nouns from the end: `base_model`, `model_name_or_path`, `hf_repo_id`."""
    end = list(said)
    by_place = False
    while len(end) > 1 and (end[-1] in _NAMES or end[-1] in _PLACES or end[-1] == "or" or end[-1].isdigit()):
        by_place = by_place or end[-1] in _PLACES
        end.pop()
    noun = end[-1]
    if noun in _MODEL:
        return Role.PATH if by_place else Role.MODEL
    if noun in _REPOSITORIES:
        told = len(end) < len(said) or not _HUB_WORDS.isdisjoint(said)
        return Role.HUB if told and "git" not in said and "github" not in said else Role.WEAK
    if noun in _DATASETS:
        return Role.DATASET
    if noun in _PARTS:
        return Role.PART
    if said in {("name", "or", "path"), ("pretrained", "name")}:
        return Role.PATH
    return Role.NEVER if noun in _OTHER and not _MODEL.isdisjoint(said) else Role.WEAK


# Keys that finders themselves give where a command or an instruction says what it takes.
_EXACT = {
    "ollama_model": Role.OLLAMA,
    "oci_model": Role.OCI,
    "modelscope_model": Role.MODELSCOPE,
    "hf_repo_id": Role.HUB,
    "hf_dataset": Role.DATASET,
    "space_id": Role.NEVER,
    "repo_or_dir": Role.NEVER,  # of torch.hub, which loads from GitHub
}
_HUB_WORDS = frozenset("hf hub huggingface model gguf lora adapter dataset hugging".split())
