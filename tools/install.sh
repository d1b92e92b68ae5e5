#!/bin/sh
# install.sh BUILD PREFIX [DESTDIR]   Install the build into directories that compilers and the
# system search.
#
# On Debian that is a directory named after the architecture, which meson knows only if dpkg-dev is
# installed. Installing into this system (without DESTDIR, as root) updates the linker's cache.
set -eu

absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac }

build=$1
prefix=$(absolute "$2")
destdir=${3:-}
multiarch=$(${CC:-cc} -print-multiarch 2>/dev/null) || multiarch=

set -- -Dprefix="$prefix"
if [ -n "$multiarch" ]; then set -- "$@" -Dlibdir="lib/$multiarch"; fi
meson configure "$build" "$@"
if [ -n "$destdir" ]; then
    meson install -C "$build" --destdir "$(absolute "$destdir")"
else
    meson install -C "$build"
    if [ "$(id -u)" = 0 ] && command -v ldconfig >/dev/null; then ldconfig; fi
fi
