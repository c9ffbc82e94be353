#!/bin/sh
# The document for legal review: models looked at, two decided about, audited. No network is asked.
# Usage: run.sh [TARGET]..., by default the source tree of the demo.
set -eu
[ $# -gt 0 ] || set -- ../demo
export LICSCAN_DB="${LICSCAN_DB:-.licscan.db}"
licscan scan --offline --quiet --config licscan.toml --output /dev/null "$@"
licscan review meta-llama/Llama-3.1-8B-Instruct --approve --by "Jane Doe, counsel" \
    --reason "read for our use, LEGAL-17" --conditions "the About page shows what the license asks for" --expires 2027-06-30
# 1: the policy objects to something that nobody let pass; the document says to what.
for form in html markdown; do
    licscan audit --format $form --output "audit.$form" || [ $? -eq 1 ]
done
echo "written: audit.html, audit.markdown"
