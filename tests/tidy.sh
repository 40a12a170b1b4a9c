#!/bin/sh
# Runs clang-tidy over lib, cli and tests. Nearly all of its time goes into the headers of the libraries, so it reads them
# once for up to 12 files of a folder: for a unit that includes these files.
#
# Usage:   sh tests/tidy.sh BUILD [ROOT]    BUILD is a build folder with a compile_commands.json; the units are written
#          to BUILD/tidy. ROOT is the repository's, by default the one this script is in. CLANG_TIDY names the program.
#          NODES limits the paths that the analyser follows through a function. By default it is a third of clang's own
#          limit, 225000, which takes twice the time and is meant for a release.
# Shape:   0 when all is well; else the faults, with the file and line that they are in, and not 0.
# Source:  AnalysisManager::isInCodeFile of clang: its analyser takes an included file for code, not for a header, only
#          if the name of the unit begins with UnifiedSource. tidy_test.sh sees it find faults in such files.
set -eu

build=$(cd -- "$1" && pwd)
root=$(cd -- "${2:-$(dirname -- "$0")/..}" && pwd)
units=$build/tidy
cd -- "$root"
# clang-tidy takes its settings from the folder of the unit and those above it.
rm -rf "$units"
mkdir -p "$units/tests"
cp .clang-tidy "$units"
cp tests/.clang-tidy "$units/tests"

# The files of a unit have the same folder and the same flags. A file that begins with a #define has its own unit,
# because the headers of the others would obey it too.
alone=$(grep -rl --include='*.cpp' '^#define' lib cli tests || true)
jq --arg root "$root/" --arg units "$units/" --arg alone "$alone" '
    ($alone / "\n") as $alone
    | map(select(.file | startswith($root)) | .file |= ltrimstr($root) | .command |= sub(" -o .*"; ""))
    | unique_by(.file)
    | map(.folder = (.file | sub("/[^/]*$"; "")) | .alone = (.file | select(IN($alone[])) // ""))
    | [group_by([.folder, .command, .alone])[] | range(0; length; 12) as $i | .[$i:$i + 12]]
    | to_entries
    | map({unit: "\($units)\(.value[0].folder)/UnifiedSource\(.key).cpp", sources: .value})
' "$build/compile_commands.json" >"$units/sources.json"
jq 'map({file: .unit, directory: .sources[0].directory, command: "\(.sources[0].command) -c \(.unit | @sh)"})
' "$units/sources.json" >"$units/compile_commands.json"

# write_unit FILE...: tests stand in a namespace each, as they do not know of each other; their headers come before that.
write_unit() {
    sed -n '/^#include/p' "$@" | sort -u
    for source in "$@"; do
        include="#include \"$source\"  // NOLINT(bugprone-suspicious-include)"
        case $source in
            tests/support/* | lib/* | cli/*) printf '%s\n' "$include" ;;
            *)
                name=$(echo "${source%.cpp}" | tr -c 'a-z0-9\n' _)
                # No namespace makes two functions with the linkage of C two.
                printf '#define LLVMFuzzerTestOneInput fuzz_%s\n' "$name"
                printf 'namespace %s {\n%s\n}\n#undef LLVMFuzzerTestOneInput\n' "$name" "$include"
                ;;
        esac
    done
}

jq -r '.[] | [.unit, .sources[].file] | @tsv' "$units/sources.json" | while IFS='	' read -r unit sources; do
    mkdir -p "$(dirname "$unit")"
    # shellcheck disable=SC2086 # names, without a space in them
    write_unit $sources >"$unit"
done

jq -j '.[] | .unit + "\u0000"' "$units/sources.json" |
    xargs -0 -n 1 -P "$(nproc)" "${CLANG_TIDY:-clang-tidy}" --quiet -p "$units" \
        --extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg="max-nodes=${NODES:-75000}"
