#!/bin/sh
# A tour of hail: builds it, starts services of its own, and shows every command at its main job on them, as a person
# would type it and with what comes out. Each output is checked.
#
# Usage:   sh tests/tour.sh [HAIL]    HAIL is a finished program; without it one is built in build/tour.
# Shape:   0 only if every command did its job. The services (prometheus-alertmanager for REST, aria2 for JSON-RPC, Redis
#          and RabbitMQ for publish and subscribe) listen on loopback ports that were free and on a socket in a temporary directory;
#          both are gone afterwards.
set -eu

cd -- "$(dirname -- "$0")/.."
root=$PWD
program=${1:-}

scratch=$(mktemp -d)
services=
clean_up() {
    for service in $services; do
        kill "$service" 2>/dev/null || true
    done
    wait
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    printf '\ntour: %s\n' "$*" >&2
    exit 1
}

# until_true WHAT COMMAND...: tries every tenth of a second, for ten seconds or as many tenths as $patience says.
until_true() {
    what=$1
    shift
    tries=${patience:-100}
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "$what did not come about"
        sleep 0.1
    done
}

# --- building ---------------------------------------------------------------------------------------------------------
if [ -n "$program" ]; then
    sh tests/setup.sh tour
    bin=$(cd -- "$(dirname -- "$program")" && pwd)
else
    sh tests/setup.sh build tour
    bin=$root/build/tour
    echo "Building hail in $bin, which takes some minutes"
    { cmake -C tests/cmake/release.cmake -S . -B "$bin" -G Ninja && cmake --build "$bin"; } >"$scratch/log" 2>&1 || {
        cat "$scratch/log" >&2
        fail 'the build failed'
    }
