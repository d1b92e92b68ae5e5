#!/bin/sh
# demo.sh BUILD   The specification's programs on real sockets, from the folder that meson built.
#
# With the Python package built as well (make python), Python and C also talk to each other.
# The exit status is 1 if any result differs from the specification.
set -u

build=$(cd "${1:?which build folder?}" && pwd) || exit 1
examples=$(cd "$(dirname "$0")" && pwd) || exit 1
tmp=$(mktemp -d) || exit 1
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null; fi; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
PATH=$build/examples:$PATH
port=50007
failed=0
cd "$tmp" || exit 1

# Return whether the client succeeds: it is retried until the newly started server listens, or has
# ended.
answered() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        # $1 is a command and its arguments.
        # shellcheck disable=SC2086
        $1 >client.out 2>client.err && return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# pair SERVER CLIENT: run both commands, with PORT in them replaced by a free port, and print their
# output.
pair() {
    while :; do
        serve=$(printf %s "$1" | sed "s/PORT/$port/")
        ask=$(printf %s "$2" | sed "s/PORT/$port/")
        # shellcheck disable=SC2086
        $serve >server.out 2>server.err &
        server=$!
        answered "$ask"
        status=$?
        [ "$status" = 0 ] || kill "$server" 2>/dev/null
        wait "$server" || status=1
        server=
        [ "$status" = 0 ] && break
        # The port is in use: try the next one, unless the caller requires this one.
        [ "$serve" = "$1" ] && break
        grep -q 'in use\|could not open' server.out server.err || break
        port=$((port + 1))
    done
    printf '$ %s &\n$ %s\n' "$serve" "$ask"
    cat server.out server.err client.out client.err
    grep -q '^Connected by ' server.out && grep -q 'Hello, world' client.out || status=1
    [ "$status" = 0 ] || { failed=1; echo "*** this went wrong"; }
    port=$((port + 1))
}

title() { printf '\n=== %s\n\n' "$1"; }

# A folder with the package, and an interpreter that can import it.
find_package() {
    for package in "$build"/python/*/stage/package; do
        for python in python3 "${PYTHON:-python3}"; do
            PYTHONPATH=$package "$python" -c 'import csocket' 2>/dev/null || continue
            export PYTHONPATH="$package"
            return 0
        done
    done
    return 1
}

title 'Echo server and client, IPv4'
pair 'echo_server :PORT' 'echo_client 127.0.0.1:PORT'

title 'The same programs over AF_UNIX: a path, and an abstract name'
pair 'echo_server ./echo.socket' 'echo_client ./echo.socket'
pair "echo_server @csocket-demo-$$" "echo_client @csocket-demo-$$"

title 'Both internet families: the first address that there is'
pair 'echo_server2 PORT' 'echo_client2 PORT'
if grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null; then
    pair 'echo_server2 PORT ::1' 'echo_client2 PORT ::1'

    title 'Both internet families: one dual-stack socket'
    pair 'dualstack_server :PORT' 'echo_client [::1]:PORT'
    pair 'dualstack_server :PORT' 'echo_client 127.0.0.1:PORT'
else
    echo '(this machine has no IPv6: its programs are left out)'
fi

title 'SO_REUSEADDR: started again at once, while the last connection is in TIME_WAIT'
pair 'reuse_address :PORT' 'echo_client 127.0.0.1:PORT'
again=$((port - 1))
pair "reuse_address :$again" "echo_client 127.0.0.1:$again"

title 'Buffer size before and after'
echo '$ buffer_size'
buffer_size || failed=1

title 'Python and C'
if find_package; then
    # A link, so that the name of the folder is one word.
    ln -s "$examples/python" python
    echo '$ cat python/echo_client.py'
    sed 's/^/    /' python/echo_client.py
    # The programs contain "import socket"; -m csocket runs them with csocket instead.
    run="$python -m csocket python"
    pair "$run/echo_server.py PORT" 'echo_client 127.0.0.1:PORT'
    pair 'echo_server :PORT' "$run/echo_client.py PORT"
    pair "$run/echo_server2.py PORT" 'echo_client2 PORT'
    pair 'echo_server2 PORT' "$run/echo_client2.py PORT"
else
    echo '(the Python package is not built: make python)'
fi

echo
if [ "$failed" = 0 ]; then
    echo 'All programs did what the specification says.'
else
    echo 'Not all programs did what the specification says.'
fi
exit "$failed"
