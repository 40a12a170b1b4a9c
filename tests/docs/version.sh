#!/bin/sh
# Compares all places that tell a version: project() in CMakeLists.txt, where it is written down; "hail --version"; the
# package; the newest heading of the changelog; and the tag, if HEAD has one.
#
# Usage:   sh tests/docs/version.sh HAIL PACKAGE [ROOT]    PACKAGE is a .deb, or the CPackConfig.cmake of a build folder.
# Shape:   says what was compared, and 0; else one "version: fault" for each disagreement on stderr, and 1. A version that
#          is tagged belongs to that commit: if the program has changed since, the version must be raised.
# Source:  .github/RELEASING.md.
set -eu

hail=$1
package=$2
root=${3:-$(dirname -- "$0")/../..}
changelog=$root/.github/CHANGELOG.md
faults=0

fault() {
    echo "version: $*" >&2
    faults=1
}

# agree WHERE VERSION
agree() {
    [ "$2" = "$version" ] || fault "$1 has '$2', CMakeLists.txt has '$version'"
}

packaged_version() {
    case $package in
        *.deb) dpkg-deb --field "$package" Version ;;
        *) sed -n 's/^set(CPACK_PACKAGE_VERSION "\(.*\)")$/\1/p' "$package" ;;
    esac
}

# compare_tag: leaves in $tag how the tags were compared.
compare_tag() {
    if [ ! -e "$root/.git" ] || ! command -v git >/dev/null; then
        tag='no tags to compare, because this is not a git repository'
        return
    fi
    git -C "$root" rev-parse HEAD >/dev/null || {
        fault 'git cannot read the repository'
        return
    }
    if described=$(git -C "$root" describe --tags --exact-match --match 'v[0-9]*' HEAD 2>/dev/null); then
        tag="so does the tag $described"
        agree 'git describe' "${described#v}"
        [ "$state" != unreleased ] || fault "HEAD is tagged $described, but the changelog says 'unreleased'"
        return
    fi
    tag='no tag to compare, because HEAD has none'
    if git -C "$root" rev-parse --quiet --verify "refs/tags/v$version" >/dev/null &&
        ! git -C "$root" diff --quiet "v$version" HEAD -- CMakeLists.txt cli lib; then
        fault "the program has changed since v$version: raise the version in CMakeLists.txt"
    fi
}

version=$(sed -n 's/^project(hail VERSION \([0-9.]*\) .*/\1/p' "$root/CMakeLists.txt")
[ -n "$version" ] || fault 'project() in CMakeLists.txt has no version'

agree 'hail --version' "$("$hail" --version | sed -n '1s/^hail //p')"
agree "$(basename -- "$package")" "$(packaged_version)"

# "0.1.0 - unreleased", or "0.1.0 - 2026-11-22"
heading=$(sed -n 's/^## \([0-9].*\)$/\1/p' "$changelog" | head -n 1)
state=${heading#* - }
agree 'the newest heading of the changelog' "${heading%% *}"
case $state in
    unreleased | [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;;
    *) fault "the changelog's '## $heading' must end in '- unreleased' or in '- ' and the date" ;;
esac

compare_tag
[ "$faults" = 0 ] || exit 1
echo "version $version: hail --version, the package and the changelog ($state) agree; $tag"
