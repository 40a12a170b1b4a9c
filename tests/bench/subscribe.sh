#!/bin/sh
# What subscribing costs, and what arrives: hail subscribe against redis-cli subscribe.
#
# Usage:   sh tests/bench/subscribe.sh LATENCY HAIL [MESSAGES] [ROUNDS]
#          LATENCY is the program built from latency.cpp, HAIL the executable to measure.
# Shape:   private servers on unix sockets. First the processor time for MESSAGES of about 100 bytes, in interleaved rounds
#          without limits on the output buffers, as a ratio to redis-cli: budget at most 0.2. Then the share received from an
#          unthrottled publisher with the default limits: budget 100 %. Then latency from PUBLISH to stdout as a ratio:
#          budget at most 1.05, and system calls a message at a low rate: redis-cli waits in read(2), hail in poll(2), so that
#          it also notices a signal and the end of its reader. Needs redis-server, redis-cli, taskset, GNU time, and strace for
#          the last figure.
set -eu

latency=$1
hail=$2
messages=${3:-1000000}
rounds=${4:-3}
folder=$(mktemp -d)
redis_pid=
subscriber_pid=
trap 'kill $subscriber_pid $redis_pid 2>/dev/null || :; wait; rm -rf "$folder"' EXIT INT TERM

redis-server --port 0 --unixsocket "$folder/s" --save '' --dir "$folder" >/dev/null &
redis_pid=$!

cli() {
    redis-cli -s "$folder/s" "$@"
}

# until_is TEXT COMMAND...: repeats a command until it prints the text, at most some minutes.
until_is() {
    wanted=$1
    shift
    tries=0
    until [ "$("$@" 2>/dev/null)" = "$wanted" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 3000 ] || { echo "subscribe.sh: '$*' does not print $wanted" >&2; exit 1; }
        sleep 0.05
    done
}

subscribers() {
    cli pubsub numsub c | tail -n 1
}

until_is PONG cli ping
seq "$messages" | awk '{ printf "%s %0" (99 - length($0)) "d\n", $0, 0 }' >"$folder/lines"

received() {
    grep -c ' 0' "$folder/out" || :
}

gone() {
    kill -0 "$1" 2>/dev/null && echo no || echo yes
}

# receive NAME COMMAND...: subscribes, has everything published, and appends "NAME CPU CPU RECEIVED". The subscriber ends
# when its connection does.
receive() {
    name=$1
    shift
    /usr/bin/time -o "$folder/time" -f "%U %S" "$@" >"$folder/out" 2>/dev/null &
    subscriber_pid=$!
    until_is 1 subscribers
    "$hail" publish "unix://$folder/s" c --window 10000 <"$folder/lines"
    cli publish c end >/dev/null
    # A subscriber that was cut is not subscribed any more.
    while [ "$(subscribers)" = 1 ] && ! grep -qx end "$folder/out"; do
        sleep 0.05
    done
    cli client kill type pubsub >/dev/null
    until_is yes gone "$subscriber_pid"
    wait "$subscriber_pid" || :
    subscriber_pid=
    echo "$name $(grep -v status "$folder/time") $(received)" >>"$folder/$results"
}

both() {
    receive redis-cli redis-cli -s "$folder/s" subscribe c
    receive hail "$hail" subscribe "unix://$folder/s" c --no-reconnect
}

summary() {
    awk -v sent="$messages" '{ cpu[$1] += $2 + $3; got[$1] += $4; count[$1]++ }
        END {
            for (name in cpu) {
                printf "%-10s cpu %.3f s  cpu ratio %.2f  received %.1f %%\n", name, cpu[name] / count[name],
                    cpu[name] / cpu["redis-cli"], 100 * got[name] / count[name] / sent
            }
        }' "$folder/$results" | sort
}

results=unlimited
cli config set client-output-buffer-limit 'pubsub 0 0 0' >/dev/null
round=0
while [ "$round" -lt "$rounds" ]; do
    both
    round=$((round + 1))
done
echo 'without limits of the output buffers'
summary

results=limited
cli config set client-output-buffer-limit 'pubsub 32mb 8mb 60' >/dev/null
round=0
while [ "$round" -lt 3 ]; do
    both
    round=$((round + 1))
done
echo 'with the default limits, three times'
summary

# On a processor of their own the subscribers wake up alike; elsewhere, luck decides more than they do.
taskset -p -c 0 "$redis_pid" >/dev/null
other=$(($(nproc) > 1 ? 1 : 0))
printf 'latency    '
taskset -c 0 "$latency" 3000 "$folder/s" "taskset -c $other $hail subscribe unix://$folder/s a -q" \
    "taskset -c $other redis-cli -s $folder/s subscribe b"

# calls NAME COMMAND...: the system calls for a message, from the difference that 100 more of them make.
calls() {
    name=$1
    shift
    for count in 100 200; do
        strace -f -c -U calls,name -o "$folder/calls$count" "$@" >"$folder/out" 2>/dev/null &
        subscriber_pid=$!
        until_is 1 subscribers
        number=0
        while [ "$number" -lt "$count" ]; do
            number=$((number + 1))
            cli publish c "message-$number" >/dev/null
        done
        until_is "message-$count" tail -n 1 "$folder/out"
        cli client kill type pubsub >/dev/null
        wait "$subscriber_pid" || :
        subscriber_pid=
    done
    awk -v name="$name" '$2 == "total" { total[FILENAME] = $1 }
        END {
            for (file in total) { if (file ~ /100$/) { few = total[file] } else { many = total[file] } }
            printf "%-10s system calls a message %.2f\n", name, (many - few) / 100
        }' "$folder/calls100" "$folder/calls200"
}

if command -v strace >/dev/null; then
    calls redis-cli redis-cli -s "$folder/s" subscribe c
    calls hail "$hail" subscribe "unix://$folder/s" c --no-reconnect
fi
