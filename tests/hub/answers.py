"""What a hub sends back, and what it remembers having been asked."""

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

JSON = "application/json; charset=utf-8"


@dataclass
class Log:
    """What was asked of a hub.

    Attributes:
        requests: Method and path with query of each.
        tokens_elsewhere: How often a token was sent to the other origin, where it does not belong.
        not_modified: How often the client had the answer already.
        bytes_sent: Of all bodies.
        refused: How often the limit of calls was reached.
        kept: A file that gets a line for each request and one for each body sent, so that they outlive the hub.
    """

    requests: list[tuple[str, str]] = field(default_factory=list)
    tokens_elsewhere: int = 0
    not_modified: int = 0
    bytes_sent: int = 0
    refused: int = 0
    kept: Path | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, method: str, path: str) -> None:
        with self.lock:
            self._keep(f"{method} {path}")
            if self.kept is None:
                self.requests.append((method, path))

    def sent(self, number: int) -> None:
        with self.lock:
            self._keep(f"+{number}")
            self.bytes_sent += number

    def _keep(self, line: str) -> None:
        if self.kept:
            with self.kept.open("a", encoding="utf-8") as stream:
                stream.write(line + "\n")

    def paths(self) -> Counter[str]:
        return Counter(path for _, path in self.requests)

    def clear(self) -> None:
        with self.lock:
            self.requests.clear()
            self.tokens_elsewhere = self.not_modified = self.bytes_sent = self.refused = 0


@dataclass
class Answer:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def data(cls, value: object, **headers: str) -> "Answer":
        return cls(200, json.dumps(value).encode(), {"Content-Type": JSON, **headers})

    @classmethod
    def error(cls, status: int, code: str = "", message: str = "", **headers: str) -> "Answer":
        body = json.dumps({"error": message or code or str(status)}).encode()
        found = {"Content-Type": JSON, **headers}
        if code:
            found["X-Error-Code"] = code
        if message or code:
            found["X-Error-Message"] = message or code
        return cls(status, body, found)

    @classmethod
    def redirect(cls, status: int, location: str, **headers: str) -> "Answer":
        return cls(status, b"", {"Location": location, **headers})
