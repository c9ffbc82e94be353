"""What a source knows of one model, before anybody judges it."""

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import Field

from licscan.digests import FileStatus
from licscan.model.evidence import Conflict, Evidence, Gap
from licscan.model.license import Claim, Subject
from licscan.model.ref import ModelRef
from licscan.model.value import Value


class Relation(StrEnum):
    """How a model comes from another."""

    FINETUNE = "finetune"
    ADAPTER = "adapter"
    QUANTIZED = "quantized"
    MERGE = "merge"
    DISTILLED = "distilled"
    TRAINED_ON_OUTPUTS = "trained-on-outputs"
    UNSTATED = "unstated"


class Access(StrEnum):
    """Who is given the files."""

    OPEN = "open"
    GATED = "gated"
    PRIVATE = "private"
    DISABLED = "disabled"


class PropertyId(StrEnum):
    """What can be stated of what a model or dataset is, beside its terms."""

    TASK = "task"
    ARCHITECTURE = "architecture"  # the class of its network: LlamaForCausalLM
    FAMILY = "architecture-family"  # llama
    ADAPTER = "adapter-type"
    PARAMETERS = "parameters"  # how many
    LANGUAGE = "language"
    LIBRARY = "library"
    TAG = "tag"
    EMISSIONS = "emissions"  # of its training, key and value
    SIZE = "size-category"  # of data
    CREATED = "created"  # the day on which its repository was made
    CARD = "card"  # the file in which its publisher describes it


class WeightFile(Value):
    """A file of weights.

    Attributes:
        path: Relative to the model's root.
        format: safetensors, onnx, gguf, ...
        size: In bytes.
        sha256: Digest of the bytes at hand, in hex, where they were hashed.
        sha512: Another one of the same bytes, from the same reading, where it was asked for.
        promised: Digest that the publisher states, as `algorithm:hex`; `git-sha1` is that of git's object.
        header: What the file says of itself, key and value, both bounded.
        status: The verdict of the checksum.
    """

    path: str
    format: str
    size: int
    sha256: str | None = None
    sha512: str | None = None
    promised: str | None = None
    header: dict[str, str] = Field(default_factory=dict)
    status: FileStatus = FileStatus.UNVERIFIED


class LicenseText(Value):
    """A license, policy or notice file that lies with the model.

    Attributes:
        path: Relative to the model's root.
        kind: What its name says it is; a `gate-prompt` is what a user agrees to before the files are given.
        sha256: Digest of the bytes.
        text: The text, decoded; None where only the digest is kept.
        evidence: Where it stands.
    """

    path: str
    kind: Literal["license", "policy", "notice", "gate-prompt"]
    sha256: str
    text: str | None = None
    evidence: Evidence


class DeclaredBase(Value):
    """A model that this one says it comes from.

    Attributes:
        stated: The name as it stands there.
        ref: The model that the name means; None where it is a path or means nothing.
        relation: How it comes from it, as stated.
        evidence: Where it is declared.
    """

    stated: str
    ref: ModelRef | None
    relation: Relation
    evidence: Evidence


class DeclaredDataset(Value):
    """A dataset that a model says it was trained on.

    Attributes:
        stated: The name as it stands there.
        ref: The dataset that the name means; None where it means nothing.
        evidence: Where it is declared.
    """

    stated: str
    ref: ModelRef | None = None
    evidence: Evidence


class Property(Value):
    """What is stated of what a model is or does: never worked out from its name.

    Attributes:
        id: What it says: `task`, `architecture`, ...
        values: The words as they stand there, in their order.
        evidence: Where that stands.
    """

    id: PropertyId
    values: tuple[str, ...]
    evidence: Evidence


class PartKind(StrEnum):
    """What may be published beside weights; `rules/levels/mof.yaml` says what it stands for there."""

    CARD = "card"
    CONFIGURATION = "configuration"
    ARCHITECTURE = "architecture-code"
    TRAINING = "training-code"
    INFERENCE = "inference-code"
    EVALUATION = "evaluation-code"
    PREPROCESSING = "preprocessing-code"
    LIBRARIES = "libraries"
    RESULTS = "evaluation-results"
    REPORT = "report"
    PAPER = "paper"
    REPOSITORY = "code-repository"
    CHECKPOINTS = "checkpoints"
    SAMPLES = "sample-outputs"


