#!/bin/sh
# What many calls cost: hail batch against a bare loop of libcurl's multi interface, curl --parallel and jayson's client
# (where tests/setup.sh installed it), on the same server on loopback.
#
# Usage:   sh tests/bench/batch.sh BUILD [RUNS]
#          BUILD is a build folder: BUILD/hail, BUILD/tests/hail_pairs, hail_multi_client and hail_json_rpc_server are used.
# Shape:   two workloads: calls of "add", and calls of 120 bytes as blockchains have them. --chunk 1: the rate as a share
#          of libcurl's, from interleaved runs, and the instructions of a call of either; --chunk 100: client CPU a call,
#          and its instructions. Instructions are those between two lengths of input, so that the start is not in them;
#          they need valgrind.
set -eu

build=$1
runs=${2:-10}
folder=$(mktemp -d)
server_pid=
trap 'kill $server_pid 2>/dev/null || :; wait; rm -rf "$folder"' EXIT INT TERM

# calls WORKLOAD COUNT
calls() {
    awk -v workload="$1" -v count="$2" 'BEGIN {
        add = "\"method\":\"add\",\"params\":[%d,2]"
        balance = "\"method\":\"eth_getBalance\",\"params\":[\"0x52908400098527886e0f7030069857d2%08x\",\"latest\"]"
        format = "{\"jsonrpc\":\"2.0\",\"id\":%d," (workload == "add" ? add : balance) "}\n"
        for (i = 1; i <= count; ++i) printf format, i, i }'
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
for workload in add balance; do
    for count in 2000 10000 50000 20000 100000 1000000; do
        calls "$workload" "$count" >"$folder/$workload-$count"
    done
done

bare="$build/tests/hail_multi_client $url COUNT 64"
for workload in add balance; do
    one="$build/hail batch $url $folder/$workload-COUNT --chunk 1 --parallel 64 -q"
    hundred="$build/hail batch $url $folder/$workload-COUNT --chunk 100 -q"
    "$build/tests/hail_pairs" "$runs" "$(echo "$one" | sed 's/COUNT/50000/')" "$(echo "$bare" | sed 's/COUNT/50000/')" |
        awk -v name="$workload" '{ printf "%-8s chunk 1, 64 connections   rate %.2f of bare libcurl, cpu %.2f\n", name, 1 / $2, $4 }'
    "$build/tests/hail_pairs" "$runs" "$(echo "$hundred" | sed 's/COUNT/1000000/')" /bin/true |
        awk -v name="$workload" '{ printf "%-8s chunk 100                 cpu %.2f us a call\n", name, $6 / 1000000 * 1e6 }'
    if command -v valgrind >/dev/null; then
        echo "$workload instructions a call: chunk 1 $(per_call 2000 10000 "$one")," \
            "chunk 100 $(per_call 20000 100000 "$hundred")"
    fi
done

# The others as shares of hail: they are slow, so they get fewer calls.
hail="$build/hail batch $url $folder/balance-10000 --chunk 1 --parallel 64 -q"
printf '%s' '{"jsonrpc":"2.0","id":7,"method":"eth_getBalance",' \
    '"params":["0x52908400098527886e0f7030069857d2e4169ee7","latest"]}' >"$folder/call"
others=3
"$build/tests/hail_pairs" "$others" "curl -s -Z --parallel-max 64 -d @$folder/call $url?[1-10000]" "$hail" |
    awk '{ printf "balance  curl --parallel, 64 connections   rate %.2f of hail, cpu %.1f\n", 1 / $2, $4 }'
jayson=${XDG_CACHE_HOME:-$HOME/.cache}/hail-tests
if [ -e "$jayson/node_modules/jayson" ] && command -v node >/dev/null; then
    "$build/tests/hail_pairs" "$others" "node $(dirname "$0")/jayson_client.js $jayson $url 10000 64" "$hail" |
        awk '{ printf "balance  jayson, 64 connections            rate %.2f of hail, cpu %.1f\n", 1 / $2, $4 }'
fi
if command -v valgrind >/dev/null; then
    echo "bare libcurl instructions a call: $(per_call 2000 10000 "$bare")"
fi
