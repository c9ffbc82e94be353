#!/bin/sh
# The gate in two commands; --offline because this example must run anywhere.
set -eu
licscan lock --offline
licscan check