class Part(Value):
    """Something that is published beside weights.

    Attributes:
        kind: What it is.
        linked: Whether it lies elsewhere, and is only pointed to from here.
        evidence: The file that it is, or the words that point to it.
    """

    kind: PartKind
    linked: bool = False
    evidence: Evidence


class Identity(Value):
    """A model that this one is a copy of, whatever it is called here.

    Attributes:
        ref: The model, at the revision that is proven, if any.
        evidence: What says so: a store's own bookkeeping, or a digest.
    """

    ref: ModelRef
    evidence: Evidence


class KnownFile(NamedTuple):
    """A file of a model that is known by its digest, whatever it is called where it lies.

    Attributes:
        sha256: The digest of its bytes, in hex.
        ref: The model.
        file: Its name there.
        license: The license that the table states for the model; empty where it states none.
        origin: Who says so: `hub`, or the name of a table that was imported.
    """

    sha256: str
    ref: ModelRef
    file: str
    license: str
    origin: str


class Model(Value):
    """What a source knows of one reference: facts, claims and gaps, nothing concluded.

    Attributes:
        ref: The reference, with the revision that was looked at.
        name: What to call it.
        source: Who looked.
        subject: What it consists of: weights, or the data of a dataset.
        modality: text, image, audio, multimodal, ...; None where nothing says it.
        claims: Licenses stated anywhere, unresolved.
        texts: License, policy and notice files.
        files: Weight files.
        bases: Models that it says it comes from.
        datasets: Datasets that it says it was trained on.
        same_as: Models of other places that it is a copy of.
        properties: What is stated of what it is and does.
        tags: What its page is tagged with.
        access: Who is given the files; None where nothing says it.
        origin: The address of the server that said all this, where one did: another one may say something else.
        published: The day from which it holds, where something says so.
        seen: Whether anybody looked at the model itself; False where only its name is known.
        gaps: What could not be looked at.
        notes: What a reader must know besides: how access is given, a new name.
        conflicts: What its files say against what is promised of them (see `licscan.integrity`).
        parts: What is published beside the weights; None where nobody looked for it.
    """

    ref: ModelRef
    name: str
    source: str
    subject: Subject = Subject.WEIGHTS
    modality: str | None = None
    claims: tuple[Claim, ...] = ()
    texts: tuple[LicenseText, ...] = ()
    files: tuple[WeightFile, ...] = ()
    bases: tuple[DeclaredBase, ...] = ()
    datasets: tuple[DeclaredDataset, ...] = ()
    same_as: tuple[Identity, ...] = ()
    properties: tuple[Property, ...] = ()
    tags: tuple[str, ...] = ()
    access: Access | None = None
    origin: str | None = None
    published: datetime.date | None = None
    notes: tuple[str, ...] = ()
    seen: bool = True
    gaps: tuple[Gap, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    parts: tuple[Part, ...] | None = None


class Pin(NamedTuple):
    """A reference at the revision that it has now.

    Attributes:
        ref: The reference, with its revision; without one where none could be established.
        validator: What a source is to be shown the next time, to be told that nothing changed; empty where it has none.
        answer: What the source said on this occasion, so that it need not be asked the same again.
        until: When loading must end, on the clock of `time.monotonic`; 0 where nothing limits it.
        current: Whether it is known to be what the name without a revision means now.
    """

    ref: ModelRef
    validator: str = ""
    answer: bytes = b""
    until: float = 0.0
    current: bool = False


class Loaded(NamedTuple):
    """The facts of a model, and the bytes that they were read from.

    Attributes:
        model: The facts.
        kept: The bytes, each part by its name; nothing where the source is there to be read again.
        asked: The reference before it was pinned.
        validator: That of the pin.
        besides: What is open only at this look, and no part of the facts.
        current: That of the pin.
    """

    model: Model
    kept: Mapping[str, bytes] = {}
    asked: ModelRef | None = None
    validator: str = ""
    besides: tuple[Gap, ...] = ()
    current: bool = False
