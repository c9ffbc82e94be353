"""Where a statement comes from, what could not be established, and what contradicts what."""

from enum import StrEnum

from licscan.model.value import Value


class Evidence(Value):
    """Where a statement stands. Paths are relative to the model's own root.

    Attributes:
        source: Who was asked: `folder`, `hub`, `rules`, ...
        path: The file that says so.
        url: The public page that says so, where a rule record names one.
        revision: The commit or digest at which the file was read.
        sha256: Digest of the whole file, in hex.
        section: The number or heading of the section, as the file gives it.
        lines: First and last line, counted from 1.
        quote: The words themselves, white space folded, at most 300 characters.
    """

    source: str
    path: str | None = None
    url: str | None = None
    revision: str | None = None
    sha256: str | None = None
    section: str | None = None
    lines: tuple[int, int] | None = None
    quote: str | None = None


class GapId(StrEnum):
    """Everything that can fail to be established; `docs/gaps.md` says what each means and what to do."""

    NOT_LOOKED_AT = "not-looked-at"
    NOT_FOUND = "not-found"
    ACCESS_DENIED = "access-denied"
    UNREACHABLE = "unreachable"
    INVALID_ANSWER = "invalid-answer"
    FILES_NOT_LISTED = "files-not-listed"
    REVISION_NOT_ESTABLISHED = "revision-not-established"
    LICENSE_NOT_STATED = "license-not-stated"
    LICENSE_UNRECOGNISED = "license-unrecognised"
    LICENSE_VERSION_NOT_STATED = "license-version-not-stated"
    LICENSE_SPELLING = "license-spelling"
    LICENSE_LIST = "license-list"
    LICENSE_PROSE_UNCLEAR = "license-prose-unclear"
    LICENSE_TEXT_MISSING = "license-text-missing"
    LICENSE_TEXT_NOT_COMPARED = "license-text-not-compared"
    LICENSE_TEXT_ALTERED = "license-text-altered"
    LICENSE_TERMS_NOT_RECORDED = "license-terms-not-recorded"
    CARD_MISSING = "card-missing"
    CARD_BROKEN = "card-broken"
    CARD_TRUNCATED = "card-truncated"
    FILE_UNREADABLE = "file-unreadable"
    FILE_BROKEN = "file-broken"
    NAME_KNOWN_IN_PART = "name-known-in-part"
    MODEL_NOT_IDENTIFIED = "model-not-identified"
    VENDORED_NOT_SEARCHED = "vendored-not-searched"
    HEADER_NOT_READ = "header-not-read"
    HEADERS_SAMPLED = "headers-sampled"
    WEIGHTS_NOT_SEEN = "weights-not-seen"
    WEIGHTS_UNVERIFIED = "weights-unverified"
    ARTEFACTS_NOT_ESTABLISHED = "artefacts-not-established"
    BASE_NOT_RESOLVED = "base-not-resolved"
    BASES_NOT_FOLLOWED = "bases-not-followed"
    DATASETS_NOT_LOOKED_AT = "datasets-not-looked-at"
    COMPONENTS_NOT_LOOKED_AT = "components-not-looked-at"
    OUTPUTS_EXCEPTION = "outputs-exception"
    LICENSE_TEXT_NOT_AT_HAND = "license-text-not-at-hand"
    NOTICE_INCOMPLETE = "notice-incomplete"
    EARLIER_NOT_COMPARED = "earlier-not-compared"
    FAILED = "failed"

    @property
    def unfinished(self) -> bool:
        """Whether something that is there could not be looked at; `--strict` fails on these."""
        return self in _UNFINISHED

    @property
    def passing(self) -> bool:
        """Whether the same question may well be answered at the next try; what is open so is asked again."""
        return self in _PASSING

    @property
    def remedy(self) -> str:
        """What the user can do about it, as an imperative clause."""
        return _REMEDIES[self]


