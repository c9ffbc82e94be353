#!/bin/sh
# The document for legal review: models looked at in March and now, one decided about, audited. No network is asked.
# Usage: run.sh [TARGET]..., by default the source tree of the demo.
set -eu
[ $# -gt 0 ] || set -- ../demo
export LICSCAN_DB="${LICSCAN_DB:-.licscan.db}"

# A voice that the product carries along: a card and weights without a layer.
voice() {
    mkdir -p voice
    printf -- '---\nlicense: %s\n---\n' "$1" > voice/README.md
    printf '\002\000\000\000\000\000\000\000{}' > voice/model.safetensors
}

# As it was in March: without pictures, with an older model in the search, and the voice under another license.
rm -rf .march && cp -R ../demo .march && rm .march/assistant/pictures.py
sed 's/Instruct-v0.3/Instruct-v0.2/' ../demo/assistant/search.py > .march/assistant/search.py
voice mit
SOURCE_DATE_EPOCH=1772323200 licscan scan --offline --quiet --config licscan.toml --output /dev/null .march voice

voice cc-by-nc-4.0
licscan scan --offline --quiet --config licscan.toml --output /dev/null "$@" voice
licscan review meta-llama/Llama-3.1-8B-Instruct --approve --by "Jane Doe, counsel" \
    --reason "read for our use, LEGAL-17" --conditions "the About page shows what the license asks for" --expires 2027-06-30
# 1: the policy objects to something that nobody let pass; the document says to what.
for form in html markdown; do
    licscan audit --since 2026-03-01 --format $form --output "audit.$form" || [ $? -eq 1 ]
done
rm -rf .march voice
echo "written: audit.html, audit.markdown"
