# bash completion of hail, made by: hail --completion bash

_hail() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} options=''
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W 'rest rpc batch publish subscribe help --help --version --completion' -- "$cur")
        return
    fi
    case ${COMP_WORDS[1]} in
    rest)
        case $prev in
        -X | --method) COMPREPLY=(); return ;;
        -H | --header) COMPREPLY=(); return ;;
        --boundary) COMPREPLY=(); return ;;
        -d | --data | --raw) COMPREPLY=(); return ;;
        --compress) mapfile -t COMPREPLY < <(compgen -W 'gzip deflate' -- "$cur"); return ;;
        -p | --print) COMPREPLY=(); return ;;
        --pick) COMPREPLY=(); return ;;
        --headers-to) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --expect) COMPREPLY=(); return ;;
        --until) COMPREPLY=(); return ;;
        --every) COMPREPLY=(); return ;;
        --deadline) COMPREPLY=(); return ;;
        --next) COMPREPLY=(); return ;;
        --page) COMPREPLY=(); return ;;
        --offset) COMPREPLY=(); return ;;
        --items) COMPREPLY=(); return ;;
        --max-pages) COMPREPLY=(); return ;;
        --max-redirects) COMPREPLY=(); return ;;
        --idempotency-key) COMPREPLY=(); return ;;
        --session) COMPREPLY=(); return ;;
        --sha256) COMPREPLY=(); return ;;
        --auth) mapfile -t COMPREPLY < <(compgen -W 'basic digest bearer' -- "$cur"); return ;;
        --default-scheme) COMPREPLY=(); return ;;
        --connect-timeout) COMPREPLY=(); return ;;
        --timeout) COMPREPLY=(); return ;;
        --idle-timeout) COMPREPLY=(); return ;;
        --retry) COMPREPLY=(); return ;;
        --retry-max-time) COMPREPLY=(); return ;;
        --proxy) COMPREPLY=(); return ;;
        --no-proxy) COMPREPLY=(); return ;;
        --resolve) COMPREPLY=(); return ;;
        --connect-to) COMPREPLY=(); return ;;
        --interface) COMPREPLY=(); return ;;
        --unix-socket) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --cacert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --capath) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        --cert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --key) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --tls-min) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
        -u | -a | --user) COMPREPLY=(); return ;;
        --bearer) COMPREPLY=(); return ;;
        --netrc-file) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        -o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
        --pretty) mapfile -t COMPREPLY < <(compgen -W 'all format none' -- "$cur"); return ;;
        --error-format) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur"); return ;;
        esac
        options='-h --help -X --method -H --header -j --json -f --form --multipart --boundary -d --data --raw --compress --chunked -I --ignore-stdin -p --print --headers -b --body -m --meta --no-check-status --pick -r --raw-output --sorted --envelope --headers-to --curl --show-secrets --expect --until --every --deadline --paginate --next --page --offset --items --array --max-pages -L --follow --max-redirects --idempotency-key --session --cache -O --download --continue --sha256 --http2 --auth --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to -4 --ipv4 -6 --ipv6 --interface --unix-socket --cacert --capath --cert --key --tls-min -k --insecure -u -a --user --bearer --netrc --netrc-file -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        ;;
    rpc)
        case $prev in
        --params) COMPREPLY=(); return ;;
        --id) COMPREPLY=(); return ;;
        -H | --header) COMPREPLY=(); return ;;
        --max-reply) COMPREPLY=(); return ;;
        --default-scheme) COMPREPLY=(); return ;;
        --connect-timeout) COMPREPLY=(); return ;;
        --timeout) COMPREPLY=(); return ;;
        --idle-timeout) COMPREPLY=(); return ;;
        --retry) COMPREPLY=(); return ;;
        --retry-max-time) COMPREPLY=(); return ;;
        --proxy) COMPREPLY=(); return ;;
        --no-proxy) COMPREPLY=(); return ;;
        --resolve) COMPREPLY=(); return ;;
        --connect-to) COMPREPLY=(); return ;;
        --interface) COMPREPLY=(); return ;;
        --unix-socket) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --cacert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --capath) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        --cert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --key) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --tls-min) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
        -u | -a | --user) COMPREPLY=(); return ;;
        --bearer) COMPREPLY=(); return ;;
        --netrc-file) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        -o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
        --pretty) mapfile -t COMPREPLY < <(compgen -W 'all format none' -- "$cur"); return ;;
        --error-format) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur"); return ;;
        esac
        options='-h --help --params --id --notify --json -r --raw-output -H --header --max-reply --strict --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --ipv4 --ipv6 --interface --unix-socket --cacert --capath --cert --key --tls-min -k --insecure -u -a --user --bearer --netrc --netrc-file -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        ;;
    batch)
        case $prev in
        --method) COMPREPLY=(); return ;;
        --from) mapfile -t COMPREPLY < <(compgen -W 'auto json lines' -- "$cur"); return ;;
        --chunk) COMPREPLY=(); return ;;
        --parallel) COMPREPLY=(); return ;;
        --order) mapfile -t COMPREPLY < <(compgen -W 'input done' -- "$cur"); return ;;
        --errors) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --unknown) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --summary) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur"); return ;;
        -H | --header) COMPREPLY=(); return ;;
        --max-reply) COMPREPLY=(); return ;;
        --default-scheme) COMPREPLY=(); return ;;
        --connect-timeout) COMPREPLY=(); return ;;
        --timeout) COMPREPLY=(); return ;;
        --idle-timeout) COMPREPLY=(); return ;;
        --retry) COMPREPLY=(); return ;;
        --retry-max-time) COMPREPLY=(); return ;;
        --proxy) COMPREPLY=(); return ;;
        --no-proxy) COMPREPLY=(); return ;;
        --resolve) COMPREPLY=(); return ;;
        --connect-to) COMPREPLY=(); return ;;
        --interface) COMPREPLY=(); return ;;
        --unix-socket) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --cacert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --capath) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        --cert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --key) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --tls-min) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
        -u | -a | --user) COMPREPLY=(); return ;;
        --bearer) COMPREPLY=(); return ;;
        --netrc-file) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        -o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
        --pretty) mapfile -t COMPREPLY < <(compgen -W 'all format none' -- "$cur"); return ;;
        --error-format) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur"); return ;;
        esac
        options='-h --help --method --from --chunk --parallel --order --errors --unknown --summary -H --header --max-reply --strict --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to -4 --ipv4 -6 --ipv6 --interface --unix-socket --cacert --capath --cert --key --tls-min -k --insecure -u -a --user --bearer --netrc --netrc-file -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        ;;
    publish)
        case $prev in
        --window) COMPREPLY=(); return ;;
        --drain-timeout) COMPREPLY=(); return ;;
        --default-scheme) COMPREPLY=(); return ;;
        --connect-timeout) COMPREPLY=(); return ;;
        --timeout) COMPREPLY=(); return ;;
        --idle-timeout) COMPREPLY=(); return ;;
        --retry) COMPREPLY=(); return ;;
        --retry-max-time) COMPREPLY=(); return ;;
        --proxy) COMPREPLY=(); return ;;
        --no-proxy) COMPREPLY=(); return ;;
        --resolve) COMPREPLY=(); return ;;
        --connect-to) COMPREPLY=(); return ;;
        --interface) COMPREPLY=(); return ;;
        --unix-socket) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --cacert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --capath) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        --cert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --key) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --tls-min) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
        -u | -a | --user) COMPREPLY=(); return ;;
        -o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
        --pretty) mapfile -t COMPREPLY < <(compgen -W 'all format none' -- "$cur"); return ;;
        --error-format) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur"); return ;;
        esac
        options='-h --help -0 --null --whole --json --skip-empty --window --receivers --fail-fast --drain-timeout --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --ipv4 --ipv6 --interface --unix-socket --cacert --capath --cert --key --tls-min -k --insecure -u -a --user -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        ;;
    subscribe)
        case $prev in
        --count) COMPREPLY=(); return ;;
        --for) COMPREPLY=(); return ;;
        --first-within) COMPREPLY=(); return ;;
        --ready-fd) COMPREPLY=(); return ;;
        --default-scheme) COMPREPLY=(); return ;;
        --connect-timeout) COMPREPLY=(); return ;;
        --timeout) COMPREPLY=(); return ;;
        --idle-timeout) COMPREPLY=(); return ;;
        --retry) COMPREPLY=(); return ;;
        --retry-max-time) COMPREPLY=(); return ;;
        --proxy) COMPREPLY=(); return ;;
        --no-proxy) COMPREPLY=(); return ;;
        --resolve) COMPREPLY=(); return ;;
        --connect-to) COMPREPLY=(); return ;;
        --interface) COMPREPLY=(); return ;;
        --unix-socket) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --cacert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --capath) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        --cert) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --key) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --tls-min) mapfile -t COMPREPLY < <(compgen -W '1.0 1.1 1.2 1.3' -- "$cur"); return ;;
        -u | -a | --user) COMPREPLY=(); return ;;
        -o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
        --pretty) mapfile -t COMPREPLY < <(compgen -W 'all format none' -- "$cur"); return ;;
        --error-format) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur"); return ;;
        esac
        options='-h --help --literal --json -0 --null --count --for --first-within --ready-fd --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to -4 --ipv4 -6 --ipv6 --interface --unix-socket --cacert --capath --cert --key --tls-min -k --insecure -u -a --user -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        ;;
    --completion) options='bash zsh fish' ;;
    help) options='rest rpc batch publish subscribe' ;;
    esac
    if [[ $cur == -* || ${COMP_WORDS[1]} == help || ${COMP_WORDS[1]} == --completion ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    fi
}
complete -o default -F _hail hail
