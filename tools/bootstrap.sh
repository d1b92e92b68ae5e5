#!/bin/bash
# bootstrap.sh [GROUP...] Install the missing packages for building or checking csocket.
#
# Groups: build (the default), test, sid, bench, style, docs, python, pypy, coverage, programs, ci
# (everything).
# Each reports missing items and installs them with apt without asking; without root or apt it
# prints the exact list and exits with status 1. If the distribution's meson is too old, and for
# ruff and gcovr, a virtual environment under ~/.cache/csocket/tools is made with pip. Python
# modules with which csocket is compared are in the folder modules there.
set -euo pipefail

TOOLS=${CSOCKET_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/csocket/tools}
PATH=$TOOLS/bin:$PATH
MESON_NEEDED=1.0.0
ROOT=$(cd "$(dirname "$0")/.." && pwd)

# One row per item: the group, the proof that it is installed, the Debian package that contains it.
NEEDS='
build   command:cc                      gcc
ci      command:gcc                     gcc
ci      command:g++                     g++
ci      command:cmake                   cmake
ci      command:strace                  strace
build   header:stdio.h                  libc6-dev
build   header:linux/can.h              linux-libc-dev
build   meson                           meson
build   command:ninja                   ninja-build
build   command:pkg-config              pkg-config
build   command:python3                 python3
build   pkgconfig:cmocka                libcmocka-dev
build   pkgconfig:ncursesw              libncurses-dev
test    pythonheader                    python3-dev
test    command:openssl                 openssl
test    pkgconfig:openssl               libssl-dev
test    command:ctags                   universal-ctags
test    command:ip                      iproute2
test    file:/etc/services              netbase
test    command:nc                      netcat-openbsd
test    command:ncat                    ncat
test    command:socat                   socat
test    command:mandoc                  mandoc
test    command:zsh                     zsh
test    command:fish                    fish
sid     command:zstd                    zstd
bench   command:valgrind                valgrind
bench   command:ip                      iproute2
bench   command:curl                    curl
bench   module:aiohappyeyeballs==2.7.1  python3-venv
style   command:clang-format            clang-format
style   command:shellcheck              shellcheck
style   pip:ruff==0.14.0                python3-venv
style   pip:codespell==2.4.3            python3-venv
docs    pythonheader                    python3-dev
docs    requirements:docs               python3-venv
coverage pip:gcovr==8.3                 python3-venv
programs command:redis-server           redis-server
pypy    command:pypy3                   pypy3
pypy    pypyheader                      pypy3-dev
pypy    command:openssl                 openssl
python  command:debootstrap             debootstrap
python  pythontests                     libpython3-testsuite
python  command:openssl                 openssl
ci      command:clang                   clang
ci      clangruntime                    libclang-rt-dev
ci      command:llvm-symbolizer         llvm
ci      debuginfo                       libc6-dbg
ci      pythonvenv                      python3-venv
'

say() { printf 'bootstrap: %s\n' "$*" >&2; }

meson_is_new_enough() {
    local have
    have=$(meson --version 2>/dev/null) || return 1
    [ "$(printf '%s\n' "$MESON_NEEDED" "$have" | sort -V | head -n 1)" = "$MESON_NEEDED" ]
}

compiles() {            # compiles COMPILER ARGUMENT...   a tiny program from standard input
    local compiler=$1 status=0 out
    shift
    command -v "$compiler" >/dev/null || return 1
    out=$(mktemp)
    "$compiler" -x c "$@" - -o "$out" >/dev/null 2>&1 || status=1
    rm -f "$out"
    return $status
}

there() {               # there CHECK   is that thing on this machine?
    local what=${1#*:}
    case $1 in
    command:*)    command -v "$what" >/dev/null ;;
    file:*)       [ -e "$what" ] ;;
    header:*)     echo "#include <$what>" | compiles cc -E ;;
    pkgconfig:*)  command -v pkg-config >/dev/null && pkg-config --exists "$what" ;;
    pip:*)        command -v "${what%%=*}" >/dev/null ;;
    requirements:*) cmp -s "$ROOT/$what/requirements.txt" "$TOOLS/$what/requirements.txt" ;;
    module:*)     [ -d "$TOOLS/modules/${what/==/-}.dist-info" ] ;;
    meson)        meson_is_new_enough ;;
    pythonheader) system_python 'import os, sysconfig as s
raise SystemExit(not os.path.exists(os.path.join(s.get_paths()["include"], "Python.h")))' ;;
    pypyheader)   pypy3 -c 'import os, sysconfig as s
raise SystemExit(not os.path.exists(os.path.join(s.get_paths()["include"], "Python.h")))' ;;
    pythonvenv)   system_python 'import ensurepip, venv' ;;
    pythontests)  system_python 'import importlib.util as u
raise SystemExit(not u.find_spec("test.test_socket"))' ;;
    clangruntime) echo 'int LLVMFuzzerTestOneInput(char *d, unsigned long n) { return !d && n; }' |
                  compiles clang -fsanitize=fuzzer,address ;;
    debuginfo)    [ -e /usr/lib/debug/.build-id ] || [ -e /usr/lib/debug/.dwz ] ;;
    *)            say "unknown check $1"; exit 2 ;;
    esac
}

