#!/bin/bash
# build_python.sh INTERPRETER [BUILD]   Build the Python package for that interpreter.
#
# The last line of the output is the folder to put on PYTHONPATH. It is below BUILD/python, one
# folder per interpreter and kind of build. $SANITIZE (address,undefined or thread) builds the
# extension and the core with these sanitizers, $COVERAGE=1 with gcov's counters.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'build_python: %s\n' "$*" >&2; exit 1; }

[ -n "${1:-}" ] || fail 'which interpreter? make python PYTHON=...'
PYTHON=$(command -v "$1") || fail "there is no interpreter called $1"
BUILD=${2:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac

# The identity of an interpreter: two of the same version may be built differently.
facts=$("$PYTHON" -c '
import hashlib, os, sys, sysconfig
if sys.version_info < (3, 9):
    raise SystemExit("csocket needs Python 3.9 or newer, this is %d.%d" % sys.version_info[:2])
if not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")):
    raise SystemExit("the headers of this interpreter are missing (Debian: python3-dev)")
key = "\n".join([sys.executable, sys.version, sysconfig.get_config_var("EXT_SUFFIX")])
print("%s-%s" % (sys.implementation.cache_tag, hashlib.sha256(key.encode()).hexdigest()[:8]))
print(sys.executable)') || fail "$PYTHON cannot be built for"
{ read -r slug; read -r executable; } <<< "$facts"

dir=$BUILD/python/$slug${SANITIZE:+-${SANITIZE//,/-}}
settings=(-Dprefix=/ -Dpython.purelibdir=/package -Dpython.platlibdir=/package
    -Dpython="$executable" -Dtests=false -Ddocs=false -Dwerror=false)
if [ -n "${SANITIZE:-}" ]; then
    settings+=(-Dbuildtype=debugoptimized "-Db_sanitize=$SANITIZE" -Db_lundef=false)
elif [ -n "${COVERAGE:-}" ]; then
    settings+=(-Dbuildtype=debug -Db_coverage=true)
else
    settings+=(-Dbuildtype=release)
fi

mkdir -p "$dir"
exec 9> "$dir.lock"; flock 9
if [ -f "$dir/build.ninja" ]; then
    ninja -C "$dir"
else
    meson setup "$dir" "${settings[@]}"
    ninja -C "$dir"
fi
# The folder of a run that is still in progress is kept if nothing has changed.
rm -rf "$dir/stage.new"
DESTDIR=$dir/stage.new meson install -C "$dir" --no-rebuild --tags python-runtime --quiet
[ -d "$dir/stage.new/package/csocket" ] || fail 'nothing was installed'
if ! diff -rq -x __pycache__ "$dir/stage" "$dir/stage.new" >/dev/null 2>&1; then
    rm -rf "$dir/stage"
    mv "$dir/stage.new" "$dir/stage"
fi
printf '%s\n' "$dir/stage/package"
