#!/bin/sh
# The two rules of layout that clang-format does not enforce: no line is longer than 110 columns, comments included, and
# every header in cli and lib begins with the comment that says what it is, before "#pragma once".
#
# Usage:   sh tests/docs/layout.sh [ROOT]    ROOT is the repository's, by default the one this script is in.
# Shape:   silent and 0 when all is well; else "file:line: fault" for each, and 1. Columns are counted in characters.
# Source:  ColumnLimit in .clang-format; .github/CONTRIBUTING.md, "Style".
set -eu

cd -- "${1:-$(dirname -- "$0")/../..}"

# The program below is awk: its dollars are its own. In the C locale every awk counts bytes, so the bytes that continue
# a character of UTF-8 are taken out first.
# shellcheck disable=SC2016
LC_ALL=C find cli lib tests -type f \( -name '*.h' -o -name '*.cpp' \) -exec awk '
    function fault(what) {
        print FILENAME ":" FNR ": " what
        faults++
    }

    FNR == 1 && FILENAME ~ /^(cli|lib)\/.*[.]h$/ && !/^\/\/ / {
        fault("a header begins with its comment")
    }

    {
        gsub(/[\200-\277]/, "")
    }

    length($0) > 110 {
        fault(length($0) " columns, at most 110")
    }

    END {
        exit faults > 0
    }
' {} +