# The distribution's own interpreter: only its headers and tests are packages.
system_python() {
    [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "$1" 2>/dev/null
}

wanted_groups() {
    local group
    for group in "${@:-build}"; do
        case $group in
        build)  echo build ;;
        test)   printf '%s\n' build test ;;
        sid)    printf '%s\n' build test sid ;;
        bench)  printf '%s\n' build bench ;;
        style)  printf '%s\n' build test style ;;
        docs)   printf '%s\n' build docs ;;
        python) printf '%s\n' build test python ;;
        pypy)   printf '%s\n' build pypy ;;
        coverage | programs)
                printf '%s\n' build test "$group" ;;
        ci)     printf '%s\n' build test sid bench style docs python pypy coverage \
                    programs ci ;;
        *)      say "no group is named '$group'; the head of tools/bootstrap.sh lists them"
                exit 2 ;;
        esac
    done | sort -u
}

missing() {             # the rows of NEEDS that are wanted and not there: "CHECK PACKAGE"
    local groups group check package
    groups=" $(wanted_groups "$@" | tr '\n' ' ') " || exit 2
    while read -r group check package; do
        [ -n "$group" ] || continue
        case $groups in *" $group "*) ;; *) continue ;; esac
        there "$check" || echo "$check $package"
    done <<< "$NEEDS"
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Packages with a version in their name: the one that matches this release.
package_here() {
    case $1 in
    libpython3-testsuite)
        echo "libpython$(system_python 'import sys; print("%d.%d" % sys.version_info[:2])' ||
            echo 3)-testsuite" ;;
    libclang-rt-dev)
        apt-cache depends clang 2>/dev/null |
            sed -n 's/.*Depends: clang-\([0-9]*\)$/libclang-rt-\1-dev/p' | head -n 1 ;;
    *)  echo "$1" ;;
    esac
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    local package packages=()
    if ! apt-get -qq -o DPkg::Lock::Timeout=300 update; then
        say 'apt-get update failed; going on with the package lists that are there'
    fi
    for package in "$@"; do packages+=("$(package_here "$package")"); done
    say "installing with apt: ${packages[*]}"
    apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install \
        --no-install-recommends "${packages[@]}" </dev/null >&2
}

pip() {
    say "installing with pip under $TOOLS: ${*: -1}"
    [ -x "$TOOLS/venv/bin/pip" ] || python3 -m venv "$TOOLS/venv" >&2 || return 1
    "$TOOLS/venv/bin/pip" -q --disable-pip-version-check install "$@" >&2
}

pip_install() {         # pip_install REQUIREMENT   its name is the command's
    local name=${1%%[=>]*}
    pip "$1" || return 1
    mkdir -p "$TOOLS/bin"
    ln -sf "../venv/bin/$name" "$TOOLS/bin/$name"
}

module_install() {      # module_install NAME==VERSION
    rm -rf "$TOOLS/modules/${1%%=*}"*
    pip --target "$TOOLS/modules" "$1"
}

requirements_install() {    # requirements_install FOLDER   in an environment of its own
    local python=python3
    rm -rf "${TOOLS:?}/$1"
    say "installing $1/requirements.txt in $TOOLS/$1"
    if system_python 'pass'; then python=/usr/bin/python3; fi
    "$python" -m venv "$TOOLS/$1" >&2 || return 1
    "$TOOLS/$1/bin/pip" -q --disable-pip-version-check install -r "$ROOT/$1/requirements.txt" >&2 ||
        return 1
    cp "$ROOT/$1/requirements.txt" "$TOOLS/$1/requirements.txt"
}

main() {
    local rows packages check package
    rows=$(missing "$@")
    [ -n "$rows" ] || return 0
    mapfile -t packages < <(cut -d' ' -f2 <<< "$rows" | sort -u)
    say "missing: ${packages[*]}"
    if ! can_install; then
        say 'cannot install without root and apt. As root, on Debian or Ubuntu:'
        printf 'apt-get install %s\n' "${packages[*]}" >&2
        sed -n 's/^pip:\([^ ]*\).*/pip install \1/p' <<< "$rows" >&2
        sed -n 's|^requirements:\([^ ]*\).*|pip install -r \1/requirements.txt|p' <<< "$rows" >&2
        sed -n "s|^module:\([^ ]*\).*|pip install --target $TOOLS/modules \1|p" <<< "$rows" >&2
        return 1
    fi
    apt_install "${packages[@]}"
    while read -r check package; do
        case $check in
        meson)      there meson || pip_install "meson>=$MESON_NEEDED" ;;
        pip:*)      pip_install "${check#pip:}" || say "${check#pip:} cannot be installed here" ;;
        requirements:*) requirements_install "${check#*:}" ||
                    say "$check cannot be installed here" ;;
        module:*)   module_install "${check#module:}" ||
                    say "${check#module:} cannot be installed here" ;;
        esac
        there "$check" || say "still missing after installing $package: $check"
    done <<< "$rows"
    case $(missing "${@:-build}" | cut -d' ' -f1) in
    '' | debuginfo | pip:* | module:*) ;;
    *)  return 1 ;;
    esac
}

main "$@"
