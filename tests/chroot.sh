#!/bin/sh
# Runs the two commands of the README in a fresh, minimal Debian: sh tests/tour.sh and sh tests/check.sh.
#
# Usage:   sh tests/chroot.sh SUITE [COMMAND...]    SUITE is bookworm or trixie. With a COMMAND, only that runs.
#          MIRROR names another archive than http://deb.debian.org/debian; CHROOT a folder in which the system is kept
#          for the next run, so that later runs begin with its packages; CCACHE_DIR a compiler cache to share with it.
# Shape:   0 only if both commands end with 0 and no service of theirs is enabled. Tests the last commit, not the
#          working tree. Needs root, because debootstrap(8), mount(8) and chroot(8) do.
set -eu

suite=${1:?the first argument is a suite, such as bookworm}
shift
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
mirror=${MIRROR:-http://deb.debian.org/debian}

fail() {
    echo "chroot.sh: $*" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || fail 'run it as root: debootstrap and chroot need that'
command -v debootstrap >/dev/null || apt-get -qq -y install debootstrap >/dev/null

scratch=
if [ -z "${CHROOT:-}" ]; then
    scratch=$(mktemp -d)
    CHROOT=$scratch/system
fi
clean_up() {
    [ -z "$scratch" ] || rm -rf --one-file-system "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ ! -e "$CHROOT/etc/debian_version" ]; then
    echo "Making a minimal $suite in $CHROOT"
    debootstrap --variant=minbase "$suite" "$CHROOT" "$mirror" >/dev/null
fi
rm -rf "$CHROOT/hail"
git clone -q "$root" "$CHROOT/hail"
cp /etc/resolv.conf "$CHROOT/etc/resolv.conf"

enabled() {
    find "$CHROOT/etc/systemd/system" -path '*.wants/*' \
        \( -name '*.service' -o -name '*.socket' -o -name '*.timer' \) 2>/dev/null | sort
}
before=$(enabled)

# Mounts and processes of its own, which end with it, whatever the commands leave behind.
# shellcheck disable=SC2016 # the inner shell expands it
inside='
    set -eu
    system=$1
    shift
    mount -t proc proc "$system/proc"
    mount --rbind /dev "$system/dev"
    mkdir -p "$system/ccache"
    if [ -n "${CCACHE_DIR:-}" ]; then
        mount --bind "$CCACHE_DIR" "$system/ccache"
    fi
    exec chroot "$system" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        CCACHE_DIR=/ccache DEBIAN_FRONTEND=noninteractive sh -c "cd /hail && exec \"\$@\"" sh "$@"
'
# run WORD...: the command in the system, from the root of the project.
run() {
    echo "$suite: $*"
    began=$(date +%s)
    unshare --mount --pid --fork --kill-child sh -c "$inside" sh "$CHROOT" "$@" || fail "$suite: $* ended with $?"
    echo "$suite: $*: $(($(date +%s) - began)) s"
}

if [ "$#" -gt 0 ]; then
    run "$@"
else
    run sh tests/tour.sh
    run sh tests/check.sh
fi
after=$(enabled)
[ "$before" = "$after" ] || fail "the scripts left services enabled:
$after"
