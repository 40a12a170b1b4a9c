#!/bin/sh
# The floor plan, held against the sources: which room may include which, where each library may be used, and who may
# read the environment, end the process or swallow an exception.
#
# Usage:   sh tests/layers.sh [ROOT]    ROOT is the repository's, by default the one this script lies in.
# Shape:   silent and 0 when all is well; else one "file:line: fault" a line, and 1.
# Source:  the table below is the floor plan in .github/CONTRIBUTING.md; layers_test.sh sees every rule of it fail.
set -eu

cd -- "${1:-$(dirname -- "$0")/..}"

# A room is the name below that a file's path begins with. It may include itself and what stands right of it;
# a name that ends in / stands for every room in that folder.
rooms='
lib/base:
lib/json:        lib/base
lib/net:         lib/base
lib/http:        lib/net lib/base
lib/redis:       lib/net lib/base
lib/amqp:        lib/net lib/json lib/base
lib/rpc:         lib/json lib/base
lib/rest:        lib/http lib/net lib/json lib/base
lib/bulk:        lib/base
lib/batch:       lib/bulk lib/rpc lib/http lib/net lib/json lib/base
lib/pubsub:      lib/redis lib/amqp lib/net lib/base
cli/signals:     lib/base
cli/completion:  cli/options lib/base
cli/options:     cli/output lib/
cli/input:       lib/
cli/output:      lib/
cli/rest:        cli/options cli/input cli/output lib/
cli/rpc:         cli/options cli/input cli/output lib/
cli/commands:    cli/rest cli/rpc cli/options cli/input cli/output cli/signals lib/
cli/app:         cli/commands cli/options cli/input cli/output cli/completion cli/signals lib/
cli/main:        cli/app cli/options cli/input cli/output cli/completion cli/signals lib/
'

# What begins with the first word may only be included by paths that match the expression after it.
libraries='
curl/               ^lib/(net|http)/
hiredis/            ^lib/redis/
openssl/            ^lib/(net/(curl|close_notify|client_key|alert_watch)|base/digest)[.]cpp$
amqp                ^lib/amqp/
CLI/                ^cli/.*[.]cpp$
nlohmann/json_fwd   .
nlohmann/           [.]cpp$
libpsl              ^lib/http/
simdjson            ^$
iostream            ^$
regex               ^$
locale              ^$
'

# One pass over all files. The program below is awk: its dollars are its own.
# shellcheck disable=SC2016
find lib cli -type f \( -name '*.h' -o -name '*.cpp' \) -exec awk -v rooms="$rooms" -v libraries="$libraries" '
    function fault(where, what) {
        print where ": " what
        faults++
    }

    function here() {
        return FILENAME ":" FNR
    }

    # The room that a path lies in, or "": cli/app.cpp and cli/app/tree.cpp both lie in cli/app.
    function room_of(path,    name, next_character) {
        for (name in allowed) {
            next_character = substr(path, length(name) + 1, 1)
            if (index(path, name) == 1 && (next_character == "/" || next_character == ".")) {
                return name
            }
        }
        return ""
    }

    function check_project_include(path,    target, folder) {
        target = room_of(path)
        folder = target
        sub("/.*", "/", folder)
        if (target == "") {
            fault(here(), "\"" path "\" lies in no room; name it from the root, as lib/… or cli/…")
        } else if (room != "" && target != room && !index(allowed[room], " " target " ") &&
                   !index(allowed[room], " " folder " ")) {
            fault(here(), room " may not see " target)
        }
    }

    function check_library_include(path,    i) {
        for (i = 1; i <= library_count; i++) {
            if (index(path, prefix[i]) == 1) {
                if (FILENAME !~ where[i]) {
                    fault(here(), "<" path "> has no place here")
                }
                return
            }
        }
    }

    # The line without its string literals and comments, so that words in them are not taken for code.
    function code_of(line) {
        gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
        gsub(/\/\*.*\*\//, "", line)
        sub(/\/\/.*/, "", line)
        return line
    }

    function end_catch() {
        if (open_catch != "") {
            fault(open_catch, "catch (...) that neither keeps the exception nor throws it on")
        }
        open_catch = ""
    }

    BEGIN {
        count = split(rooms, lines, "\n")
        for (i = 1; i <= count; i++) {
            if (split(lines[i], parts, ":") == 2) {
                gsub(/ +/, " ", parts[2])
                allowed[parts[1]] = parts[2] " "
            }
        }
        count = split(libraries, lines, "\n")
        for (i = 1; i <= count; i++) {
            if (split(lines[i], parts, " +") == 2) {
                prefix[++library_count] = parts[1]
                where[library_count] = parts[2]
            }
        }
    }

    FNR == 1 {
        end_catch()
        room = room_of(FILENAME)
        if (room == "") {
            fault(here(), "this file lies in no room")
        }
    }

    /^[ \t]*#[ \t]*include/ {
        path = $0
        sub(/^[^<"]*[<"]/, "", path)
        sub(/[>"].*$/, "", path)
        if ($0 ~ /include[ \t]*"/ || path ~ /^(lib|cli)\//) {
            check_project_include(path)
        } else {
            check_library_include(path)
        }
        next
    }

    {
        code = code_of($0)
    }

    code ~ /(^|[^A-Za-z0-9_])(secure_)?getenv[ ]*\(/ && FILENAME !~ /^cli\/(options\/|output\/console[.])/ {
        fault(here(), "getenv() outside cli/options and cli/output/console")
    }

    # With an argument: exit() without one is a member that tells an exit status.
    code ~ /(^|[^A-Za-z0-9_.>])(_|quick_)?[eE]xit\(([^)]|$)/ && FILENAME != "cli/main.cpp" {
        fault(here(), "exit() outside main")
    }

    # The three lines after it may tell what becomes of the exception.
    open_catch != "" && FNR > catch_line + 3 {
        end_catch()
    }

    code ~ /current_exception\(\)|(^|[^A-Za-z0-9_])throw;/ {
        open_catch = ""
    }

    code ~ /catch[ ]*\([ ]*[.][.][.]/ && code !~ /current_exception\(\)|throw;/ {
        end_catch()
        open_catch = here()
        catch_line = FNR
    }

    END {
        end_catch()
        exit faults > 0
    }
' {} +
