#!/bin/sh
# Installs what is missing, and nothing else: a machine that has it all is left alone.
#
# Usage:   sh tests/setup.sh GROUP...    build (hail itself), package (to make a Debian package of it), tour, tests (which
#                                        also use the tour's services) or static (the archives that -DHAIL_STATIC=ON
#                                        links)
# Shape:   silent and 0 when nothing is missing. Debian 12 and Ubuntu 24.04 or later; elsewhere it names the packages.
#          No service of the packages starts, now or at the next boot.
#          For the tests it also installs jayson and ganache from npm in $XDG_CACHE_HOME/hail-tests, if node and npm are there.
# Source:  apt-get(8); the policy-rc.d interface of invoke-rc.d(8), deb-systemd-helper(1p), update-rc.d(8).
set -eu

# group, package, and how to see without the package manager that it is there. With a ? after the group, the package is
# left out where the archive does not have it, and the tests that need it say so.
needs='
build   g++                       command g++
build   cmake                     command cmake
build   ninja-build               command ninja
build   pkg-config                command pkg-config
build   libcurl4-openssl-dev      library libcurl
build   libhiredis-dev            library hiredis
build   librabbitmq-dev           library librabbitmq
build   libssl-dev                library libcrypto
build   libpsl-dev                library libpsl
build   zlib1g-dev                library zlib
build   libcli11-dev              file /usr/include/CLI/App.hpp
build   nlohmann-json3-dev        file /usr/include/nlohmann/json.hpp
package file                      command file
package dpkg-dev                  command dpkg-shlibdeps
tour    redis-server              command redis-server
tour    rabbitmq-server           command rabbitmq-server
tour    aria2                     command aria2c
tour    prometheus-alertmanager   command prometheus-alertmanager
tour    jq                        command jq
tests   doctest-dev               file /usr/include/doctest/doctest.h
tests   ccache                    command ccache
tests   clang                     command clang++
tests   libclang-rt-dev           file /usr/lib/llvm-*/lib/clang/*/lib/*/libclang_rt.fuzzer*.a
tests   clang-format              command clang-format
tests   clang-tidy                command clang-tidy
tests   shellcheck                command shellcheck
tests   mandoc                    command mandoc
tests   curl                      command curl
tests   openssl                   command openssl
tests   nginx                     command nginx
tests   amqp-tools                command amqp-publish
tests   zsh                       command zsh
tests   fish                      command fish
tests   lintian                   command lintian
tests   ca-certificates           file /etc/ssl/certs/ca-certificates.crt
tests?  litecoind                 command litecoind
tests?  monero                    command monerod
tests?  transmission-daemon       command transmission-daemon
tests?  deluge-web                command deluge-web
static  libnghttp2-dev            file /usr/lib/*/libnghttp2.a
static  libidn2-dev               file /usr/lib/*/libidn2.a
static  librtmp-dev               file /usr/lib/*/librtmp.a
static  libssh2-1-dev             file /usr/lib/*/libssh2.a
static  libpsl-dev                file /usr/lib/*/libpsl.a
static  libldap-dev               file /usr/lib/*/libldap.a
static  libzstd-dev               file /usr/lib/*/libzstd.a
static  libbrotli-dev             file /usr/lib/*/libbrotlidec.a
static  libunistring-dev          file /usr/lib/*/libunistring.a
static  libgnutls28-dev           file /usr/lib/*/libgnutls.a
static  nettle-dev                file /usr/lib/*/libnettle.a
static  libgmp-dev                file /usr/lib/*/libgmp.a
static  libtasn1-6-dev            file /usr/lib/*/libtasn1.a
static  libkrb5-dev               file /usr/lib/*/libgssapi_krb5.so
static  libsasl2-dev              file /usr/lib/*/libsasl2.so
static  libp11-kit-dev            file /usr/lib/*/libp11-kit.so
'

fail() {
    echo "setup: $*" >&2
    exit 1
}

# present KIND WHAT: a command, a library that pkg-config knows, or a file that matches a pattern.
present() {
    case $1 in
        command) command -v "$2" >/dev/null ;;
        library) pkg-config --exists "$2" 2>/dev/null ;;
        file)
            for match in $2; do
                [ ! -e "$match" ] || return 0
            done
            return 1
            ;;
    esac
}

