#!/bin/sh
# Sees every disagreement that version.sh looks for, planted one at a time in a small repository of its own.
#
# Usage:   sh tests/docs/version_test.sh    Does nothing without git.
# Shape:   silent and 0 when each was found and nothing else was; else one line each, and 1.
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
tree=$scratch/tree
command -v git >/dev/null || exit 0
wrong=0

# The user's own settings, such as signing, must not matter.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git_here() {
    git -C "$tree" -c user.name=test -c user.email=test@hail.invalid "$@" >/dev/null 2>&1
}

# set_version WHERE VERSION
set_version() {
    case $1 in
        source) echo "project(hail VERSION $2 LANGUAGES CXX)" >"$tree/CMakeLists.txt" ;;
        program) printf '#!/bin/sh\necho "hail %s"\necho "libcurl 7.88.1"\n' "$2" >"$scratch/hail" ;;
        package) printf 'set(CPACK_PACKAGE_NAME "hail")\nset(CPACK_PACKAGE_VERSION "%s")\n' "$2" >"$scratch/CPackConfig.cmake" ;;
        changelog) printf '# Changelog\n\n## %s\n\n## 0.0.9 - 2020-01-01\n' "$2" >"$tree/.github/CHANGELOG.md" ;;
    esac
}

# A tree in which everything agrees, unreleased, with one commit.
begin() {
    rm -rf "$tree"
    mkdir -p "$tree/.github" "$tree/cli" "$tree/lib"
    echo 'int main() {}' >"$tree/cli/main.cpp"
    set_version source 0.1.0
    set_version program 0.1.0
    chmod +x "$scratch/hail"
    set_version package 0.1.0
    set_version changelog '0.1.0 - unreleased'
    git_here init
    commit
}

commit() {
    git_here add -A
    git_here commit --allow-empty -m change
}

run() {
    said=$(sh "$here/version.sh" "$scratch/hail" "$scratch/CPackConfig.cmake" "$tree" 2>&1) && status=0 || status=$?
}

# finds TEXT: it must fail and say so.
finds() {
    run
    case "$status $said" in
        "1 "*"$1"*) ;;
        *) echo "not found: $1; but: $said" && wrong=1 ;;
    esac
}

# passes TEXT: it must succeed and say so.
passes() {
    run
    case "$status $said" in
        "0 "*"$1"*) ;;
        *) echo "did not pass with '$1', but: $said" && wrong=1 ;;
    esac
}

begin
passes 'no tag to compare, because HEAD has none'
rm -rf "$tree/.git"
passes 'this is not a git repository'

begin
set_version program 0.2.0
finds "hail --version has '0.2.0'"
begin
set_version package 0.2.0
finds "CPackConfig.cmake has '0.2.0'"
begin
set_version changelog '0.0.9 - unreleased'
finds "the changelog has '0.0.9'"
begin
set_version changelog '0.1.0 - soon'
finds "'## 0.1.0 - soon' must end"

begin
git_here tag v0.1.0
finds "the changelog says 'unreleased'"
begin
set_version changelog '0.1.0 - 2026-11-22'
commit
git_here tag v0.2.0
finds "git describe has '0.2.0'"

begin
set_version changelog '0.1.0 - 2026-11-22'
commit
git_here tag -a -m 'hail 0.1.0' v0.1.0
passes 'so does the tag v0.1.0'
echo 'a word' >"$tree/README.md"
commit
passes 'HEAD has none'
echo 'int main() { return 1; }' >"$tree/cli/main.cpp"
commit
finds 'the program has changed since v0.1.0'

exit "$wrong"
