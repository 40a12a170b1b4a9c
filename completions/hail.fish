# fish completion of hail, made by: hail --completion fish

set -g __hail_methods GET HEAD POST PUT PATCH DELETE OPTIONS TRACE QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK PURGE
set -g __hail_headers Accept Accept-Encoding Accept-Language Authorization Cache-Control Content-Disposition Content-Encoding Content-Language Content-Type Cookie Expect Forwarded Host Idempotency-Key If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since Origin Prefer Proxy-Authorization Range Referer User-Agent X-Api-Key X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Request-Id X-Requested-With

# __hail_arguments OPTION...: the arguments before the cursor, without options and the values of these.
function __hail_arguments
    set -l skip no
    for word in (commandline -opc)[3..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word $argv
            set skip yes
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

# __hail_at COUNT OPTION...: true if COUNT arguments precede the cursor, or more if COUNT ends in +.
function __hail_at
    set -l count (count (__hail_arguments $argv[2..-1]))
    if string match -q -- '*+' $argv[1]
        test $count -ge (string trim -r -c + $argv[1])
    else
        test $count -eq $argv[1]
    end
end

# True if the next word is an item: after an address, which may follow a method.
function __hail_at_items
    set -l before (__hail_arguments $argv)
    if string match -qi -- $before[1] $__hail_methods
        test (count $before) -ge 2
    else
        test (count $before) -ge 1
    end
end

# The text after an @ is a file: @FILE, name@FILE, name=@FILE or NAME:@FILE.
function __hail_source
    set -l typed (commandline -ct)
    set -l before (string match -r -- '^[^@]*@' $typed)
    or return 1
    set -l start (string sub -s (math (string length -- $before) + 1) -- $typed)
    for file in $start*
        if test -d $file
            set file $file/
        end
        echo $before$file
    end
end

# The methods of the service at the address, as the last --list of it kept them.
function __hail_service_methods
    set -l before (__hail_arguments $argv)
    set -l program (commandline -opc)[1]
    command $program rpc "$before[1]" --list --cached 2>/dev/null
end

function __hail_headers
    if not string match -q -- '*:*' (commandline -ct)
        printf '%s:\n' $__hail_headers
    end
end

function __hail_item
    if not __hail_source; and not string match -q -- '*[=;]*' (commandline -ct)
        __hail_headers
    end
end

complete -c hail -f
complete -c hail -n __fish_use_subcommand -f -l help -s h -d 'Show help'
complete -c hail -n __fish_use_subcommand -f -l version -s V -d 'Print the versions'
complete -c hail -n __fish_use_subcommand -f -l completion -r -a 'bash zsh fish' -d 'Print a completion script'
complete -c hail -n __fish_use_subcommand -f -a rest -d 'Make one REST call over HTTP'
complete -c hail -n '__fish_seen_subcommand_from rest' -s h -l help -d 'Show this help'
complete -c hail -n '__fish_seen_subcommand_from rest' -s X -l method -x -a "$__hail_methods" -d 'Use this method, whatever the first word is'
complete -c hail -n '__fish_seen_subcommand_from rest' -s H -l header -x -a '(__hail_headers)' -d 'Send this header; an empty value removes a default header'
complete -c hail -n '__fish_seen_subcommand_from rest' -s j -l json -d 'Send the fields as JSON and ask for JSON (the default if there are fields)'
complete -c hail -n '__fish_seen_subcommand_from rest' -s f -l form -d 'Send the fields as a form: URL-encoded, or multipart if one of them is a file'
complete -c hail -n '__fish_seen_subcommand_from rest' -l multipart -d 'Send the fields as a multipart form, with or without files'
complete -c hail -n '__fish_seen_subcommand_from rest' -l boundary -x -d 'Separate the parts of a multipart form with this boundary'
complete -c hail -n '__fish_seen_subcommand_from rest' -s d -l data -l raw -x -a '(__hail_source)' -d 'Send this text as the body, unchanged; @FILE sends a file, @- sends stdin'
complete -c hail -n '__fish_seen_subcommand_from rest' -l compress -x -a 'gzip deflate' -d 'Compress the body'
complete -c hail -n '__fish_seen_subcommand_from rest' -l chunked -d 'Send stdin in chunks as it arrives, instead of first reading up to 1 MiB of it'
complete -c hail -n '__fish_seen_subcommand_from rest' -s I -l ignore-stdin -d 'Do not read the body of POST, PUT and PATCH from stdin'
complete -c hail -n '__fish_seen_subcommand_from rest' -s p -l print -x -d 'Print these parts: H and B of the request, h and b of the reply, m metadata (default hb on a terminal, else b)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l headers -d 'Print only the head of the reply'
complete -c hail -n '__fish_seen_subcommand_from rest' -s b -l body -d 'Print only the body of the reply'
complete -c hail -n '__fish_seen_subcommand_from rest' -s m -l meta -d 'Print only times and sizes'
complete -c hail -n '__fish_seen_subcommand_from rest' -s i -l include -d 'Print the head and the body of the reply'
complete -c hail -n '__fish_seen_subcommand_from rest' -l no-check-status -d 'Exit with 0 whatever the status of the reply'
complete -c hail -n '__fish_seen_subcommand_from rest' -l check-status -d 'Exit with the status of the reply, even with HAIL_NO_CHECK_STATUS (the default)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l pick -x -d 'Print the values at PATH in a JSON reply, one per line: items[][id]'
complete -c hail -n '__fish_seen_subcommand_from rest' -s r -l raw-output -d 'Print picked strings as text, without quotes'
complete -c hail -n '__fish_seen_subcommand_from rest' -l sorted -d 'Sort the members of objects in a JSON reply by name'
complete -c hail -n '__fish_seen_subcommand_from rest' -l envelope -d 'Print status, headers, body and times as one JSON object'
complete -c hail -n '__fish_seen_subcommand_from rest' -l headers-to -r -F -d 'Also write the head of the reply to FILE'
complete -c hail -n '__fish_seen_subcommand_from rest' -l max-reply -x -d 'Accept replies up to this size if a whole reply is needed (default 64M)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l curl -d 'Print the call as a curl command line and send nothing'
complete -c hail -n '__fish_seen_subcommand_from rest' -l show-secrets -d 'Show secrets in the output of --curl and --dry-run'
complete -c hail -n '__fish_seen_subcommand_from rest' -l expect -x -d 'Exit with 10 unless this holds: status==200, header:Name==text, a[b]==JSON; also != < <= > >='
complete -c hail -n '__fish_seen_subcommand_from rest' -l until -x -d 'Repeat the call until this holds'
complete -c hail -n '__fish_seen_subcommand_from rest' -l every -x -d 'Pause between the calls of --until (default 2s)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l deadline -x -d 'Stop --until after this time, with exit status 10 (default 5m)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l paginate -d 'Fetch the next page while a Link header names one'
complete -c hail -n '__fish_seen_subcommand_from rest' -l next -x -d 'Fetch the next page that the body names: a URL, as in links[next], or a cursor, as in PARAMETER=meta[cursor]'
complete -c hail -n '__fish_seen_subcommand_from rest' -l page -x -d 'Increment this query parameter (default start 1) until a page is empty'
complete -c hail -n '__fish_seen_subcommand_from rest' -l offset -x -d 'Add the number of elements to this query parameter (default start 0) until a page is empty'
complete -c hail -n '__fish_seen_subcommand_from rest' -l items -x -d 'Print the elements of the array at PATH, one per line'
complete -c hail -n '__fish_seen_subcommand_from rest' -l array -d 'Print the elements of --items as one array'
complete -c hail -n '__fish_seen_subcommand_from rest' -l last-status -x -d 'A reply with status N after the first page ends the list: 404, for example'
complete -c hail -n '__fish_seen_subcommand_from rest' -l max-pages -x -d 'Stop after N pages, 0 for no limit (default: fail after 10000)'
complete -c hail -n '__fish_seen_subcommand_from rest' -s L -l follow -d 'Follow redirects; secrets are sent only to the origin they were given for'
complete -c hail -n '__fish_seen_subcommand_from rest' -l max-redirects -x -d 'Follow at most N redirects (default 10)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l idempotency-key -x -d 'Send this Idempotency-Key and allow retries of any method; \'auto\' generates a key'
complete -c hail -n '__fish_seen_subcommand_from rest' -l session -x -d 'Keep cookies and typed headers for the next call, under this name or in this file'
complete -c hail -n '__fish_seen_subcommand_from rest' -l cache -d 'Store GET replies and revalidate them with the server'
complete -c hail -n '__fish_seen_subcommand_from rest' -s O -l download -d 'Save the body as a file, named by the server or by --output'
complete -c hail -n '__fish_seen_subcommand_from rest' -l continue -d 'Resume a partial download'
complete -c hail -n '__fish_seen_subcommand_from rest' -l sha256 -x -d 'Save the download only if this is its SHA-256 digest'
complete -c hail -n '__fish_seen_subcommand_from rest' -l http2 -d 'Use HTTP/2: over TLS if the server offers it, over plain HTTP with prior knowledge'
complete -c hail -n '__fish_seen_subcommand_from rest' -l auth -x -a 'basic digest bearer' -d 'How to send the user and password (default basic); bearer: the password is a token'
complete -c hail -n '__fish_seen_subcommand_from rest' -l default-scheme -x -d 'Use this scheme for an address without one'
complete -c hail -n '__fish_seen_subcommand_from rest' -l connect-timeout -x -d 'Limit for name resolution, connection, proxy and TLS handshake together (default 10s)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l timeout -x -d 'Limit for the whole exchange (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l idle-timeout -x -d 'Fail if no data arrives for this long (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l retry -x -d 'Retry up to N times when it is safe (default 0)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l retry-max-time -x -d 'Do not start another attempt after this time (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l proxy -x -d 'Use this proxy (http, https or socks5h); \'\' means no proxy'
complete -c hail -n '__fish_seen_subcommand_from rest' -l no-proxy -x -d 'Do not use a proxy for these hosts, separated by commas'
complete -c hail -n '__fish_seen_subcommand_from rest' -l resolve -x -d 'Use this IP address for a host and port, as in curl'
complete -c hail -n '__fish_seen_subcommand_from rest' -l connect-to -x -d 'Connect to the second host and port instead of the first, as in curl'
complete -c hail -n '__fish_seen_subcommand_from rest' -s 4 -l ipv4 -d 'Use IPv4 only'
complete -c hail -n '__fish_seen_subcommand_from rest' -s 6 -l ipv6 -d 'Use IPv6 only'
complete -c hail -n '__fish_seen_subcommand_from rest' -l interface -x -d 'Connect from this network interface or local address'
complete -c hail -n '__fish_seen_subcommand_from rest' -l unix-socket -r -F -d 'Connect to this Unix socket, whatever the address says'
complete -c hail -n '__fish_seen_subcommand_from rest' -l cacert -r -F -d 'Trust the certificates in this PEM file instead of the system\'s'
complete -c hail -n '__fish_seen_subcommand_from rest' -l capath -x -a '(__fish_complete_directories)' -d 'Trust the certificates in this directory, which are named by their hashes'
complete -c hail -n '__fish_seen_subcommand_from rest' -l cert -r -F -d 'Authenticate with this client certificate (PEM)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l key -r -F -d 'Use this private key (PEM), unless the --cert file contains the key'
complete -c hail -n '__fish_seen_subcommand_from rest' -l key-password -x -a '(__hail_source)' -d 'The password of the private key; @FILE and env:VARIABLE hide it from ps'
complete -c hail -n '__fish_seen_subcommand_from rest' -l tls-min -x -a '1.0 1.1 1.2 1.3' -d 'Refuse TLS versions older than this (default 1.2)'
complete -c hail -n '__fish_seen_subcommand_from rest' -s k -l insecure -d 'Accept any certificate, for any host name'
complete -c hail -n '__fish_seen_subcommand_from rest' -s u -s a -l user -x -a '(__hail_source)' -d 'Authenticate as this user; NAME:@FILE and NAME:env:VARIABLE hide the password from ps'
complete -c hail -n '__fish_seen_subcommand_from rest' -l bearer -x -a '(__hail_source)' -d 'Authenticate with this bearer token; @FILE and env:VARIABLE hide it from ps'
complete -c hail -n '__fish_seen_subcommand_from rest' -l netrc -d 'Look up the user and password in ~/.netrc, or in the file named by NETRC'
complete -c hail -n '__fish_seen_subcommand_from rest' -l netrc-file -r -F -d 'Look up the user and password in this netrc file'
complete -c hail -n '__fish_seen_subcommand_from rest' -s o -l output -r -F -d 'Write to FILE instead of stdout; incomplete output stays in FILE.part'
complete -c hail -n '__fish_seen_subcommand_from rest' -s v -l verbose -d 'Show the heads of HTTP requests and replies on stderr, with secrets masked'
complete -c hail -n '__fish_seen_subcommand_from rest' -s q -l quiet -d 'Print only errors to stderr'
complete -c hail -n '__fish_seen_subcommand_from rest' -l dry-run -d 'Print exactly what would be sent, with secrets masked, and send nothing'
complete -c hail -n '__fish_seen_subcommand_from rest' -l color -x -a 'auto always never' -d 'Use colours (default auto: on a terminal, unless NO_COLOR is set)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l pretty -x -a 'all format none' -d 'Indent and colour, indent only, or leave the bytes unchanged (default all on a terminal, else none)'
complete -c hail -n '__fish_seen_subcommand_from rest' -l error-format -x -a 'text json' -d 'Report an error as one line of text or as one JSON object (default text)'
complete -c hail -f -n '__fish_seen_subcommand_from rest; and __hail_at 0 -X --method -H --header --boundary -d --data --raw --compress -p --print --pick --headers-to --max-reply --expect --until --every --deadline --next --page --offset --items --last-status --max-pages --max-redirects --idempotency-key --session --sha256 --auth --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file -o --output --color --pretty --error-format' -a "$__hail_methods"
complete -c hail -f -n '__fish_seen_subcommand_from rest; and __hail_at_items -X --method -H --header --boundary -d --data --raw --compress -p --print --pick --headers-to --max-reply --expect --until --every --deadline --next --page --offset --items --last-status --max-pages --max-redirects --idempotency-key --session --sha256 --auth --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file -o --output --color --pretty --error-format' -a '(__hail_item)'
complete -c hail -n __fish_use_subcommand -f -a rpc -d 'Make one JSON-RPC call or send one notification'
complete -c hail -n '__fish_seen_subcommand_from rpc' -s h -l help -d 'Show this help'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l params -x -a '(__hail_source)' -d 'Pass this JSON array or object as the params; @FILE reads it from a file, @- from stdin'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l member -x -a '(__hail_source)' -d 'Send this member beside the params; NAME:=JSON for JSON, =@FILE and :=@FILE for a file'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l id -x -d 'Use this id for the call (default 1)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l notify -d 'Send a notification, which has no id and expects no reply'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l wait-server -x -d 'Wait up to this time for a server that cannot be reached, answers 503, or says that it is warming up (error -28)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l retry-on -x -d 'Retry, as often as --retry allows, if the error has one of these codes, as in -32005,429'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l json -d 'Print the whole reply, whether it is a result or an error'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l pick -x -d 'Print the values at PATH in the result, one per line: items[][id]'
complete -c hail -n '__fish_seen_subcommand_from rpc' -s r -l raw-output -d 'Print a string as text, without quotes and escapes'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l expect -x -d 'Exit with 10 unless this holds for the result: state=="done", a[b]>=1, !errors, status==200'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l list -d 'List the methods of the service, if it can tell; no METHOD is called'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l cached -d 'Print the names of the last --list without asking the service'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l describe -x -a '(__hail_service_methods --params --member --id --wait-server --retry-on --pick --expect --describe -H --header --max-reply --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file --cookie-file --jwt-secret --auth -o --output --color --pretty --error-format)' -d 'Print what the service says about this method'
complete -c hail -n '__fish_seen_subcommand_from rpc' -s H -l header -x -a '(__hail_headers)' -d 'Send this header; an empty value removes a default header'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l max-reply -x -d 'Accept replies up to this size (default 64M)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l strict -d 'Treat a reply that breaks JSON-RPC 2.0 as a bad reply, even if it can be understood'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l session -x -d 'Keep cookies and session ids for the next call, under this name or in this file'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l default-scheme -x -d 'Use this scheme for an address without one'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l connect-timeout -x -d 'Limit for name resolution, connection, proxy and TLS handshake together (default 10s)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l timeout -x -d 'Limit for the whole exchange (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l idle-timeout -x -d 'Fail if no data arrives for this long (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l retry -x -d 'Retry up to N times when it is safe (default 0)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l retry-max-time -x -d 'Do not start another attempt after this time (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l proxy -x -d 'Use this proxy (http, https or socks5h); \'\' means no proxy'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l no-proxy -x -d 'Do not use a proxy for these hosts, separated by commas'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l resolve -x -d 'Use this IP address for a host and port, as in curl'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l connect-to -x -d 'Connect to the second host and port instead of the first, as in curl'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l ipv4 -d 'Use IPv4 only'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l ipv6 -d 'Use IPv6 only'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l interface -x -d 'Connect from this network interface or local address'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l unix-socket -r -F -d 'Connect to this Unix socket, whatever the address says'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l cacert -r -F -d 'Trust the certificates in this PEM file instead of the system\'s'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l capath -x -a '(__fish_complete_directories)' -d 'Trust the certificates in this directory, which are named by their hashes'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l cert -r -F -d 'Authenticate with this client certificate (PEM)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l key -r -F -d 'Use this private key (PEM), unless the --cert file contains the key'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l key-password -x -a '(__hail_source)' -d 'The password of the private key; @FILE and env:VARIABLE hide it from ps'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l tls-min -x -a '1.0 1.1 1.2 1.3' -d 'Refuse TLS versions older than this (default 1.2)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -s k -l insecure -d 'Accept any certificate, for any host name'
complete -c hail -n '__fish_seen_subcommand_from rpc' -s u -s a -l user -x -a '(__hail_source)' -d 'Authenticate as this user; NAME:@FILE and NAME:env:VARIABLE hide the password from ps'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l bearer -x -a '(__hail_source)' -d 'Authenticate with this bearer token; @FILE and env:VARIABLE hide it from ps'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l netrc -d 'Look up the user and password in ~/.netrc, or in the file named by NETRC'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l netrc-file -r -F -d 'Look up the user and password in this netrc file'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l cookie-file -r -F -d 'Authenticate with the USER:PASSWORD in this file, as bitcoind writes it'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l jwt-secret -r -F -d 'Sign a fresh token for each request with the hexadecimal secret in this file (HS256)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l auth -x -a 'basic digest bearer' -d 'How to send the user and password (default basic); bearer: the password is a token'
complete -c hail -n '__fish_seen_subcommand_from rpc' -s o -l output -r -F -d 'Write to FILE instead of stdout; incomplete output stays in FILE.part'
complete -c hail -n '__fish_seen_subcommand_from rpc' -s v -l verbose -d 'Show the heads of HTTP requests and replies on stderr, with secrets masked'
complete -c hail -n '__fish_seen_subcommand_from rpc' -s q -l quiet -d 'Print only errors to stderr'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l dry-run -d 'Print exactly what would be sent, with secrets masked, and send nothing'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l color -x -a 'auto always never' -d 'Use colours (default auto: on a terminal, unless NO_COLOR is set)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l pretty -x -a 'all format none' -d 'Indent and colour, indent only, or leave the bytes unchanged (default all on a terminal, else none)'
complete -c hail -n '__fish_seen_subcommand_from rpc' -l error-format -x -a 'text json' -d 'Report an error as one line of text or as one JSON object (default text)'
complete -c hail -f -n '__fish_seen_subcommand_from rpc; and __hail_at 1 --params --member --id --wait-server --retry-on --pick --expect --describe -H --header --max-reply --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file --cookie-file --jwt-secret --auth -o --output --color --pretty --error-format' -a '(__hail_service_methods --params --member --id --wait-server --retry-on --pick --expect --describe -H --header --max-reply --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file --cookie-file --jwt-secret --auth -o --output --color --pretty --error-format)'
complete -c hail -f -n '__fish_seen_subcommand_from rpc; and __hail_at 2+ --params --member --id --wait-server --retry-on --pick --expect --describe -H --header --max-reply --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file --cookie-file --jwt-secret --auth -o --output --color --pretty --error-format' -a '(__hail_source)'
complete -c hail -n __fish_use_subcommand -f -a batch -d 'Make many JSON-RPC calls from files or stdin'
complete -c hail -n '__fish_seen_subcommand_from batch' -s h -l help -d 'Show this help'
complete -c hail -n '__fish_seen_subcommand_from batch' -l method -x -d 'Call this method with each of the params in the input (default: each call names its own)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l from -x -a 'auto json lines' -d 'Read the input as JSON, or as lines of a method and its params (default auto: JSON if it begins with [ or {)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l csv -r -F -d 'Make a call of --method from each record of this table, whose first line names the columns; - means stdin'
complete -c hail -n '__fish_seen_subcommand_from batch' -l params -x -a '(__hail_source)' -d 'The params of these calls: "{name}" is the text of a column, "{name:json}" its JSON, and {{ a brace; @FILE reads them'
complete -c hail -n '__fish_seen_subcommand_from batch' -l add-ids -d 'Give each call without an id its place in the input as id, so that it gets a reply (default: it is a notification)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l strict-input -d 'Check the whole input first, and send nothing if any record of it is not valid (default: send the others)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l chunk -x -d 'Send at most N calls in one POST (default 20)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l parallel -x -d 'Send at most N POSTs at a time (default 4)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l rate -x -d 'Send at most so many calls a second, such as 50/s or 3000/m; auto finds out how many the server accepts (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l fail-fast -d 'Stop at the first call that does not succeed'
complete -c hail -n '__fish_seen_subcommand_from batch' -l max-errors -x -a 'N P%' -d 'Stop when more than N calls, or P percent of at least 100, did not succeed (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l order -x -a 'input done' -d 'Print lines in the order of the input, or as the replies arrive (default input)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l journal -r -F -d 'Note in FILE which calls were sent and which have a line in the output of -o; the same command then continues the run after any interruption'
complete -c hail -n '__fish_seen_subcommand_from batch' -l durable -d 'With --journal: wait for the disk before each POST, so that a power failure loses nothing'
complete -c hail -n '__fish_seen_subcommand_from batch' -l idempotent -d 'Send a call again whose outcome is unknown: every call may be executed twice without harm'
complete -c hail -n '__fish_seen_subcommand_from batch' -l idempotent-method -x -d 'The same for calls of the methods that match GLOB, such as \'eth_get*\''
complete -c hail -n '__fish_seen_subcommand_from batch' -l errors -r -F -d 'Write the calls that did not succeed to FILE, in a form that can be used as input again'
complete -c hail -n '__fish_seen_subcommand_from batch' -l unknown -r -F -d 'Write the calls that may have been executed, but got no reply, to FILE'
complete -c hail -n '__fish_seen_subcommand_from batch' -l as -x -a 'ndjson array result' -d 'Print one JSON object on each line, one JSON array, or the results alone (default ndjson)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l summary -x -a 'text json' -d 'Print the summary on stderr as text or as JSON (default text)'
complete -c hail -n '__fish_seen_subcommand_from batch' -s H -l header -x -a '(__hail_headers)' -d 'Send this header; an empty value removes a default header'
complete -c hail -n '__fish_seen_subcommand_from batch' -l max-reply -x -d 'Accept replies up to this size (default 64M)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l strict -d 'Treat a reply that breaks JSON-RPC 2.0 as a bad reply, even if it can be understood'
complete -c hail -n '__fish_seen_subcommand_from batch' -l session -x -d 'Keep cookies and session ids for the next call, under this name or in this file'
complete -c hail -n '__fish_seen_subcommand_from batch' -l default-scheme -x -d 'Use this scheme for an address without one'
complete -c hail -n '__fish_seen_subcommand_from batch' -l connect-timeout -x -d 'Limit for name resolution, connection, proxy and TLS handshake together (default 10s)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l timeout -x -d 'Limit for the whole exchange (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l idle-timeout -x -d 'Fail if no data arrives for this long (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l retry -x -d 'Retry up to N times when it is safe (default 2)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l retry-max-time -x -d 'Do not start another attempt after this time (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l proxy -x -d 'Use this proxy (http, https or socks5h); \'\' means no proxy'
complete -c hail -n '__fish_seen_subcommand_from batch' -l no-proxy -x -d 'Do not use a proxy for these hosts, separated by commas'
complete -c hail -n '__fish_seen_subcommand_from batch' -l resolve -x -d 'Use this IP address for a host and port, as in curl'
complete -c hail -n '__fish_seen_subcommand_from batch' -l connect-to -x -d 'Connect to the second host and port instead of the first, as in curl'
complete -c hail -n '__fish_seen_subcommand_from batch' -s 4 -l ipv4 -d 'Use IPv4 only'
complete -c hail -n '__fish_seen_subcommand_from batch' -s 6 -l ipv6 -d 'Use IPv6 only'
complete -c hail -n '__fish_seen_subcommand_from batch' -l interface -x -d 'Connect from this network interface or local address'
complete -c hail -n '__fish_seen_subcommand_from batch' -l unix-socket -r -F -d 'Connect to this Unix socket, whatever the address says'
complete -c hail -n '__fish_seen_subcommand_from batch' -l cacert -r -F -d 'Trust the certificates in this PEM file instead of the system\'s'
complete -c hail -n '__fish_seen_subcommand_from batch' -l capath -x -a '(__fish_complete_directories)' -d 'Trust the certificates in this directory, which are named by their hashes'
complete -c hail -n '__fish_seen_subcommand_from batch' -l cert -r -F -d 'Authenticate with this client certificate (PEM)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l key -r -F -d 'Use this private key (PEM), unless the --cert file contains the key'
complete -c hail -n '__fish_seen_subcommand_from batch' -l key-password -x -a '(__hail_source)' -d 'The password of the private key; @FILE and env:VARIABLE hide it from ps'
complete -c hail -n '__fish_seen_subcommand_from batch' -l tls-min -x -a '1.0 1.1 1.2 1.3' -d 'Refuse TLS versions older than this (default 1.2)'
complete -c hail -n '__fish_seen_subcommand_from batch' -s k -l insecure -d 'Accept any certificate, for any host name'
complete -c hail -n '__fish_seen_subcommand_from batch' -s u -s a -l user -x -a '(__hail_source)' -d 'Authenticate as this user; NAME:@FILE and NAME:env:VARIABLE hide the password from ps'
complete -c hail -n '__fish_seen_subcommand_from batch' -l bearer -x -a '(__hail_source)' -d 'Authenticate with this bearer token; @FILE and env:VARIABLE hide it from ps'
complete -c hail -n '__fish_seen_subcommand_from batch' -l netrc -d 'Look up the user and password in ~/.netrc, or in the file named by NETRC'
complete -c hail -n '__fish_seen_subcommand_from batch' -l netrc-file -r -F -d 'Look up the user and password in this netrc file'
complete -c hail -n '__fish_seen_subcommand_from batch' -l cookie-file -r -F -d 'Authenticate with the USER:PASSWORD in this file, as bitcoind writes it'
complete -c hail -n '__fish_seen_subcommand_from batch' -l jwt-secret -r -F -d 'Sign a fresh token for each request with the hexadecimal secret in this file (HS256)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l auth -x -a 'basic digest bearer' -d 'How to send the user and password (default basic); bearer: the password is a token'
complete -c hail -n '__fish_seen_subcommand_from batch' -s o -l output -r -F -d 'Write to FILE instead of stdout; incomplete output stays in FILE.part'
complete -c hail -n '__fish_seen_subcommand_from batch' -s v -l verbose -d 'Show the heads of HTTP requests and replies on stderr, with secrets masked'
complete -c hail -n '__fish_seen_subcommand_from batch' -s q -l quiet -d 'Print only errors to stderr'
complete -c hail -n '__fish_seen_subcommand_from batch' -l dry-run -d 'Print exactly what would be sent, with secrets masked, and send nothing'
complete -c hail -n '__fish_seen_subcommand_from batch' -l color -x -a 'auto always never' -d 'Use colours (default auto: on a terminal, unless NO_COLOR is set)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l pretty -x -a 'all format none' -d 'Indent and colour, indent only, or leave the bytes unchanged (default all on a terminal, else none)'
complete -c hail -n '__fish_seen_subcommand_from batch' -l error-format -x -a 'text json' -d 'Report an error as one line of text or as one JSON object (default text)'
complete -c hail -F -n '__fish_seen_subcommand_from batch; and __hail_at 1+ --method --from --csv --params --chunk --parallel --rate --max-errors --order --journal --idempotent-method --errors --unknown --as --summary -H --header --max-reply --session --default-scheme --connect-timeout --timeout --idle-timeout --retry --retry-max-time --proxy --no-proxy --resolve --connect-to --interface --unix-socket --cacert --capath --cert --key --key-password --tls-min -u -a --user --bearer --netrc-file --cookie-file --jwt-secret --auth -o --output --color --pretty --error-format'
complete -c hail -n __fish_use_subcommand -f -a publish -d 'Publish messages to a channel, from arguments or stdin'
complete -c hail -n '__fish_seen_subcommand_from publish' -s h -l help -d 'Show this help'
complete -c hail -n '__fish_seen_subcommand_from publish' -s 0 -l null -d 'Expect NUL instead of a newline at the end of each message on stdin'
complete -c hail -n '__fish_seen_subcommand_from publish' -l whole -d 'Publish all of stdin as one message'
complete -c hail -n '__fish_seen_subcommand_from publish' -l json -d 'Read lines of JSON, as subscribe --json prints them'
complete -c hail -n '__fish_seen_subcommand_from publish' -l skip-empty -d 'Do not publish empty lines'
complete -c hail -n '__fish_seen_subcommand_from publish' -l window -x -d 'Keep at most N messages unanswered at a time (default 10000)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l receivers -d 'Print how many subscribers received each message'
complete -c hail -n '__fish_seen_subcommand_from publish' -l fail-fast -d 'Stop reading after the first error reply'
complete -c hail -n '__fish_seen_subcommand_from publish' -l drain-timeout -x -d 'Give up if no answer comes for this long after the end of the input (default 30s)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l default-scheme -x -d 'Use this scheme for an address without one'
complete -c hail -n '__fish_seen_subcommand_from publish' -l connect-timeout -x -d 'Limit for name resolution, connection, proxy and TLS handshake together (default 10s)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l timeout -x -d 'Limit for the whole exchange (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l idle-timeout -x -d 'Fail if no data arrives for this long (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l retry -x -d 'Retry up to N times when it is safe (default 0)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l retry-max-time -x -d 'Do not start another attempt after this time (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l proxy -x -d 'Use this proxy (http, https or socks5h); \'\' means no proxy'
complete -c hail -n '__fish_seen_subcommand_from publish' -l no-proxy -x -d 'Do not use a proxy for these hosts, separated by commas'
complete -c hail -n '__fish_seen_subcommand_from publish' -l resolve -x -d 'Use this IP address for a host and port, as in curl'
complete -c hail -n '__fish_seen_subcommand_from publish' -l connect-to -x -d 'Connect to the second host and port instead of the first, as in curl'
complete -c hail -n '__fish_seen_subcommand_from publish' -l ipv4 -d 'Use IPv4 only'
complete -c hail -n '__fish_seen_subcommand_from publish' -l ipv6 -d 'Use IPv6 only'
complete -c hail -n '__fish_seen_subcommand_from publish' -l interface -x -d 'Connect from this network interface or local address'
complete -c hail -n '__fish_seen_subcommand_from publish' -l unix-socket -r -F -d 'Connect to this Unix socket, whatever the address says'
complete -c hail -n '__fish_seen_subcommand_from publish' -l cacert -r -F -d 'Trust the certificates in this PEM file instead of the system\'s'
complete -c hail -n '__fish_seen_subcommand_from publish' -l capath -x -a '(__fish_complete_directories)' -d 'Trust the certificates in this directory, which are named by their hashes'
complete -c hail -n '__fish_seen_subcommand_from publish' -l cert -r -F -d 'Authenticate with this client certificate (PEM)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l key -r -F -d 'Use this private key (PEM), unless the --cert file contains the key'
complete -c hail -n '__fish_seen_subcommand_from publish' -l key-password -x -a '(__hail_source)' -d 'The password of the private key; @FILE and env:VARIABLE hide it from ps'
complete -c hail -n '__fish_seen_subcommand_from publish' -l tls-min -x -a '1.0 1.1 1.2 1.3' -d 'Refuse TLS versions older than this (default 1.2)'
complete -c hail -n '__fish_seen_subcommand_from publish' -s k -l insecure -d 'Accept any certificate, for any host name'
complete -c hail -n '__fish_seen_subcommand_from publish' -s u -s a -l user -x -a '(__hail_source)' -d 'Authenticate as this user; NAME:@FILE and NAME:env:VARIABLE hide the password from ps'
complete -c hail -n '__fish_seen_subcommand_from publish' -l password-file -r -F -d 'Read the password from the first line of this file, again for each connection'
complete -c hail -n '__fish_seen_subcommand_from publish' -l password-command -x -d 'Read the password from the first line that this command prints, again for each connection'
complete -c hail -n '__fish_seen_subcommand_from publish' -s o -l output -r -F -d 'Write to FILE instead of stdout; incomplete output stays in FILE.part'
complete -c hail -n '__fish_seen_subcommand_from publish' -s v -l verbose -d 'Show the heads of HTTP requests and replies on stderr, with secrets masked'
complete -c hail -n '__fish_seen_subcommand_from publish' -s q -l quiet -d 'Print only errors to stderr'
complete -c hail -n '__fish_seen_subcommand_from publish' -l dry-run -d 'Print exactly what would be sent, with secrets masked, and send nothing'
complete -c hail -n '__fish_seen_subcommand_from publish' -l color -x -a 'auto always never' -d 'Use colours (default auto: on a terminal, unless NO_COLOR is set)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l pretty -x -a 'all format none' -d 'Indent and colour, indent only, or leave the bytes unchanged (default all on a terminal, else none)'
complete -c hail -n '__fish_seen_subcommand_from publish' -l error-format -x -a 'text json' -d 'Report an error as one line of text or as one JSON object (default text)'
complete -c hail -n __fish_use_subcommand -f -a subscribe -d 'Print the messages of channels and patterns'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s h -l help -d 'Show this help'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l literal -d 'Treat *, ? and [ in channels as ordinary characters'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l json -d 'Print one JSON object per message: time, channel, pattern, payload or payload_base64'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l format -x -d 'Print each message as TEMPLATE, with {time} {localtime} {channel} {pattern} {payload} {hex} {base64} {length} {sequence} {id} and \n \t \0'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s 0 -l null -d 'End each message with NUL instead of a newline'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l events -d 'With --json, also print an object for each gap, in its place among the messages'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l append -d 'Add to the file of -o, which must otherwise be new or empty'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l queue -x -d 'Keep at most this many bytes in memory for a slow reader of the output (default 64M)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l overflow -x -a 'spool drop-oldest stop' -d 'If the queue is full, go on in a temporary file, drop the oldest messages, or end with exit 8 (default spool)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l exec -x -d 'Run a program for each message, with the payload on its stdin; all words after --exec belong to it'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l jobs -x -d 'Run at most N programs at once; those of one channel run one by one (default 1)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l no-reconnect -d 'End with exit 8 when the connection is lost'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l fail-on-gap -d 'End with exit 8 when messages may have been lost: after a lost connection, or dropped'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l stats -d 'Say at the end how many messages came, and how fast'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l count -x -d 'End after N messages (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l for -x -d 'End after this time (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l first-within -x -d 'Fail if no message arrives within this time after subscribing (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l ready-fd -x -d 'Write \'ready\' to this open descriptor once every subscription is confirmed'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l default-scheme -x -d 'Use this scheme for an address without one'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l connect-timeout -x -d 'Limit for name resolution, connection, proxy and TLS handshake together (default 10s)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l timeout -x -d 'Limit for the whole exchange (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l idle-timeout -x -d 'Fail if no data arrives for this long (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l retry -x -d 'Retry up to N times when it is safe (default 0)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l retry-max-time -x -d 'Do not start another attempt after this time (default: no limit)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l proxy -x -d 'Use this proxy (http, https or socks5h); \'\' means no proxy'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l no-proxy -x -d 'Do not use a proxy for these hosts, separated by commas'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l resolve -x -d 'Use this IP address for a host and port, as in curl'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l connect-to -x -d 'Connect to the second host and port instead of the first, as in curl'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s 4 -l ipv4 -d 'Use IPv4 only'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s 6 -l ipv6 -d 'Use IPv6 only'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l interface -x -d 'Connect from this network interface or local address'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l unix-socket -r -F -d 'Connect to this Unix socket, whatever the address says'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l cacert -r -F -d 'Trust the certificates in this PEM file instead of the system\'s'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l capath -x -a '(__fish_complete_directories)' -d 'Trust the certificates in this directory, which are named by their hashes'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l cert -r -F -d 'Authenticate with this client certificate (PEM)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l key -r -F -d 'Use this private key (PEM), unless the --cert file contains the key'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l key-password -x -a '(__hail_source)' -d 'The password of the private key; @FILE and env:VARIABLE hide it from ps'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l tls-min -x -a '1.0 1.1 1.2 1.3' -d 'Refuse TLS versions older than this (default 1.2)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s k -l insecure -d 'Accept any certificate, for any host name'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s u -s a -l user -x -a '(__hail_source)' -d 'Authenticate as this user; NAME:@FILE and NAME:env:VARIABLE hide the password from ps'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l password-file -r -F -d 'Read the password from the first line of this file, again for each connection'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l password-command -x -d 'Read the password from the first line that this command prints, again for each connection'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s o -l output -r -F -d 'Write to FILE instead of stdout; incomplete output stays in FILE.part'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s v -l verbose -d 'Show the heads of HTTP requests and replies on stderr, with secrets masked'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -s q -l quiet -d 'Print only errors to stderr'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l dry-run -d 'Print exactly what would be sent, with secrets masked, and send nothing'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l color -x -a 'auto always never' -d 'Use colours (default auto: on a terminal, unless NO_COLOR is set)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l pretty -x -a 'all format none' -d 'Indent and colour, indent only, or leave the bytes unchanged (default all on a terminal, else none)'
complete -c hail -n '__fish_seen_subcommand_from subscribe' -l error-format -x -a 'text json' -d 'Report an error as one line of text or as one JSON object (default text)'