fi
began=$(date +%s)
export PATH="$bin:$PATH"
# What is shown is hail as it comes, and nothing but loopback is spoken to.
for name in $(env | sed -n 's/^\(HAIL_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
done
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY
cd "$scratch"

# --- services ---------------------------------------------------------------------------------------------------------
# The kernel chooses this one's port.
printf 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n' >alertmanager.yml
prometheus-alertmanager --config.file=alertmanager.yml --storage.path=alerts --cluster.listen-address= \
    --web.listen-address=127.0.0.1:0 >alertmanager.log 2>&1 &
services="$services $!"

# It takes some seconds, in which the other services are shown.
mkdir rabbit
sh "$root/tests/support/rabbit.sh" "$scratch/rabbit" >rabbit.log 2>&1 &
services="$services $!"

redis-server --port 0 --unixsocket "$scratch/redis.sock" --save '' --dir "$scratch" >redis.log 2>&1 &
services="$services $!"

# aria2 wants to be told a port: one after the other until it gets one.
mkdir downloads
rpc_port=$((20000 + $$ % 10000))
until grep -q 'IPv4 RPC: listening' aria2.log 2>/dev/null; do
    rpc_port=$((rpc_port + 1))
    aria2c --no-conf --disable-ipv6=true --enable-rpc --rpc-listen-port="$rpc_port" --dir=downloads >aria2.log 2>&1 &
    services="$services $!"
    until_true 'the start of aria2' grep -Eq 'IPv4 RPC: (listening|failed)' aria2.log
done

until_true 'the start of prometheus-alertmanager' grep -q 'Listening on' alertmanager.log
rest_port=$(sed -n 's/.*"Listening on" address=127.0.0.1:\([0-9]*\).*/\1/p' alertmanager.log)

# --- showing ----------------------------------------------------------------------------------------------------------
# show STATUS COMMANDS: prints the line as it is typed and what comes of it, which stays in the file "shown".
show() {
    wanted=$1
    printf '\n$ %s\n' "$2"
    status=0
    (eval "$2") >shown 2>&1 || status=$?
    cat shown
    [ -z "$(tail -c 1 shown)" ] || echo
    [ "$status" = "$wanted" ] || fail "that ended with $status instead of $wanted"
    [ "$wanted" = 0 ] || echo "(exit status $wanted)"
}

# expect PATTERN...: each is in what was shown last.
expect() {
    for pattern in "$@"; do
        grep -Eq -- "$pattern" shown || fail "nothing there matches $pattern"
    done
}

title() {
    printf '\n\n== %s\n' "$1"
}

# --- REST: prometheus-alertmanager ------------------------------------------------------------------------------------
title "REST: silencing alerts in prometheus-alertmanager"
show 0 "hail rest :$rest_port/-/ready"
expect '^OK'
show 0 "hail rest :$rest_port/api/v2/silences --pretty format \\
    createdBy=tour comment='Moving house' startsAt=2026-01-01T00:00:00Z endsAt=2099-01-01T00:00:00Z \\
    'matchers[0][name]=alertname' 'matchers[0][value]=DiskFull' 'matchers[0][isRegex]:=false'"
expect '"silenceID": "[0-9a-f-]{36}"'
silence=$(sed -n 's/.*"silenceID": "\(.*\)".*/\1/p' shown)
show 0 "hail rest :$rest_port/api/v2/silences filter=='alertname=\"DiskFull\"' | jq -r '.[] | .comment, .status.state'"
expect '^Moving house$' '^active$'
show 0 "hail rest :$rest_port/api/v2/silences --pick '[][comment]' -r"
expect '^Moving house$'
show 0 "hail rest DELETE :$rest_port/api/v2/silence/$silence"
show 0 "hail rest :$rest_port/api/v2/silence/$silence --until 'status[state]==\"expired\"' --every 100ms --deadline 10s |
    jq -c .status"
expect '^\{"state":"expired"\}$'
show 10 "hail rest :$rest_port/api/v2/silence/$silence --expect 'status[state]==\"active\"' -o silence.json"
show 0 "hail rest -O :$rest_port/metrics && grep -c alertmanager metrics"
show 0 "hail rest :$rest_port/-/ready -m"
expect '^status: 200$' '^total: '
show 0 "hail rest -u ada:secret :$rest_port/api/v2/silences n:=1.10 --curl"
expect '"?n"?.*1\.10'
show 4 "hail rest :$rest_port/api/v2/silence/00000000-0000-4000-8000-000000000000"
show 64 "hail rest :$rest_port/api/v2/silences 'endsAt:=tomorrow'"

# --- JSON-RPC: aria2 --------------------------------------------------------------------------------------------------
title 'JSON-RPC: a download manager, aria2'
show 0 "hail rpc :$rpc_port/jsonrpc aria2.getVersion --pretty format"
expect '"version": "'
show 0 "hail rpc :$rpc_port/jsonrpc aria2.addUri '[\"http://127.0.0.1:$rest_port/metrics\"]' '{\"out\":\"metrics.txt\"}'"
expect '^"[0-9a-f]{16}"$'
show 1 "hail rpc :$rpc_port/jsonrpc aria2.tellStatus 0000000000000000"
expect '^hail: .* is not found'

title 'Many JSON-RPC calls from a file'
cat >calls.ndjson <<'END'
{"id":"version","method":"aria2.getVersion"}
{"id":"wrong","method":"aria2.getVersionn"}
{"id":"how many","method":"aria2.getGlobalStat"}
END
show 0 'cat calls.ndjson'
show 1 "hail batch :$rpc_port/jsonrpc calls.ndjson"
expect '^\{"i":0,"id":"version","result":' '^\{"i":1,"id":"wrong","error":' '^\{"i":2,"id":"how many","result":'
show 0 "yes '{\"id\":1,\"method\":\"aria2.getVersion\"}' | head -n 10000 |
    hail batch :$rpc_port/jsonrpc --chunk 100 | grep -c '\"version\":\"'"
expect '^10000$'

# --- publish and subscribe: Redis -------------------------------------------------------------------------------------
title 'Messages through Redis'
redis=redis+unix://$scratch/redis.sock
until_true 'the start of redis-server' hail publish "$redis" tour.start ready
mkfifo ready
subscribe="hail subscribe $redis 'news.*' --json --count 4"
printf '\n$ %s >heard.ndjson &\n' "$subscribe"
eval "$subscribe --ready-fd 3" >heard.ndjson 3>ready &
subscriber=$!
services="$services $subscriber"
read -r _ <ready || fail 'the subscription was not confirmed'
show 0 "hail publish $redis news.world 'hello from a tour' 'and again'"
show 0 "printf 'line one\\nline two\\n' | hail publish $redis news.local"
wait "$subscriber" || fail "hail subscribe ended with $?"
show 0 'cat heard.ndjson'
expect '"channel":"news.world".*"payload":"hello from a tour"' '"payload":"line two"'
[ "$(wc -l <heard.ndjson)" = 4 ] || fail 'four messages were sent, and another number of them was heard'
show 0 "hail publish $redis - --json <heard.ndjson"
show 0 "hail batch :$rpc_port/jsonrpc calls.ndjson -q | hail publish $redis results"

# --- publish and subscribe: RabbitMQ ----------------------------------------------------------------------------------
title 'Queues of RabbitMQ'
patience=1200 until_true 'the start of rabbitmq-server' test -e rabbit/ready
rabbit=amqp://localhost:$(sed -n 's/^amqp=//p' rabbit/ready)
show 0 "hail publish $rabbit jobs 'first job' 'second job' --declare -H attempt:=1 --priority 5"
show 0 "hail subscribe $rabbit jobs --json --count 1"
expect '"headers":\{"attempt":1\},"delivery_mode":2,"priority":5' '"payload":"first job"'
show 0 "hail subscribe $rabbit jobs --count 1 --exec tr a-z A-Z"
expect '^SECOND JOB'
show 1 "hail publish $rabbit nobody 'a message for nobody'"
expect "no queue 'nobody'"
show 0 "seq 10000 | hail publish $rabbit jobs"
show 0 "hail subscribe $rabbit jobs --json --count 10000 -q | hail publish $rabbit done --json --declare"
show 0 "hail subscribe $rabbit done --count 10000 | tail -n 1"
expect '^10000$'

printf '\n\nEvery command did its job, in %d seconds.\n' $(($(date +%s) - began))
