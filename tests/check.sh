#!/bin/sh
# Everything that must hold before a change lands: style, floor plan, both compilers, sanitizers, packages, all tests.
#
# Usage:   sh tests/check.sh
# Shape:   a line for each step with its seconds; the output of the first step that fails, and then an end. The last
#          line sums up the tests that ctest ran. Writes to build/check and to a temporary directory only.
set -eu

cd -- "$(dirname -- "$0")/.."
root=$PWD
build=$root/build/check
jobs=$(nproc)
# nginx lies where only the system administrator's PATH leads.
export PATH="$PATH:/usr/sbin:/sbin"
export CMAKE_CXX_COMPILER_LAUNCHER=ccache
export UBSAN_OPTIONS=print_stacktrace=1

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
log=$scratch/log
passed=0
failed=0
skipped=0

# Adds up what ctest printed in the step that has just run.
count_tests() {
    passed=$((passed + $(grep -c '^ *[0-9]*/[0-9]* Test .* Passed  *[0-9.]* sec' "$log" || true)))
    skipped=$((skipped + $(grep -c '^ *[0-9]*/[0-9]* Test .*\*\*\*\(Skipped\|Not Run (Disabled)\)' "$log" || true)))
    failures=$(sed -n 's/^.*% tests passed, \([0-9]*\) tests failed out of .*$/\1/p' "$log" | tail -n 1)
    failed=$((failed + ${failures:-0}))
}

sum_up() {
    if [ "$skipped" = 0 ]; then
        echo "$passed passed, $failed failed"
    else
        echo "$passed passed, $failed failed, $skipped skipped"
    fi
}

# step NAME COMMAND...
step() {
    printf '%-56s ' "$1"
    shift
    began=$(date +%s)
    # Not in a condition, where "set -e" would not hold in the command.
    set +e
    (
        set -e
        "$@"
    ) >"$log" 2>&1 </dev/null
    status=$?
    set -e
    count_tests
    if [ "$status" != 0 ]; then
        echo 'FAILED'
        cat "$log"
        # A step that is no run of ctest counts as one.
        [ "$failed" != 0 ] || failed=1
        sum_up
        exit 1
    fi
    printf '%4d s\n' $(($(date +%s) - began))
}

sources() {
    find lib cli tests -type f -name "$1" | sort
}

# With another version than the one the sources were written for, a tool finds other things.
tool_of_llvm_14() {
    for tool in "$1-14" "$1"; do
        if command -v "$tool" >/dev/null && "$tool" --version | grep -q 'version 14\.'; then
            echo "$tool"
            return
        fi
    done
}

check_format() {
    { sources '*.h' && sources '*.cpp'; } | xargs "$clang_format" --dry-run -Werror
}

check_scripts() {
    sources '*.sh' | xargs shellcheck .ci/run
}

check_manual() {
    mandoc -Tlint -W warning man/*.1
}

# configure FOLDER OPTION..., then build all of it
build_variant() {
    folder=$build/$1
    shift
    cmake -S . -B "$folder" -G Ninja "$@"
    cmake --build "$folder" -j "$jobs"
}

# Most tests wait for others most of the time.
run_tests() {
    ctest --test-dir "$build/$1" -j "$((2 * jobs))" --no-tests=error --output-on-failure
}

# The package, unpacked but not installed, holds a program that runs and all that goes with it.
check_package() {
    cpack --config "$build/gcc/CPackConfig.cmake" -G DEB -B "$scratch/package"
    dpkg-deb --info "$scratch"/package/*.deb
    lintian --fail-on error,warning --allow-root "$scratch"/package/*.deb
    dpkg-deb -x "$scratch"/package/*.deb "$scratch/unpacked"
    "$scratch/unpacked/usr/bin/hail" --version
    find "$scratch/unpacked" -type f
    for file in man/*.1; do
        [ -f "$scratch/unpacked/usr/share/$(echo "$file" | sed 's|^man/|man/man1/|').gz" ]
    done
    for file in bash-completion/completions/hail zsh/vendor-completions/_hail fish/vendor_completions.d/hail.fish; do
        [ -f "$scratch/unpacked/usr/share/$file" ]
    done
}

# With the program and the package that check_package has made.
check_version() {
    sh tests/docs/version.sh "$scratch/unpacked/usr/bin/hail" "$scratch"/package/*.deb
}

check_static() {
    hail=$build/static/hail
    "$hail" --version
    # Not those that other libraries bring: libsasl2 of Debian 13 needs libcrypto.
    if objdump -p "$hail" | grep -E 'NEEDED +lib(curl|ssl|crypto|hiredis|stdc\+\+)\.so'; then
        echo 'these should have been linked from their archives'
        return 1
    fi
    sh tests/tour.sh "$hail"
}

check_tidy() {
    CLANG_TIDY=$clang_tidy sh tests/tidy.sh "$build/gcc"
}

check_planted_faults() {
    CLANG_TIDY=$clang_tidy sh tests/tidy_test.sh
}

sh tests/setup.sh build package tour tests static
clang_format=$(tool_of_llvm_14 clang-format)
clang_tidy=$(tool_of_llvm_14 clang-tidy)

step 'layers: the floor plan holds' sh tests/layers.sh
step 'layers: planted faults are found' sh tests/layers_test.sh
step 'layout: lines fit, headers begin with their comment' sh tests/docs/layout.sh
step 'layout: planted faults are found' sh tests/docs/layout_test.sh
step 'language: every text is plain English' sh tests/docs/language.sh
step 'language: planted sentences are found' sh tests/docs/language_test.sh
step 'version: planted disagreements are found' sh tests/docs/version_test.sh
step 'shellcheck' check_scripts
step 'mandoc' check_manual
if [ -n "$clang_format" ]; then
    step 'clang-format' check_format
else
    echo 'clang-format is left out: the sources are formatted by version 14, which is not here'
fi
# The same flags twice: the second build finds its objects in the cache and only links.
step 'g++: build, warnings are errors' build_variant gcc -C tests/cmake/release.cmake -DHAIL_WERROR=ON -DHAIL_TESTS=ON
step 'g++: tests' run_tests gcc
step 'package: build, unpack, run' check_package
step 'version: program, package, changelog and tag agree' check_version
step 'static: build' build_variant static -C tests/cmake/static.cmake -DHAIL_WERROR=ON
step 'static: archives are in it, the tour of the services' check_static
step 'clang, sanitizers, fuzz targets: build' build_variant clang -C tests/cmake/fuzz.cmake
step 'clang, sanitizers, fuzz targets: tests' run_tests clang
if [ -n "$clang_tidy" ]; then
    step 'clang-tidy: planted faults are found' check_planted_faults
    step 'clang-tidy' check_tidy
else
    echo 'clang-tidy is left out: the sources are checked by version 14, which is not here'
fi
sum_up
