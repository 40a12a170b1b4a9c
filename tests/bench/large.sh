#!/bin/sh
# What large bodies cost: a download against curl, and a document that is indented while it comes.
#
# Usage:   sh tests/bench/large.sh BUILD [DOWNLOAD_GIB] [JSON_GIB]    (10 and 2 by default)
#          BUILD is a build folder with tests in it.
# Shape:   a line a comparison, from one run: ratios to the other program's wall and CPU time, the rate, and the most memory.
#          The download is of a sparse file, first into /dev/null (what the network part costs), then, where there is
#          room for it, into a file: -O syncs that to the disk, curl does not. Needs curl and nginx; a private server on a
#          port of loopback that the kernel chose. Everything that was made is removed.
set -eu

build=$1
size=${2:-10}
json_size=${3:-2}
hail=$build/hail
pairs=$build/tests/hail_pairs
folder=$(mktemp -d)
nginx_pid=
trap 'kill $nginx_pid 2>/dev/null || :; wait; rm -rf "$folder"' EXIT INT TERM

room() { # in GiB
    df -Pk "$folder" | awk 'NR == 2 { printf "%d\n", $4 / 1048576 }'
}

# compare NAME GIB "COMMAND A" "COMMAND B"
compare() {
    printf '%-30s ' "$1"
    "$pairs" 1 "$3" "$4" | awk -v gib="$2" '{
        printf "wall %s cpu %s rate %.0f MB/s, %.0f MB/s of CPU, peak %s MiB\n",
            $2, $4, gib * 1073.741824 / $8, gib * 1073.741824 / $6, $10 }'
}

# Doubled until it is 64 MiB and more, then repeated: an array of objects, the last element a null.
make_json() {
    awk 'BEGIN { for (i = 0; i < 4000; ++i)
        printf "{\"id\":%d,\"name\":\"User %d of many\",\"score\":%d.50,\"tags\":[\"math\",\"x%d\"],\"active\":true,\"address\":" \
            "{\"city\":\"London\",\"geo\":[51.5,-0.12]},\"note\":null,\"text\":\"over the lazy dog again and again, %d\"},",
            i, i, i, i % 7, i }' >"$folder/block"
    while [ "$(wc -c <"$folder/block")" -lt 67108864 ]; do
        cat "$folder/block" "$folder/block" >"$folder/twice"
        mv "$folder/twice" "$folder/block"
    done
    count=$((json_size * 1073741824 / $(wc -c <"$folder/block") + 1))
    {
        printf '['
        while [ "$count" -gt 0 ]; do
            cat "$folder/block"
            count=$((count - 1))
        done
        printf 'null]\n'
    } >"$folder/www/doc.json"
    rm "$folder/block"
}

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$folder/www"
truncate -s "${size}G" "$folder/www/large.bin"
cat >"$folder/nginx.conf" <<CONF
daemon off; master_process off; pid $folder/nginx.pid; error_log $folder/error.log;
events { worker_connections 64; }
http {
    access_log off; sendfile on; client_body_temp_path $folder; proxy_temp_path $folder;
    fastcgi_temp_path $folder; uwsgi_temp_path $folder; scgi_temp_path $folder;
    server { listen 127.0.0.1:$port; root $folder/www; }
}
CONF
nginx -c "$folder/nginx.conf" 2>/dev/null &
nginx_pid=$!
tries=0
until curl -sf -o /dev/null "http://127.0.0.1:$port/large.bin" -r 0-0; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || { echo 'large.sh: nginx is not ready' >&2; exit 1; }
    sleep 0.05
done

url=http://127.0.0.1:$port/large.bin
compare "$size GiB to /dev/null / curl" "$size" "$hail rest $url -q -o /dev/null" "curl -s $url -o /dev/null"
if [ "$(room)" -gt $((2 * size + json_size + 1)) ]; then
    compare "$size GiB -O to disk / curl" "$size" "$hail rest $url -q -O -o $folder/by-hail" "curl -s $url -o $folder/by-curl"
    cmp "$folder/by-hail" "$folder/by-curl"
    rm "$folder/by-hail" "$folder/by-curl"
fi
if [ "$(room)" -gt $((json_size + 1)) ]; then
    make_json
    url=http://127.0.0.1:$port/doc.json
    compare "$json_size GiB JSON indented / plain" "$json_size" "$hail rest $url --pretty format" "$hail rest $url"
fi
