#!/bin/sh
# Pin every dependency with its hashes: one lock to run, one to develop, one to compare.
# usage: scripts/lock.sh [--upgrade]
set -eu

# One lock for every system and Python that the portal accepts. No address of a registry
# enters it: each place installs from the one it reaches.
pin() {
    output=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --output-file "$output" "$@"
}

pin requirements.lock pyproject.toml "$@"
pin requirements-dev.lock pyproject.toml --group dev --constraint requirements.lock "$@"
pin requirements-bench.lock --group bench "$@"
