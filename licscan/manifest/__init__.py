"""Attribution manifests: what ships with a product. One module a format, each `write(bill, stream)`."""

# Format and module; imported when it is wanted, for some of them take longer to import than to run.
FORMATS: dict[str, str] = {
    "notice": "licscan.manifest.notice",
    "markdown": "licscan.manifest.markdown",
    "html": "licscan.manifest.html",
    "spdx2-json": "licscan.bom.spdx2_json",
    "spdx2-tv": "licscan.bom.spdx2_tv",
    "spdx3-json": "licscan.bom.spdx3_json",
    "cyclonedx-json": "licscan.bom.cyclonedx_json",
    "cyclonedx-xml": "licscan.bom.cyclonedx_xml",
}
