#!/bin/sh
# One policy for all repositories: proved by its cases, then used by one of them.
set -eu
ACME_LICSCAN=$PWD/rules/licscan.toml
export ACME_LICSCAN
licscan policy test rules/policies/acme.yaml
cd app
licscan lock --offline
licscan check -v
