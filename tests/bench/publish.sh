#!/bin/sh
# What publishing lines costs: hail publish against redis-cli --pipe, which gets ready-made RESP, and redis-benchmark.
#
# Usage:   sh tests/bench/publish.sh HAIL [LINES] [ROUNDS]
#          HAIL is the executable to measure.
# Shape:   interleaved rounds against one private server on a unix socket; a line a program: seconds of processor time and
#          of wall time, the means of all rounds, and the ratios to redis-cli. Budgets: rate at least 0.95, processor time at
#          most 0.7. Needs redis-server, redis-cli, redis-benchmark and GNU time.
set -eu

hail=$1
lines=${2:-1000000}
rounds=${3:-5}
folder=$(mktemp -d)
redis_pid=
trap 'kill $redis_pid 2>/dev/null || :; wait; rm -rf "$folder"' EXIT INT TERM

redis-server --port 0 --unixsocket "$folder/s" --save '' --dir "$folder" >/dev/null &
redis_pid=$!
tries=0
until redis-cli -s "$folder/s" ping >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || { echo "publish.sh: redis-server does not start" >&2; exit 1; }
    sleep 0.05
done

seq "$lines" >"$folder/lines"
awk '{ printf "*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$%d\r\n%s\r\n", length($0), $0 }' "$folder/lines" >"$folder/resp"

# measure NAME INPUT COMMAND...: appends "NAME CPU WALL".
measure() {
    name=$1
    input=$2
    shift 2
    /usr/bin/time -a -o "$folder/times" -f "$name %U %S %e" "$@" <"$input" >/dev/null
}

round=0
while [ "$round" -lt "$rounds" ]; do
    measure redis-cli "$folder/resp" redis-cli -s "$folder/s" --pipe
    measure hail "$folder/lines" "$hail" publish "unix://$folder/s" c
    measure hail-window-10000 "$folder/lines" "$hail" publish "unix://$folder/s" c --window 10000
    measure redis-benchmark /dev/null redis-benchmark -s "$folder/s" -c 1 -P 256 -n "$lines" PUBLISH c 1234567
    round=$((round + 1))
done

awk '{ cpu[$1] += $2 + $3; wall[$1] += $4; count[$1]++ }
    END {
        for (name in cpu) {
            printf "%-18s cpu %.3f s  wall %.2f s  cpu ratio %.2f  rate ratio %.2f\n", name, cpu[name] / count[name],
                wall[name] / count[name], cpu[name] / cpu["redis-cli"], wall["redis-cli"] / wall[name]
        }
    }' "$folder/times" | sort
