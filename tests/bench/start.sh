#!/bin/sh
# What one call costs: hail rest against curl -s and HTTPie, hail publish against redis-cli, on loopback.
#
# Usage:   sh tests/bench/start.sh PAIRS HAIL [RUNS]
#          PAIRS is the program built from pairs.cpp, HAIL the executable to measure.
# Shape:   a line a comparison: ratios of wall and CPU time from interleaved runs, and of instructions where valgrind is
#          installed. Needs curl, nginx, redis-server and redis-cli; private servers on unix sockets and kernel-chosen ports.
set -eu

pairs=$1
hail=$2
runs=${3:-100}
folder=$(mktemp -d)
nginx_pid=
redis_pid=
trap 'kill $nginx_pid $redis_pid 2>/dev/null || :; wait; rm -rf "$folder"' EXIT INT TERM

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
        sed -n 's/,//g; s/.*refs: *//p'
}

# compare NAME "COMMAND A" "COMMAND B"
compare() {
    printf '%-28s %s' "$1" "$("$pairs" "$runs" "$2" "$3")"
    if command -v valgrind >/dev/null; then
        # The commands are lists of words without spaces in them.
        # shellcheck disable=SC2086
        printf ' instructions %s\n' "$(echo "$(instructions $2) $(instructions $3)" | awk '{ printf "%.2f", $1 / $2 }')"
    else
        printf '\n'
    fi
}

# until COMMAND...: tries it until it succeeds, at most some seconds.
until_ready() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || { echo "start.sh: not ready: $*" >&2; exit 1; }
        sleep 0.05
    done
}

web=$(free_port)
broker=$(free_port)
mkdir "$folder/www"
printf '{"id":7,"name":"Ada","tags":["math","engines"]}\n' >"$folder/www/user.json"
cat >"$folder/nginx.conf" <<EOF
daemon off; master_process off; pid $folder/nginx.pid; error_log $folder/error.log;
events { worker_connections 64; }
http {
    access_log off; client_body_temp_path $folder; proxy_temp_path $folder; fastcgi_temp_path $folder;
    uwsgi_temp_path $folder; scgi_temp_path $folder;
    server { listen 127.0.0.1:$web; root $folder/www; }
}
EOF
nginx -c "$folder/nginx.conf" 2>/dev/null &
nginx_pid=$!
redis-server --port "$broker" --bind 127.0.0.1 --save '' --dir "$folder" >/dev/null &
redis_pid=$!
until_ready curl -sf "http://127.0.0.1:$web/user.json"
until_ready redis-cli -p "$broker" ping

url=http://127.0.0.1:$web/user.json
compare 'rest GET / curl -s' "$hail rest $url" "curl -s $url"
if command -v http >/dev/null; then
    printf '%-28s %s\n' 'HTTPie / rest GET' "$("$pairs" $((runs / 10 + 1)) "http --ignore-stdin $url" "$hail rest $url")"
fi
compare 'publish / redis-cli publish' "$hail publish 127.0.0.1:$broker news hello" \
    "redis-cli -p $broker publish news hello"
