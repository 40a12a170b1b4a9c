#!/bin/sh
# A private RabbitMQ server that needs nothing but the package: no service, no user of its own, no fixed port.
#
# Usage:   sh tests/support/rabbit.sh FOLDER    with an absolute path. Everything lies in this folder. If it holds
#          definitions.json, the server begins with these; more.conf has further settings. If it holds ca.pem, server.pem
#          and server.key, the server also listens with TLS and accepts certificates as logins. The user guest, with
#          the password guest, may do everything.
# Shape:   runs in the foreground. Once the server accepts connections, FOLDER/ready has lines such as amqp=41234, also
#          for amqps, management (its HTTP API), distribution and epmd_port, and server=PID. The server and its epmd end
#          with this script, however it ends; SIGTERM is passed on, so that the server can take leave of its clients. A
#          folder that was used before keeps its ports and its durable messages.
# Source:  rabbitmq.com/docs/configure (the variables), setpriv(1), epmd(1).
set -eu

folder=$1
server=
epmd=

end_all() {
    for process in $server $epmd; do
        kill "$process" 2>/dev/null || true
    done
    wait
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# So many ports of 127.0.0.1 that are free now, below those that the kernel gives to clients and to servers that
# do not care: one of these would be taken again before the server listens.
free_ports() {
    perl -MSocket -e '
        while (@open < $ARGV[0]) {
            my ($socket, $port) = (undef, 12000 + int rand 20000);
            socket($socket, PF_INET, SOCK_STREAM, 0) or die $!;
            bind($socket, sockaddr_in($port, INADDR_LOOPBACK)) or next;
            push @open, $socket;
            print "$port\n";
        }' "$1"
}

has_tls() {
    [ -e "$folder/ca.pem" ]
}

configure() {
    echo "listeners.tcp.1 = 127.0.0.1:$amqp"
    if has_tls; then
        echo "listeners.ssl.1 = 127.0.0.1:$amqps"
        echo "ssl_options.cacertfile = $folder/ca.pem"
        echo "ssl_options.certfile = $folder/server.pem"
        echo "ssl_options.keyfile = $folder/server.key"
        echo 'ssl_options.verify = verify_peer'
        echo 'ssl_options.fail_if_no_peer_cert = false'
        echo 'ssl_cert_login_from = common_name'
        echo 'auth_mechanisms.3 = EXTERNAL'
    fi
    echo 'auth_mechanisms.1 = PLAIN'
    echo 'auth_mechanisms.2 = AMQPLAIN'
    echo 'management.tcp.ip = 127.0.0.1'
    echo "management.tcp.port = $management"
    echo 'loopback_users = none'
    echo 'log.console = false'
    echo 'disk_free_limit.absolute = 1MB'
    [ ! -e "$folder/more.conf" ] || cat "$folder/more.conf"
    if [ -e "$folder/definitions.json" ]; then
        echo "load_definitions = $folder/definitions.json"
    fi
}

# They end with this script even if it is killed. The server is no child of a shell that would keep them.
start() {
    setpriv --pdeathsig KILL epmd -port "$epmd_port" -address 127.0.0.1 >"$folder/epmd.log" 2>&1 &
    epmd=$!
    env HOME="$folder" \
        ERL_CRASH_DUMP="$folder/erl_crash.dump" \
        ERL_EPMD_PORT="$epmd_port" \
        ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_NODENAME=test@localhost \
        RABBITMQ_DIST_PORT="$distribution" \
        RABBITMQ_MNESIA_BASE="$folder/data" \
        RABBITMQ_LOG_BASE="$folder/log" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins" \
        RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" \
        RABBITMQ_PID_FILE="$folder/pid" \
        RABBITMQ_SCHEMA_DIR="$folder/schema" \
        RABBITMQ_GENERATED_CONFIG_DIR="$folder/generated" \
        RABBITMQ_FEATURE_FLAGS_FILE="$folder/flags" \
        RABBITMQ_CONF_ENV_FILE=/dev/null \
        RABBITMQ_ALLOW_INPUT=1 \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-noinput -kernel inet_dist_use_interface {127,0,0,1}' \
        setpriv --pdeathsig KILL /usr/lib/rabbitmq/bin/rabbitmq-server >"$folder/server.log" 2>&1 &
    server=$!
}

# False if the server ends before it accepts connections, or starts without one of its ports: it only logs that
# another process has it.
comes_up() {
    until grep -qs 'Server startup complete' "$folder"/log/*.log; do
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.1
    done
    ! grep -qs 'Failed to start Ranch listener' "$folder"/log/*.log
}

choose_ports() {
    # shellcheck disable=SC2046 # five words are wanted
    set -- $(free_ports 5)
    amqp=$1 amqps=$2 management=$3 distribution=$4 epmd_port=$5
}

rm -f "$folder/ready"
echo '[rabbitmq_management,rabbitmq_auth_mechanism_ssl].' >"$folder/plugins"
tries=5
while :; do
    if [ -e "$folder/ports" ]; then
        amqps=0
        # shellcheck source=/dev/null
        . "$folder/ports"
    else
        choose_ports
    fi
    rm -f "$folder"/log/*
    configure >"$folder/rabbitmq.conf"
    start
    if comes_up; then
        break
    fi
    # Another process may have taken a port in the meantime.
    end_all
    tries=$((tries - 1))
    if [ "$tries" = 0 ]; then
        cat "$folder/server.log" >&2
        echo 'rabbit.sh: the server does not start' >&2
        exit 1
    fi
done

{
    echo "amqp=$amqp"
    ! has_tls || echo "amqps=$amqps"
    echo "management=$management"
    echo "distribution=$distribution"
    echo "epmd_port=$epmd_port"
} >"$folder/ports"
{
    cat "$folder/ports"
    echo "server=$server"
} >"$folder/ready.new"
mv "$folder/ready.new" "$folder/ready"

wait "$server"
