#!/bin/sh
# Look at every model anew, and commit the lock to a branch where something changed; exits with 0 either way.
# Usage: refresh.sh BRANCH
set -eu
branch=$1
# Beside the tree, where it is neither searched nor committed.
changes=${LICSCAN_CHANGES:-$(mktemp)}
licscan lock --update '*' >"$changes"
if [ -z "$(git status --porcelain -- licscan.lock)" ]; then
    echo "nothing changed"
    exit 0
fi
git switch --quiet --force-create "$branch"
git add licscan.lock
git commit --quiet --no-verify -m "Refresh licscan.lock" -m "$(cat "$changes")" -- licscan.lock
echo "changed=$branch"
