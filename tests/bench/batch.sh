#!/bin/sh
# What many calls cost: hail batch against a bare loop of libcurl's multi interface, on the same server on loopback.
#
# Usage:   sh tests/bench/batch.sh BUILD [RUNS]
#          BUILD is a build folder: BUILD/hail, BUILD/tests/hail_pairs, hail_multi_client and hail_json_rpc_server are used.
# Shape:   --chunk 1: the rate as a share of libcurl's, from interleaved runs, and the instructions of a call of either;
#          --chunk 100: client CPU a call, and its instructions. Instructions are those between two lengths of input, so
#          that the start is not in them; they need valgrind.
set -eu

build=$1
runs=${2:-10}
folder=$(mktemp -d)
server_pid=
trap 'kill $server_pid 2>/dev/null || :; wait; rm -rf "$folder"' EXIT INT TERM

# calls COUNT
calls() {
    awk -v count="$1" 'BEGIN {
        for (i = 1; i <= count; ++i) printf "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"add\",\"params\":[%d,2]}\n", i, i }'
}

instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
        sed -n 's/,//g; s/.*refs: *//p'
}

# per_call FEWER MORE "COMMAND", in which COUNT stands for the number of calls
per_call() {
    # The command is a list of words without spaces in them.
    # shellcheck disable=SC2046
    few=$(instructions $(echo "$3" | sed "s/COUNT/$1/g"))
    # shellcheck disable=SC2046
    many=$(instructions $(echo "$3" | sed "s/COUNT/$2/g"))
    echo "$few $many $1 $2" | awk '{ printf "%.0f", ($2 - $1) / ($4 - $3) }'
}

mkfifo "$folder/port"
"$build/tests/hail_json_rpc_server" >"$folder/port" &
server_pid=$!
read -r port <"$folder/port"
url=http://127.0.0.1:$port/
for count in 2000 10000 50000 20000 100000 1000000; do
    calls "$count" >"$folder/$count"
done

one="$build/hail batch $url $folder/COUNT --chunk 1 --parallel 64 -q"
bare="$build/tests/hail_multi_client $url COUNT 64"
hundred="$build/hail batch $url $folder/COUNT --chunk 100 -q"

"$build/tests/hail_pairs" "$runs" "$(echo "$one" | sed 's/COUNT/50000/')" "$(echo "$bare" | sed 's/COUNT/50000/')" |
    awk '{ printf "chunk 1, 64 connections   rate %.2f of bare libcurl, cpu %.2f\n", 1 / $2, $4 }'
"$build/tests/hail_pairs" "$runs" "$(echo "$hundred" | sed 's/COUNT/1000000/')" /bin/true |
    awk '{ printf "chunk 100                 cpu %.2f us a call\n", $6 / 1000000 * 1e6 }'
if command -v valgrind >/dev/null; then
    echo "instructions a call       chunk 1 $(per_call 2000 10000 "$one"), bare libcurl $(per_call 2000 10000 "$bare")," \
        "chunk 100 $(per_call 20000 100000 "$hundred")"
fi
