#!/bin/sh
# Sees tidy.sh find faults in the files of a unit: plants one that only the analyser follows, in code, and one of another
# check, in a test.
#
# Usage:   sh tests/tidy_test.sh
# Shape:   silent and 0 when both were found, with their file and line; else what clang-tidy said, and 1.
set -eu

root=$(cd -- "$(dirname -- "$0")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$copy/lib/a" "$copy/tests/unit" "$copy/cli" "$copy/build"
cp "$root/.clang-tidy" "$copy"
cp "$root/tests/.clang-tidy" "$copy/tests"

printf '%s\n' 'namespace a {' 'int fine() { return 1; }' '}' >"$copy/lib/a/fine.cpp"
printf '%s\n' 'namespace a {' 'int wrong(int* at) {' '    if (at == nullptr) {' '        return *at;' '    }' '    return 0;' '}' '}' \
    >"$copy/lib/a/wrong.cpp"
for name in one two; do
    printf '%s\n' '#include <string>' '#include <utility>' 'namespace {' 'std::size_t size_after(std::string text) {' \
        '    const std::string other = std::move(text);' '    return other.size() + text.size();' '}' '}' \
        "std::size_t size_of_$name() { return size_after(\"$name\"); }" >"$copy/tests/unit/${name}_test.cpp"
done

separator='['
for file in lib/a/fine.cpp lib/a/wrong.cpp tests/unit/one_test.cpp tests/unit/two_test.cpp; do
    printf '%s{"directory":"%s","file":"%s/%s","command":"c++ -I%s -std=c++20 -o x.o -c %s/%s"}\n' \
        "$separator" "$copy" "$copy" "$file" "$copy" "$copy" "$file"
    separator=,
done >"$copy/build/compile_commands.json"
echo ']' >>"$copy/build/compile_commands.json"

found=$(sh "$root/tests/tidy.sh" "$copy/build" "$copy" 2>&1) && status=0 || status=$?
for fault in 'lib/a/wrong.cpp:4:.*clang-analyzer' 'tests/unit/one_test.cpp:6:.*use-after-move' \
    'tests/unit/two_test.cpp:6:.*use-after-move'; do
    if [ "$status" = 0 ] || ! echo "$found" | grep -q "$fault"; then
        echo "not found: $fault, in:"
        echo "$found"
        exit 1
    fi
done
