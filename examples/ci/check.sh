#!/bin/sh
# What the GitHub action runs: annotations, a summary of the pull request, SARIF, and the exit code of the gate.
set -u
# Blanks separate paths and options here.
# shellcheck disable=SC2086
set -- ${LICSCAN_ARGUMENTS:-} -- ${LICSCAN_PATHS:-.}
licscan check --format github "$@"
code=$?
[ -n "${GITHUB_STEP_SUMMARY:-}" ] && licscan check --quiet --format markdown --exit-zero "$@" >>"$GITHUB_STEP_SUMMARY" 2>/dev/null
[ -n "${LICSCAN_SARIF:-}" ] && licscan check --quiet --format sarif --exit-zero --output "$LICSCAN_SARIF" "$@" 2>/dev/null
[ -n "${GITHUB_OUTPUT:-}" ] && echo "outcome=$([ "$code" -eq 0 ] && echo pass || echo fail)" >>"$GITHUB_OUTPUT"
exit "$code"