_UNFINISHED = frozenset(
    {
        GapId.NOT_LOOKED_AT,
        GapId.NOT_FOUND,
        GapId.ACCESS_DENIED,
        GapId.UNREACHABLE,
        GapId.INVALID_ANSWER,
        GapId.FILES_NOT_LISTED,
        GapId.CARD_BROKEN,
        GapId.CARD_TRUNCATED,
        GapId.FILE_UNREADABLE,
        GapId.NAME_KNOWN_IN_PART,
        GapId.MODEL_NOT_IDENTIFIED,
        GapId.HEADER_NOT_READ,
        GapId.LICENSE_TEXT_NOT_COMPARED,
        GapId.BASE_NOT_RESOLVED,
        GapId.BASES_NOT_FOLLOWED,
        GapId.LICENSE_TEXT_NOT_AT_HAND,
        GapId.FAILED,
    }
)
_PASSING = frozenset({GapId.UNREACHABLE, GapId.INVALID_ANSWER, GapId.FAILED})
_REMEDIES = {
    GapId.NOT_LOOKED_AT: "scan the model's files",
    GapId.NOT_FOUND: "check the name; for a private repository, log in",
    GapId.ACCESS_DENIED: "ask for access, and log in",
    GapId.UNREACHABLE: "try again later; what was found is kept",
    GapId.INVALID_ANSWER: "ask whoever runs the server or mirror",
    GapId.FILES_NOT_LISTED: "look at the repository itself",
    GapId.REVISION_NOT_ESTABLISHED: "write org/name@commit",
    GapId.LICENSE_NOT_STATED: "ask the publisher: without a license nothing is granted",
    GapId.LICENSE_UNRECOGNISED: "read it, and add a record to the rule base",
    GapId.LICENSE_VERSION_NOT_STATED: "ask the publisher which version",
    GapId.LICENSE_SPELLING: "see whether the right license was meant",
    GapId.LICENSE_LIST: "ask the publisher how they combine",
    GapId.LICENSE_PROSE_UNCLEAR: "read those lines",
    GapId.LICENSE_TEXT_MISSING: "get the file from the publisher",
    GapId.LICENSE_TEXT_NOT_COMPARED: "read the text",
    GapId.LICENSE_TEXT_ALTERED: "read those lines",
    GapId.LICENSE_TERMS_NOT_RECORDED: "read the text",
    GapId.CARD_MISSING: "get the card from the publisher",
    GapId.CARD_BROKEN: "mend the front matter",
    GapId.CARD_TRUNCATED: "read the rest of the card",
    GapId.FILE_UNREADABLE: "see whether the file may be read and is what its name says",
    GapId.FILE_BROKEN: "mend the file, or read it yourself",
    GapId.NAME_KNOWN_IN_PART: "see which models the program can load there, and scan them by name",
    GapId.MODEL_NOT_IDENTIFIED: "give it a package URL, or scan its files",
    GapId.VENDORED_NOT_SEARCHED: "name the folder, or scan with --vendored",
    GapId.HEADER_NOT_READ: "see what the publisher says of the file",
    GapId.HEADERS_SAMPLED: "scan a copy of the weights",
    GapId.WEIGHTS_NOT_SEEN: "scan the folder that holds the weights",
    GapId.WEIGHTS_UNVERIFIED: "compare the files with the publisher's digests",
    GapId.ARTEFACTS_NOT_ESTABLISHED: "ask the publisher, or add the model to the rule base",
    GapId.BASE_NOT_RESOLVED: "scan the base",
    GapId.BASES_NOT_FOLLOWED: "scan the bases by themselves",
    GapId.DATASETS_NOT_LOOKED_AT: "look at their licenses",
    GapId.COMPONENTS_NOT_LOOKED_AT: "look at their licenses, and give a descriptor with --mof",
    GapId.OUTPUTS_EXCEPTION: "read the exception",
    GapId.LICENSE_TEXT_NOT_AT_HAND: "get the text from its steward, and put it beside the manifest",
    GapId.NOTICE_INCOMPLETE: "fill in the blank",
    GapId.EARLIER_NOT_COMPARED: "compare with the release that kept it",
    GapId.FAILED: "report it, with the model",
}


class Gap(Value):
    """Something that could not be established: a value like any other, shown in every output.

    Attributes:
        id: The kind of gap.
        what: What is not known.
        why: Why it is not known, and where.
    """

    id: GapId
    what: str
    why: str


class Statement(Value):
    """One side of a conflict.

    Attributes:
        says: What is stated, in words.
        evidence: Where it stands.
    """

    says: str
    evidence: Evidence


class Conflict(Value):
    """Statements that exclude each other.

    Attributes:
        id: The kind of conflict: `license-claims`, `base-license`, `record-outdated`, `checksum`, ...
        subject: What they are about: weights, code, data, ...
        statements: All sides; the one that is the working reading stands first.
    """

    id: str
    subject: str
    statements: tuple[Statement, ...]
