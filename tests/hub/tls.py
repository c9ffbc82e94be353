"""An authority and a certificate of our own, for a hub that speaks TLS."""

from pathlib import Path
from typing import NamedTuple

import trustme


class Certificates(NamedTuple):
    """Files in PEM format."""

    authority: Path
    """What a client is to trust: `SSL_CERT_FILE`."""
    certificate: Path
    key: Path


def certificates(folder: Path) -> Certificates:
    """Write an authority, and a certificate of it for 127.0.0.1 and localhost, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1", "localhost")
    files = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    authority.cert_pem.write_to_path(str(files.authority))
    server.private_key_pem.write_to_path(str(files.key))
    files.certificate.write_bytes(b"".join(part.bytes() for part in server.cert_chain_pems))
    return files
