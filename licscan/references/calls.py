"""Functions and classes that load models: which of their arguments names one, and of which kind."""

from typing import NamedTuple

from licscan.references.keys import Role, role
from licscan.references.providers import brand
from licscan.references.said import Said


class Loader(NamedTuple):
    """What a call takes.

    Attributes:
        role: What the argument names.
        keys: How the argument may be called; empty where any key that promises a model will do.
        place: Where it stands among those without a name; None where it always has one.
    """

    role: Role
    keys: tuple[str, ...] = ()
    place: int | None = 0


_REPO = ("repo_id", "repo", "repoId", "model_id", "repo_name")
_PRETRAINED = (
    "pretrained_model_name_or_path",
    "pretrained_model_or_path",
    "repo_id",
    "model_id",
    "model_name_or_path",
    "model_name",
    "pretrained",
    "model",
    "name",
    "model_path",
)
_ST = ("model_name_or_path", "model_name", "model")

# By the last part of a name; classes and functions of every language alike.
LOADERS: dict[str, Loader] = {
    **dict.fromkeys(
        "from_pretrained fromPretrained from_single_file from_hub from_pretrained_hf from_config from_pipe "
        "load_from_hub load_from_hf_hub  "
        "load_lora_weights load_adapter load_ip_adapter load_textual_inversion from_mlx download_model "
        "from_dict_hub".split(),
        Loader(Role.HUB, _PRETRAINED),
    ),
    **dict.fromkeys(
        "hf_hub_download hf_hub_url try_to_load_from_cache snapshot_download cached_download model_info "
        "list_repo_files  "
        "list_repo_tree repo_exists get_safetensors_metadata hf_hub_download_async snapshotDownload downloadFile "
        "modelInfo listFiles load_pretrained_model_from_hub get_paths_info repo_info file_exists".split(),
        Loader(Role.HUB, _REPO),
    ),
    "dataset_info": Loader(Role.DATASET, _REPO),
    **dict.fromkeys(
        "load_dataset load_dataset_builder get_dataset_config_names".split(), Loader(Role.DATASET, ("path",))
    ),
    "SentenceTransformer": Loader(Role.HUB, _ST),
    "SparseEncoder": Loader(Role.HUB, _ST),
    "CrossEncoder": Loader(Role.HUB, _ST),
    "HuggingFaceEmbeddings": Loader(Role.HUB, _ST),
    "HuggingFaceEmbedding": Loader(Role.HUB, _ST),
    "SentenceTransformerEmbeddings": Loader(Role.HUB, _ST),
    "SentenceTransformerEmbeddingFunction": Loader(Role.HUB, _ST),
    "KeyBERT": Loader(Role.HUB, ("model",)),
    "BERTopic": Loader(Role.HUB, ("embedding_model",), None),
    "CreateMLCEngine": Loader(Role.HUB),
    "CreateWebWorkerMLCEngine": Loader(Role.HUB, (), 1),
    "CreateServiceWorkerMLCEngine": Loader(Role.HUB),
    "pipeline": Loader(Role.HUB, ("model", "tokenizer"), 1),
    "LLM": Loader(Role.MODEL, ("model", "model_path", "tokenizer")),
    "AsyncEngineArgs": Loader(Role.HUB, ("model", "tokenizer"), None),
    "EngineArgs": Loader(Role.HUB, ("model", "tokenizer"), None),
    "Engine": Loader(Role.HUB, ("model_path", "model"), None),
    "WhisperModel": Loader(Role.HUB, ("model_size_or_path",)),
    "InferenceClient": Loader(Role.MODEL, ("model",)),
    "AsyncInferenceClient": Loader(Role.MODEL, ("model",)),
    "HuggingFaceEndpoint": Loader(Role.HUB, ("repo_id", "model"), None),
    "HuggingFaceHub": Loader(Role.HUB, ("repo_id",), None),
    "TextEmbedding": Loader(Role.HUB, ("model_name",)),
    "init_chat_model": Loader(Role.MODEL, ("model",)),
    "init_embeddings": Loader(Role.MODEL, ("model",)),
    "initChatModel": Loader(Role.MODEL, ("model",)),
    "LM": Loader(Role.MODEL, ("model",)),
    "LiteLlm": Loader(Role.MODEL, ("model",)),
    "LiteLLM": Loader(Role.MODEL, ("model",)),
    "LiteLLMModel": Loader(Role.MODEL, ("model_id",)),
    "ChatLiteLLM": Loader(Role.MODEL, ("model",)),
    "HfApiModel": Loader(Role.HUB, ("model_id",)),
    "InferenceClientModel": Loader(Role.HUB, ("model_id",)),
    "TransformersModel": Loader(Role.HUB, ("model_id",)),
    "Agent": Loader(Role.MODEL, ("model",)),
    "get_model": Loader(Role.MODEL, ("model", "model_name", "name")),
    "load_model": Loader(Role.MODEL, ("model", "model_name", "name", "model_path", "model_name_or_path")),
    "get_tokenizer": Loader(Role.MODEL, ("tokenizer_name", "model", "name")),
    "encoding_for_model": Loader(Role.MODEL, ("model_name",)),
    "InferenceSession": Loader(Role.FILE),
    "Llama": Loader(Role.FILE, ("model_path",)),
    "LlamaCpp": Loader(Role.FILE, ("model_path",)),
    "YOLO": Loader(Role.FILE, ("model",)),
    "create_model": Loader(Role.WEAK),
}
# Where the first argument is the base, already loaded, and the second names the adapter.
_ADAPTERS = ("PeftModel", "PeftMixedModel")
# Methods of clients and builders that take a model first; names such as `modelName` say so themselves.
_TAKERS = frozenset("agent extractor chat languageModel getGenerativeModel GenerativeModel".split())
_CLIENTS = (
    "generate",
    "chat",
    "embed",
    "embeddings",
    "pull",
    "show",
    "create",
    "delete",
    "completion",
    "invoke",
    "run",
)
# Names by which unknown functions say that they take a model.
_WORDS = (
    "pretrained",
    "tokenizer",
    "huggingface",
    "hfmodel",
    "loadmodel",
    "embedding",
    "transformer",
    "encoder",
    "llm",
    "lora",
)

