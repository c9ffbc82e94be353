#!/bin/sh
# Outside: look and lock. Inside: carry in the repository with its lock, and check; nothing there asks a network.
set -eu
licscan lock --offline # outside this would ask the Hub
HF_ENDPOINT=http://127.0.0.1:9 licscan check --format sarif --output licscan.sarif
