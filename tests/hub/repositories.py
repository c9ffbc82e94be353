"""What the test hub holds: repositories with commits, made here, none of it anybody else's."""

import json

from tests.hub.catalogue import Catalogue
from tests.hub.contents import card, safetensors
from tests.hub.generated import bulk, bulk_date
from tests.hub.values import Collection, Commit, File, Repository

__all__ = [
    "Catalogue",
    "Collection",
    "Commit",
    "File",
    "Repository",
    "bulk",
    "bulk_date",
    "card",
    "safetensors",
    "standard",
]


def standard() -> Catalogue:
    """The repositories that tests and the demo look at."""
    hub = Catalogue()
    hub.add(
        Repository("acme/tiny")
        .commit(
            "first",
            {
                "README.md": card(license="mit", pipeline_tag="text-generation"),
                "config.json": json.dumps({"model_type": "gpt2"}),
                "model.safetensors": safetensors({"format": "pt"}),
            },
        )
        .commit("second: another license", {"README.md": card(license="cc-by-nc-4.0", pipeline_tag="text-generation")})
    )
    tiny = hub.find("models", "acme/tiny")
    if tiny:
        tiny.tags["v1"] = tiny.commits[0].sha
        tiny.branches["dev"] = tiny.commits[0].sha
    hub.add(
        Repository("acme/adapter").commit(
            "first",
            {
                "README.md": card(
                    license="apache-2.0", base_model="acme/gated", base_model_relation="adapter", datasets=["acme/data"]
                ),
                "adapter_config.json": json.dumps({"base_model_name_or_path": "acme/gated", "revision": "main"}),
                "adapter_model.safetensors": safetensors({"license": "apache-2.0"}),
                "LICENSE": "Apache License\nVersion 2.0\n",
                "NOTICE": "Made by acme\n",
            },
        )
    )
    gated = Repository("acme/gated", gated="manual").commit(
        "first",
        {
            "README.md": card(
                license="llama3.1", extra_gated_prompt="By clicking you accept the Llama 3.1 Community License."
            ),
            "LICENSE": "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n",
            "USE_POLICY.md": "# Policy\n",
            "model-00001-of-00002.safetensors": safetensors(),
            "model-00002-of-00002.safetensors": safetensors(),
        },
    )
    hub.add(gated)
    hub.add(
        Repository("acme/data", kind="datasets").commit(
            "first", {"README.md": card(license="cc-by-nc-4.0"), "data.csv": "a,b\n"}
        )
    )
    hub.add(Repository("acme/disabled", disabled=True).commit("first", {"README.md": card(license="mit")}))
    hub.add(Repository("acme/private", private=True).commit("first", {"README.md": card(license="mit")}))
    hub.add(Repository("acme/empty").commit("first", {".gitattributes": ""}))
    hub.add(Repository("acme/quantized").commit("first", {"README.md": card(license="mit", base_model=["acme/tiny"], base_model_relation="quantized"), "q4.gguf": b"GGUF" + bytes(100)}))  # fmt: skip
    hub.add(Repository("gpt9").commit("first", {"README.md": card(license="mit")}))
    hub.collect(
        Collection(
            "acme/things-0123456789abcdef01234567",
            "Things",
            (("model", "acme/tiny"), ("dataset", "acme/data"), ("space", "acme/demo")),
        )
    )
    return hub
