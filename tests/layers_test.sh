#!/bin/sh
# Sees every rule of layers.sh fail: plants one fault at a time in a copy of the sources and wants exactly that file named.
#
# Usage:   sh tests/layers_test.sh
# Shape:   silent and 0 when every fault was found and nothing innocent was; else one line each, and 1.
set -eu

root=$(cd -- "$(dirname -- "$0")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cp -R "$root/lib" "$root/cli" "$copy"
wrong=0

# plant FILE LINE...: the text as a file of its own; what layers.sh then says is left in $found.
plant() {
    planted=$1
    shift
    mkdir -p "$copy/$(dirname "$planted")"
    printf '%s\n' "$@" >"$copy/$planted"
    found=$(sh "$root/tests/layers.sh" "$copy") && status=0 || status=$?
    rm "$copy/$planted"
}

# fault LINE_NUMBER FILE LINE...: this must be found there.
fault() {
    line=$1
    shift
    plant "$@"
    case "$status $found" in
        "1 $planted:$line: "*) ;;
        *) echo "not found: $*" && wrong=1 ;;
    esac
}

# fine FILE LINE...: this must pass.
fine() {
    plant "$@"
    [ "$status" = 0 ] || { echo "found without cause: $found" && wrong=1; }
}

# forbidden ROOM OTHER...: the room may see none of these.
forbidden() {
    room=$1
    shift
    for other in "$@"; do
        fault 2 "$room/planted.cpp" '' "#include \"$other/x.h\""
    done
}

# permitted ROOM OTHER...: the room may see all of these, and itself.
permitted() {
    room=$1
    shift
    for other in "$room" "$@"; do
        fine "$room/planted.cpp" "#include \"$other/x.h\""
    done
}

forbidden lib/base lib/json lib/net cli/options
forbidden lib/json lib/net lib/http lib/rpc cli/input
forbidden lib/net lib/json lib/http lib/redis cli/options
forbidden lib/http lib/json lib/redis lib/amqp lib/rpc lib/bulk cli/output
forbidden lib/redis lib/http lib/amqp lib/pubsub lib/json cli/signals
forbidden lib/amqp lib/http lib/redis lib/pubsub lib/rpc cli/app
forbidden lib/rpc lib/net lib/http lib/bulk cli/input
forbidden lib/bulk lib/rpc lib/http lib/json lib/batch cli/output
forbidden lib/batch lib/redis lib/pubsub cli/output
forbidden lib/pubsub lib/http lib/rpc lib/bulk cli/output
forbidden cli/options cli/commands cli/app cli/main
forbidden cli/input cli/output cli/commands cli/app
forbidden cli/output cli/input cli/commands cli/app
forbidden cli/commands cli/app cli/completion cli/main
forbidden cli/app cli/main

permitted lib/net lib/base
permitted lib/batch lib/bulk lib/rpc lib/http lib/json
permitted lib/pubsub lib/redis lib/amqp
permitted lib/amqp lib/json
permitted cli/commands cli/options cli/input cli/output lib/pubsub
permitted cli/app cli/commands cli/completion lib/base

fault 1 lib/other/planted.h '// a room that is not in the floor plan'
fault 1 cli/planted.h '// nor is this'
fault 1 lib/net/planted.cpp '#include "address.h"'
fault 1 lib/net/planted.cpp '#include <cli/signals.h>'

fault 1 lib/redis/planted.cpp '#include <curl/curl.h>'
fault 1 lib/pubsub/planted.cpp '#  include <hiredis/read.h>'
fault 1 lib/pubsub/planted.cpp '#include <amqp_framing.h>'
fault 1 lib/rest/planted.cpp '#include <libpsl.h>'
fault 1 lib/net/planted.cpp '#include <CLI/CLI.hpp>'
fault 1 cli/options/planted.h '#include <CLI/App.hpp>'
fault 1 cli/output/planted.h '#include <nlohmann/json.hpp>'
fault 1 lib/json/planted.cpp '#include <simdjson.h>'
fault 1 cli/output/planted.cpp '#include <iostream>'
fault 1 lib/base/planted.cpp '#include <regex>'
fault 1 lib/base/planted.cpp '#include <locale>'
fine lib/http/planted.h '#include <curl/curl.h>' '#include <nlohmann/json_fwd.hpp>'
fine lib/redis/planted.cpp '#include <hiredis/hiredis.h>' '#include <nlohmann/json.hpp>'
fine lib/http/planted.cpp '#include <libpsl.h>'
fine lib/amqp/planted.cpp '#include <amqp.h>'
fine cli/options/planted.cpp '#include <CLI/CLI.hpp>'

fault 1 lib/net/planted.cpp 'auto p = std::getenv("HOME");'
fault 1 cli/output/planted.cpp 'auto p = ::secure_getenv("HOME");'
fine cli/options/planted.cpp 'auto p = std::getenv("HOME");'
fine lib/net/planted.cpp '// as getenv("HOME") would' 'print("getenv()");'

fault 1 lib/base/planted.cpp 'std::exit(1);'
fault 1 cli/commands/planted.cpp 'if (bad) exit(' '    2);'
fault 1 cli/commands/planted.cpp '_exit(2);'
fine cli/commands/planted.cpp 'return error.exit();' 'Exit Stop::exit() const;' 'exit_(exit),'

fault 2 lib/base/planted.cpp 'try { f(); }' 'catch (...) {' '}' 'g();' 'h();' 'throw;'
fault 1 lib/base/planted.cpp '} catch ( ... ) {'
fine lib/base/planted.cpp '} catch (...) {' '    kept_ = std::current_exception();'
fine lib/base/planted.cpp '} catch (...) {' '    // undone' '    undo();' '    throw;'

exit "$wrong"