# The library's own rule for names without an owner.
OWNERS = {
    "SentenceTransformer": "sentence-transformers",
    "CrossEncoder": "cross-encoder",
    "HuggingFaceEmbeddings": "sentence-transformers",
    "SentenceTransformerEmbeddings": "sentence-transformers",
    "SentenceTransformerEmbeddingFunction": "sentence-transformers",
    "KeyBERT": "sentence-transformers",
    "BERTopic": "sentence-transformers",
    "CreateMLCEngine": "mlc-ai",
    "CreateWebWorkerMLCEngine": "mlc-ai",
    "CreateServiceWorkerMLCEngine": "mlc-ai",
}


# Names without an owner that a library has of its own: https://github.com/SYSTRAN/faster-whisper, utils.py.
_SIZES = "tiny tiny.en base base.en small small.en medium medium.en large-v1 large-v2 large-v3".split()
SHORT = {
    "WhisperModel": {
        **{size: f"Systran/faster-whisper-{size}" for size in _SIZES},
        **{
            f"distil-{size}": f"Systran/faster-distil-whisper-{size}"
            for size in ("large-v2", "medium.en", "small.en", "large-v3")
        },
        "large": "Systran/faster-whisper-large-v3",
        **dict.fromkeys(("large-v3-turbo", "turbo"), "mobiuslabsgmbh/faster-whisper-large-v3-turbo"),
    }
}


def called(said: Said) -> tuple[Role | None, str | None]:
    """What a call takes at that place, and whose service the call is about; a role of None where the key decides."""
    if not said.call:
        return None, None
    owner, _, last = said.call.rpartition(".")
    loader = LOADERS.get(last)
    if loader is not None and _takes(loader, said, owner.rpartition(".")[2], last):
        return _role(loader, said, last, owner)
    if last.endswith(("Error", "Exception", "Warning")):
        return Role.NEVER, None
    service = brand(last, owner)
    if said.key == "id" and service is not None and said.call.startswith("agno."):
        return Role.MODEL, service
    if said.key:
        return None, _service(said, service)
    if said.place == 0 and service is not None and _constructs(last, owner):
        return Role.MODEL, _service(said, service)
    if said.place == 0 and (last in _TAKERS or role(last) is Role.MODEL):
        return Role.MODEL, service
    if said.place == 0 and any(word in last.lower().replace("_", "") for word in _WORDS):
        return Role.PART, service
    return Role.WEAK, service


def _takes(loader: Loader, said: Said, owner: str, last: str) -> bool:
    if said.key:
        return said.key in loader.keys
    place = loader.place
    if last == "from_pretrained" and owner.startswith(_ADAPTERS):
        place = 1
    return place is not None and said.place == place


def _role(loader: Loader, said: Said, last: str, owner: str) -> tuple[Role | None, str | None]:
    if last == "snapshot_download" and "modelscope" in owner:
        return Role.MODELSCOPE, None
    service = brand(owner) if loader.role is Role.MODEL else None
    provider = (
        said.beside.get("model_provider")
        or said.beside.get("modelProvider")
        or said.beside.get("custom_llm_provider")
        or said.beside.get("provider")
    )
    if loader.role is Role.MODEL and provider:
        service = brand(provider) or provider
    return loader.role, service


def _service(said: Said, service: str | None) -> str | None:
    provider = said.beside.get("model_provider") or said.beside.get("modelProvider")
    return (brand(provider) or provider) if provider else service


def _constructs(last: str, owner: str) -> bool:
    """Whether a call is a client, a model of a service, or a provider of the AI SDK: `openai("gpt-4o")`."""
    if last == last.lower() and "_" not in last:
        return (
            not owner
            or owner.rpartition(".")[2] == last
            or last in _CLIENTS
            or last in {"embedding", "image", "responses", "transcription", "speech"}
        )
    return last[0].isupper() or last.startswith("create")
