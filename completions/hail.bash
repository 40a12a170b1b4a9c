# bash completion of hail, made by: hail --completion bash

# The words up to the cursor, split as hail receives them.
_hail_words() {
    local line=${COMP_LINE:0:COMP_POINT} part i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        part=${line%%[![:space:]]*}
        line=${line#"$part"}
        if [[ -n $part || $i == 0 ]]; then
            words+=('')
        fi
        part=${COMP_WORDS[i]}
        if ((i == COMP_CWORD)); then
            part=$line
        fi
        words[${#words[@]} - 1]+=$part
        line=${line#"$part"}
    done
}

# The arguments before the cursor, without options and without the values of the options named in $1.
_hail_arguments() {
    local i
    arguments=()
    for ((i = 2; i < ${#words[@]} - 1; i++)); do
        if [[ ${words[i]} != -* ]]; then
            arguments+=("${words[i]}")
        elif [[ " $1 " == *" ${words[i]} "* ]]; then
            ((i++))
        fi
    done
}

# _hail_offer WORD...: offers the words that begin with the typed text, ignoring case.
_hail_offer() {
    local word
    for word in "$@"; do
        if [[ ${word,,} == "${typed,,}"* ]]; then
            COMPREPLY+=("$before$word")
        fi
    done
}

_hail_files() {
    local file files quoted
    mapfile -t files < <(compgen "$1" -- "$typed")
    for file in "${files[@]}"; do
        printf -v quoted %q "$file"
        if [[ -d $file ]]; then
            quoted+=/
            compopt -o nospace 2>/dev/null
        fi
        COMPREPLY+=("$before$quoted")
    done
}

_hail_headers() {
    if [[ $typed != *:* ]]; then
        compopt -o nospace 2>/dev/null
        # shellcheck disable=SC2086
        _hail_offer ${hail_headers// /: }:
    fi
}

# The text after an @ is a file: @FILE, name@FILE, name=@FILE or NAME:@FILE.
_hail_source() {
    if [[ $typed =~ ^[^@]*@ ]]; then
        before+=${BASH_REMATCH[0]}
        typed=${typed#"${BASH_REMATCH[0]}"}
        _hail_files -f
        return 0
    fi
    return 1
}

# The methods of the service at the address, as the last --list of it kept them.
_hail_service_methods() {
    local names
    mapfile -t names < <(command "${words[0]}" rpc "${arguments[0]-}" --list --cached 2>/dev/null)
    _hail_offer "${names[@]}"
}

_hail_item() {
    if ! _hail_source && [[ $typed != *[=\;]* ]]; then
        _hail_headers
    fi
}

# shellcheck disable=SC2086
_hail_complete() {
    local option='' options='' valued='' arguments
    if ((${#words[@]} == 2)); then
        _hail_offer rest rpc batch publish subscribe help --help --version --completion
        return
    fi
    if [[ $typed == --*=* ]]; then
        option=${typed%%=*}
        before=$option=
        typed=${typed#"$before"}
    elif [[ ${words[-2]} == -* ]]; then
        option=${words[-2]}
    fi
    case ${words[1]} in
    rest)
        options='-h --help -V --version -X --method -H --header -j --json -f --form --multipart --boundary -d --data --raw --compress --chunked -I --ignore-stdin -p --print --headers -b --body -m --meta -i --include --no-check-status --check-status --pick -r --raw-output --sorted --envelope --headers-to --max-reply --curl --show-secrets --expect --until --every --deadline --paginate --next --page --offset --items --array --last-status --max-pages -L --follow --max-redirects --idempotency-key --session --cache -O --download --continue --sha256 --http2 --auth --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to -4 --ipv4 -6 --ipv6 --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -k --insecure -u -a --user --bearer --netrc --netrc-file -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        valued='-X --method -H --header --boundary -d --data --raw --compress -p --print --pick --headers-to --max-reply --expect --until --every --deadline --next --page --offset --items --last-status --max-pages --max-redirects --idempotency-key --session --sha256 --auth --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file -o --output --color --pretty --error-format'
        case $option in
        -X | --method) _hail_offer $hail_methods ;;
        -H | --header) _hail_headers ;;
        -d | --data | --raw) _hail_source ;;
        --compress) _hail_offer 'gzip' 'deflate' ;;
        --headers-to) _hail_files -f ;;
        --auth) _hail_offer 'basic' 'digest' 'bearer' ;;
        --unix-socket) _hail_files -f ;;
        --cacert) _hail_files -f ;;
        --capath) _hail_files -d ;;
        --cert) _hail_files -f ;;
        --key) _hail_files -f ;;
        --key-password) _hail_source ;;
        --tls-min) _hail_offer '1.0' '1.1' '1.2' '1.3' ;;
        -u | -a | --user) _hail_source ;;
        --bearer) _hail_source ;;
        --netrc-file) _hail_files -f ;;
        -o | --output) _hail_files -f ;;
        --color) _hail_offer 'auto' 'always' 'never' ;;
        --pretty) _hail_offer 'all' 'format' 'none' ;;
        --error-format) _hail_offer 'text' 'json' ;;
        esac
        ;;
    rpc)
        options='-h --help -V --version --params --member --id --notify --wait-server --retry-on --json --pick -r --raw-output --expect --list --cached --describe -H --header --max-reply --strict --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --ipv4 --ipv6 --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -k --insecure -u -a --user --bearer --netrc --netrc-file --cookie-file --jwt-secret --auth -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        valued='--params --member --id --wait-server --retry-on --pick --expect --describe -H --header --max-reply --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file --cookie-file --jwt-secret --auth -o --output --color --pretty --error-format'
        case $option in
        --params) _hail_source ;;
        --member) _hail_source ;;
        --describe) _hail_arguments "$valued" && _hail_service_methods ;;
        -H | --header) _hail_headers ;;
        --unix-socket) _hail_files -f ;;
        --cacert) _hail_files -f ;;
        --capath) _hail_files -d ;;
        --cert) _hail_files -f ;;
        --key) _hail_files -f ;;
        --key-password) _hail_source ;;
        --tls-min) _hail_offer '1.0' '1.1' '1.2' '1.3' ;;
        -u | -a | --user) _hail_source ;;
        --bearer) _hail_source ;;
        --netrc-file) _hail_files -f ;;
        --cookie-file) _hail_files -f ;;
        --jwt-secret) _hail_files -f ;;
        --auth) _hail_offer 'basic' 'digest' 'bearer' ;;
        -o | --output) _hail_files -f ;;
        --color) _hail_offer 'auto' 'always' 'never' ;;
        --pretty) _hail_offer 'all' 'format' 'none' ;;
        --error-format) _hail_offer 'text' 'json' ;;
        esac
        ;;
    batch)
        options='-h --help -V --version --method --from --csv --params --add-ids --strict-input --chunk --parallel --rate --fail-fast --max-errors --order --journal --durable --idempotent --idempotent-method --errors --unknown --as --summary -H --header --max-reply --strict --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to -4 --ipv4 -6 --ipv6 --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -k --insecure -u -a --user --bearer --netrc --netrc-file --cookie-file --jwt-secret --auth -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        valued='--method --from --csv --params --chunk --parallel --rate --max-errors --order --journal --idempotent-method --errors --unknown --as --summary -H --header --max-reply --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file --cookie-file --jwt-secret --auth -o --output --color --pretty --error-format'
        case $option in
        --from) _hail_offer 'auto' 'json' 'lines' ;;
        --csv) _hail_files -f ;;
        --params) _hail_source ;;
        --max-errors) _hail_offer 'N' 'P%' ;;
        --order) _hail_offer 'input' 'done' ;;
        --journal) _hail_files -f ;;
        --errors) _hail_files -f ;;
        --unknown) _hail_files -f ;;
        --as) _hail_offer 'ndjson' 'array' 'result' ;;
        --summary) _hail_offer 'text' 'json' ;;
        -H | --header) _hail_headers ;;
        --unix-socket) _hail_files -f ;;
        --cacert) _hail_files -f ;;
        --capath) _hail_files -d ;;
        --cert) _hail_files -f ;;
        --key) _hail_files -f ;;
        --key-password) _hail_source ;;
        --tls-min) _hail_offer '1.0' '1.1' '1.2' '1.3' ;;
        -u | -a | --user) _hail_source ;;
        --bearer) _hail_source ;;
        --netrc-file) _hail_files -f ;;
        --cookie-file) _hail_files -f ;;
        --jwt-secret) _hail_files -f ;;
        --auth) _hail_offer 'basic' 'digest' 'bearer' ;;
        -o | --output) _hail_files -f ;;
        --color) _hail_offer 'auto' 'always' 'never' ;;
        --pretty) _hail_offer 'all' 'format' 'none' ;;
        --error-format) _hail_offer 'text' 'json' ;;
        esac
        ;;
    publish)
        options='-h --help -V --version -0 --null --whole --json --skip-empty --window --receivers --request --require-receivers --wait-receivers --rate --fail-fast --on-lost --drain-timeout --stream --maxlen --id-from -H --header --content-type --content-encoding --priority --expiration --correlation-id --reply-to --message-id --timestamp --type --app-id --user-id --keep-user-id --transient --allow-unroutable --declare --exchange-type --queue-type --argument --auth --heartbeat --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --ipv4 --ipv6 --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -k --insecure -u -a --user --password-file --password-command --wait-server -o --output -v --verbose -q --quiet --dry-run --error-format'
        valued='--window --require-receivers --wait-receivers --rate --on-lost --drain-timeout --maxlen --id-from -H --header --content-type --content-encoding --priority --expiration --correlation-id --reply-to --message-id --timestamp --type --app-id --user-id --exchange-type --queue-type --argument --auth --heartbeat --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --password-file --password-command --wait-server -o --output --error-format'
        case $option in
        --on-lost) _hail_offer 'stop' 'skip' 'resend' ;;
        --id-from) _hail_offer 'line' 'json' ;;
        -H | --header) _hail_headers ;;
        --timestamp) _hail_offer 'now' 'SECONDS' ;;
        --queue-type) _hail_offer 'classic' 'quorum' 'stream' ;;
        --auth) _hail_offer 'plain' 'external' ;;
        --unix-socket) _hail_files -f ;;
        --cacert) _hail_files -f ;;
        --capath) _hail_files -d ;;
        --cert) _hail_files -f ;;
        --key) _hail_files -f ;;
        --key-password) _hail_source ;;
        --tls-min) _hail_offer '1.0' '1.1' '1.2' '1.3' ;;
        -u | -a | --user) _hail_source ;;
        --password-file) _hail_files -f ;;
        -o | --output) _hail_files -f ;;
        --error-format) _hail_offer 'text' 'json' ;;
        esac
        ;;
    subscribe)
        options='-h --help -V --version --literal --json --format -0 --null --events --append --max-message --queue --overflow --exec --jobs --reply --no-reconnect --fail-on-gap --stats --count --for --first-within --ready-fd --stream --group --consumer --from --until-end --claim-after --max-deliveries --prefetch --ack --on-failure --queue-name --expires --declare --exclusive --offset --bind-header --match --consumer-tag --queue-type --argument --auth --heartbeat --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to -4 --ipv4 -6 --ipv6 --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -k --insecure -u -a --user --password-file --password-command --wait-server -o --output -v --verbose -q --quiet --dry-run --color --pretty --error-format'
        valued='--format --max-message --queue --overflow --exec --jobs --count --for --first-within --ready-fd --group --consumer --from --claim-after --max-deliveries --prefetch --ack --on-failure --queue-name --expires --offset --bind-header --match --consumer-tag --queue-type --argument --auth --heartbeat --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --password-file --password-command --wait-server -o --output --color --pretty --error-format'
        case $option in
        --overflow) _hail_offer 'spool' 'drop-oldest' 'stop' ;;
        --from) _hail_offer 'start' 'end' 'ID' ;;
        --ack) _hail_offer 'output' 'delivery' 'never' ;;
        --on-failure) _hail_offer 'stop' 'requeue' 'reject' ;;
        --offset) _hail_offer 'first' 'last' 'next' 'N' 'DURATION' 'TIME' ;;
        --bind-header) _hail_headers ;;
        --match) _hail_offer 'all' 'any' ;;
        --queue-type) _hail_offer 'classic' 'quorum' 'stream' ;;
        --auth) _hail_offer 'plain' 'external' ;;
        --unix-socket) _hail_files -f ;;
        --cacert) _hail_files -f ;;
        --capath) _hail_files -d ;;
        --cert) _hail_files -f ;;
        --key) _hail_files -f ;;
        --key-password) _hail_source ;;
        --tls-min) _hail_offer '1.0' '1.1' '1.2' '1.3' ;;
        -u | -a | --user) _hail_source ;;
        --password-file) _hail_files -f ;;
        -o | --output) _hail_files -f ;;
        --color) _hail_offer 'auto' 'always' 'never' ;;
        --pretty) _hail_offer 'all' 'format' 'none' ;;
        --error-format) _hail_offer 'text' 'json' ;;
        esac
        ;;
    --completion) _hail_offer bash zsh fish ;;
    help) _hail_offer rest rpc batch publish subscribe ;;
    esac
    if [[ -n $option && " $valued " == *" $option "* || -n $before ]]; then
        return
    fi
    if [[ $typed == -* ]]; then
        _hail_offer $options
        return
    fi
    case ${words[1]} in
    rest)
        _hail_arguments "$valued"
        if ((${#arguments[@]} == 0)); then
            _hail_offer $hail_methods
        elif [[ ${#arguments[@]} != 1 || " $hail_methods " != *" ${arguments[0]^^} "* ]]; then
            _hail_item
        fi
        ;;
    rpc)
        _hail_arguments "$valued"
        ((${#arguments[@]} != 1)) || _hail_service_methods
        ((${#arguments[@]} < 2)) || _hail_source
        ;;
    batch)
        _hail_arguments "$valued"
        ((${#arguments[@]} < 1)) || _hail_files -f
        ;;
    esac
}

_hail() {
    local words before='' typed prefix
    local hail_methods='GET HEAD POST PUT PATCH DELETE OPTIONS TRACE QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK PURGE'
    local hail_headers='Accept Accept-Encoding Accept-Language Authorization Cache-Control Content-Disposition Content-Encoding Content-Language Content-Type Cookie Expect Forwarded Host Idempotency-Key If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since Origin Prefer Proxy-Authorization Range Referer User-Agent X-Api-Key X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Request-Id X-Requested-With'
    COMPREPLY=()
    _hail_words
    typed=${words[-1]}
    prefix=${typed%"${typed##*["${COMP_WORDBREAKS//[[:space:]]/}"]}"}
    prefix=${prefix%@}
    _hail_complete
    COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
}
complete -F _hail hail