# offered GROUP PACKAGE: false for a package that may be missing from the archive, and is. Without lists of the archive
# nobody knows yet.
offered() {
    case $1 in
        *\?) ! present file '/var/lib/apt/lists/*Packages*' || apt-cache show "$2" >/dev/null 2>&1 ;;
    esac
}

# The packages of the given groups that are not there, on one line.
missing() {
    echo "$needs" | while read -r group package kind what; do
        case " $* " in
            *" ${group%\?} "*) present "$kind" "$what" || ! offered "$group" "$package" || printf ' %s' "$package" ;;
        esac
    done
}

# Runs as root: installs the given packages, and no service of theirs starts.
# shellcheck disable=SC2016 # the inner shell expands it
install_packages='
    set -eu
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap "rm -f $policy" EXIT
        trap "exit 130" INT
        trap "exit 143" TERM
        printf "#!/bin/sh\nexit 101\n" >"$policy"
        chmod 755 "$policy"
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    packages=
    for package in "$@"; do
        case $package in
            libclang-rt-dev)
                # Named after the version that the package clang stands for.
                version=$(apt-cache depends clang | sed -n "s/.*Depends: clang-\([0-9]*\)$/\1/p")
                package=libclang-rt-$version-dev
                ;;
            litecoind | monero | transmission-daemon | deluge-web)
                # Not every release has them, as the lists that are now read tell.
                apt-cache show "$package" >/dev/null 2>&1 || continue
                ;;
        esac
        packages="$packages $package"
    done
    # With what starts services: epmd, which comes with Erlang, has a socket.
    units() {
        find /etc/systemd/system -path "*.wants/*" \
            \( -name "*.service" -o -name "*.socket" -o -name "*.timer" \) 2>/dev/null | sed "s|.*/||" | sort -u
    }
    before=$(units)
    apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends install $packages
    for unit in $(units); do
        case " $(echo $before) " in
            *" $unit "*) ;;
            *)
                # The helper works only for scripts of packages, and this is as good as one.
                DPKG_MAINTSCRIPT_PACKAGE="${unit%.*}" deb-systemd-helper disable "$unit"
                update-rc.d "${unit%.*}" disable 2>/dev/null || :
                ;;
        esac
    done
'

# Packages of node, into a folder of their own. Without one, the test that needs it says so.
install_node_packages() {
    folder=${XDG_CACHE_HOME:-$HOME/.cache}/hail-tests
    command -v node >/dev/null && command -v npm >/dev/null || return 0
    for package in jayson@4 ganache@7; do
        name=${package%@*}
        [ ! -e "$folder/node_modules/$name" ] || continue
        echo "setup: installing $name in $folder"
        mkdir -p "$folder"
        npm install --silent --no-audit --no-fund --ignore-scripts --fetch-retries 0 --prefix "$folder" "$package" \
            >/dev/null 2>&1 </dev/null || echo "setup: npm cannot install $name: its test is left out"
    done
}

case " $* " in
    *" tests "*) install_node_packages ;;
esac

# The folders of the system administrator are on no ordinary PATH in Debian, but nginx is there.
PATH=$PATH:/usr/sbin:/sbin
packages=$(missing "$@")
[ -n "$packages" ] || exit 0

system=
# shellcheck source=/dev/null
[ ! -r /etc/os-release ] || system=$(. /etc/os-release && echo "${ID:-} ${ID_LIKE:-}")
case " $system " in
    *" debian "* | *" ubuntu "*) ;;
    *) fail "this is neither Debian nor Ubuntu: install what these packages of Debian hold, then try again:$packages" ;;
esac

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "these packages are missing: as root, run: apt-get install$packages"
    as_root=sudo
fi
echo "setup: installing$packages"
echo "setup: to remove them later: apt-get purge$packages && apt-get autoremove"
# shellcheck disable=SC2086 # words are wanted
output=$($as_root sh -c "$install_packages" install $packages 2>&1 </dev/null) || {
    echo "$output" >&2
    fail "apt-get could not install$packages"
}

packages=$(missing "$@")
[ -z "$packages" ] || fail "still missing after the installation:$packages"
