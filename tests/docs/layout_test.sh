#!/bin/sh
# Sees both rules of layout.sh find a planted fault.
#
# Usage:   sh tests/docs/layout_test.sh    Shape: silent and 0 when they do; else one line each, and 1.
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$tree/cli" "$tree/lib" "$tree/tests"
wrong=0

# expect WANTED FILE LINE...: the output of layout.sh for that file alone, "" if it must pass.
expect() {
    wanted=$1
    planted=$2
    shift 2
    printf '%s\n' "$@" >"$tree/$planted"
    found=$(sh "$here/layout.sh" "$tree") && status=0 || status=$?
    rm "$tree/$planted"
    if [ "$found" != "$wanted" ] || { [ "$status" = 0 ] && [ -n "$wanted" ]; }; then
        echo "for $planted: '$found' instead of '$wanted'"
        wrong=1
    fi
}

ten='//////////'
line=$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten

expect '' lib/planted.cpp "$line"
expect 'lib/planted.cpp:2: 111 columns, at most 110' lib/planted.cpp '' "$line/"
expect 'tests/planted_test.cpp:1: 111 columns, at most 110' tests/planted_test.cpp "$line/"
expect '' cli/planted.cpp "${line%/}…"
expect '' cli/planted.h '// What it is for.' '#pragma once'
expect 'cli/planted.h:1: a header begins with its comment' cli/planted.h '#pragma once' '// Late.'
expect 'lib/planted.h:1: a header begins with its comment' lib/planted.h '' '// Late.' '#pragma once'
expect '' tests/planted.h '#pragma once'

exit "$wrong"
