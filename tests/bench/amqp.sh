#!/bin/sh
# What RabbitMQ costs: hail publish against amqp-publish -l, which does not ask for confirmations, and against the
# sockets of rabbitmq-c, without and with confirmations; hail subscribe against amqp-consume cat.
#
# Usage:   sh tests/bench/amqp.sh HAIL SOCKETS [LINES] [ROUNDS]
#          HAIL is the executable to measure, SOCKETS the target hail_amqp_sockets of the same build.
# Shape:   interleaved rounds on one private server; a line a program: seconds of processor time, of the client and of
#          the server, and of wall time, the means of all rounds. Publishers: how many processors the server used, and
#          the ratios: of the rate to amqp-publish's; of the processor time to amqp-publish's, to that of the sockets
#          without and with confirmations, and to hail publish's without TLS.
#          Budgets for publish: processor time at most 0.4 of amqp-publish's and 0.25 of that of the sockets with
#          confirmations; rate at least that of amqp-publish, or the server is the limit: then it is no faster with two
#          publishers at once, which share the lines. For subscribe 1.5 s of processor time a million; TLS at most
#          twice plain. At the end one message of 128 MiB both ways, with the peak memory: at most 40 MB. Needs
#          rabbitmq-server, amqp-tools, openssl, curl and GNU time.
set -eu

hail=$1
sockets=$2
lines=${3:-200000}
rounds=${4:-3}
here=$(cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
broker=
trap 'kill $broker 2>/dev/null || :; wait; rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(
    cd "$folder"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -batch -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout server.key -out server.pem
    cp server.pem ca.pem
) 2>/dev/null
sh "$here/../support/rabbit.sh" "$folder" &
broker=$!
tries=0
until [ -e "$folder/ready" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || { echo "amqp.sh: rabbitmq-server does not start" >&2; exit 1; }
    sleep 0.1
done
# shellcheck source=/dev/null
. "$folder/ready"
# The file has these.
: "${amqp:?}" "${amqps:?}" "${management:?}" "${server:?}"

plain=amqp://guest:guest@localhost:$amqp
tls=amqps://guest:guest@localhost:$amqps
seq "$lines" >"$folder/lines"
head -n $((lines / 2)) "$folder/lines" >"$folder/half"

api() {
    curl -sS -u guest:guest -o /dev/null -H 'Content-Type: application/json' "$@"
}
queues=http://127.0.0.1:$management/api/queues/%2F
empty_queue() {
    api -X DELETE "$queues/$1"
    api -X PUT "$queues/$1" -d '{"durable":true}'
}

# Processor time of the server so far, in hundredths of a second.
server_time() {
    cut -d ')' -f 2 "/proc/$server/stat" | awk '{ print $12 + $13 }'
}

# measure NAME INPUT COMMAND...: appends "NAME CPU CPU WALL KIB SERVER".
measure() {
    name=$1
    input=$2
    shift 2
    before=$(server_time)
    /usr/bin/time -q -o "$folder/time" -f "%U %S %e %M" "$@" <"$input" >/dev/null
    echo "$name $(cat "$folder/time") $(($(server_time) - before))" >>"$folder/times"
}

# Two at once, each with half of the lines.
publish_pair() {
    # shellcheck disable=SC2016 # the inner shell has arguments of its own
    measure hail-publish-pair "$folder/half" sh -c '
        "$1" publish "$2" q --window 5000 <"$3" & "$1" publish "$2" q --window 5000 || exit; wait $!
    ' sh "$hail" "$plain" "$folder/half"
}

round=0
while [ "$round" -lt "$rounds" ]; do
    empty_queue q
    measure amqp-publish "$folder/lines" amqp-publish -u "$plain" -r q -l -p
    empty_queue q
    measure sockets-publish "$folder/lines" "$sockets" localhost "$amqp" q 0
    empty_queue q
    measure sockets-confirm-publish "$folder/lines" "$sockets" localhost "$amqp" q 5000
    empty_queue q
    publish_pair
    empty_queue q
    measure hail-publish "$folder/lines" "$hail" publish "$plain" q --window 5000
    measure hail-subscribe /dev/null "$hail" subscribe "$plain" q --count "$lines" -q
    measure hail-publish-tls "$folder/lines" "$hail" publish "$tls" q --window 5000 --cacert "$folder/ca.pem"
    measure hail-subscribe-json /dev/null "$hail" subscribe "$plain" q --count "$lines" -q --json
    round=$((round + 1))
done

# It starts a program for each message.
few=300
head -n "$few" "$folder/lines" >"$folder/few"
"$hail" publish "$plain" q <"$folder/few"
measure "amqp-consume-cat-$few" /dev/null amqp-consume -u "$plain" -q q -c "$few" cat

# One message a run, twenty runs: what the start costs.
measure_starts() {
    # shellcheck disable=SC2016 # the inner shell has arguments of its own
    twenty='i=0; while [ $i -lt 20 ]; do "$@" || exit; i=$((i + 1)); done'
    measure hail-20-starts /dev/null sh -c "$twenty" sh "$hail" publish "$plain" q x
    measure amqp-20-starts /dev/null sh -c "$twenty" sh amqp-publish -u "$plain" -r q -b x
}
measure_starts
empty_queue q

head -c 134217728 /dev/urandom >"$folder/large"
measure hail-publish-128M "$folder/large" "$hail" publish "$plain" q --whole
measure hail-subscribe-128M /dev/null "$hail" subscribe "$plain" q --count 1 -q

awk '{ cpu[$1] += $2 + $3; wall[$1] += $4; count[$1]++; broker[$1] += $6 / 100
        if ($5 > memory[$1]) { memory[$1] = $5 } }
    function mean(sum, name) { return sum[name] / count[name] }
    END {
        peers = split("amqp-publish sockets-publish sockets-confirm-publish hail-publish", peer, " ")
        for (name in cpu) {
            printf "%-23s cpu %.3f s  server %.2f s  wall %.2f s  peak %.1f MiB", name, mean(cpu, name),
                mean(broker, name), mean(wall, name), memory[name] / 1024
            if (name ~ /publish(-tls|-pair)?$/) {
                printf "  server cpus %.2f  rate ratio %.2f  cpu ratios", mean(broker, name) / mean(wall, name),
                    mean(wall, "amqp-publish") / mean(wall, name)
                for (i = 1; i <= peers; i++) {
                    printf " %.2f", mean(cpu, name) / mean(cpu, peer[i])
                }
            }
            printf "\n"
        }
    }' "$folder/times" | sort
