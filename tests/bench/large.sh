#!/bin/sh
# What large bodies cost: a download against curl, and a document that is indented while it comes.
#
# Usage:   sh tests/bench/large.sh BUILD [DOWNLOAD_GIB] [JSON_GIB]    (10 and 2 by default)
#          BUILD is a build folder: BUILD/hail, BUILD/tests/hail_pairs and hail_body_server are used.
# Shape:   a line a comparison, from one run: ratios to the other command's wall and CPU time, the rate, and the most memory.
#          The download goes into /dev/null first (what the network part costs), then, where there is room for it, into a
#          file: -O syncs that to the disk, curl does not. Needs curl; a private server on a port of loopback that the
#          kernel chose. Everything that was made is removed.
set -eu

build=$1
size=${2:-10}
json_size=${3:-2}
hail=$build/hail
folder=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || :; wait; rm -rf "$folder"' EXIT INT TERM

# compare NAME GIB "COMMAND A" "COMMAND B"
compare() {
    printf '%-30s ' "$1"
    "$build/tests/hail_pairs" 1 "$3" "$4" | awk -v gib="$2" '{
        printf "wall %s cpu %s rate %.0f MB/s, %.0f MB/s of CPU, peak %s MiB\n",
            $2, $4, gib * 1073.741824 / $8, gib * 1073.741824 / $6, $10 }'
}

"$build/tests/hail_body_server" >"$folder/port" &
server=$!
until [ -s "$folder/port" ]; do sleep 0.05; done
at=http://127.0.0.1:$(cat "$folder/port")

url=$at/zeros/$((size * 1073741824))
compare "$size GiB to /dev/null / curl" "$size" "$hail rest $url -q -o /dev/null" "curl -s $url -o /dev/null"
if [ "$(df -Pk "$folder" | awk 'NR == 2 { printf "%d", $4 / 1048576 }')" -gt $((2 * size + 1)) ]; then
    compare "$size GiB -O to disk / curl" "$size" "$hail rest $url -q -O -o $folder/by-hail" \
        "curl -s $url -o $folder/by-curl"
    cmp "$folder/by-hail" "$folder/by-curl"
    rm "$folder/by-hail" "$folder/by-curl"
fi
url=$at/json/$((json_size * 1073741824))
compare "$json_size GiB JSON indented / plain" "$json_size" "$hail rest $url --pretty format" "$hail rest $url"
