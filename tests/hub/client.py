"""The real client, told to speak to nobody but the hub that it is given.

Import it from here: `huggingface_hub` reads its environment once, when it is imported.
"""

import os

os.environ |= {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
}

from huggingface_hub import HfApi, close_session, constants

__all__ = ["HfApi", "client", "close_session"]

# Whoever imported the client first decides for all of this process.
constants.HF_HUB_DISABLE_TELEMETRY = True
constants.HF_HUB_DISABLE_XET = True
constants.HF_HUB_DISABLE_IMPLICIT_TOKEN = True


def client(url: str, token: str | None = None) -> HfApi:
    """A client of a hub; without a token it is nobody, whoever is logged in on this machine."""
    return HfApi(endpoint=url, token=token or False)
