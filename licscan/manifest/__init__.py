"""Attribution manifests: what ships with a product. One module a format, each `write(bill, stream)`."""

# Format and module; imported when it is wanted, for some of them take longer to import than to run.
FORMATS: dict[str, str] = {
    "notice": "licscan.manifest.notice",
    "markdown": "licscan.manifest.markdown",
    "html": "licscan.manifest.html",
}
