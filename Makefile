# A thin front end to meson: each target first runs tools/bootstrap.sh to install missing packages.
#
#   make                          build the library, the command and the examples
#   make demo                     the example programs of Python's socket documentation
#   make test                     all tests; the last line counts them
#   make python PYTHON=python3    the Python package for that interpreter; the last line of the
#                                 output is the folder to put on PYTHONPATH
#   make install PREFIX= DESTDIR=
#   make bench                    against the bare system calls, the standard library's socket, and
#                                 other programs' time to connect
#   make fuzz TIME=3600           libFuzzer for TIME seconds; new inputs join the corpora
#   make soak TIME=1800           load for TIME seconds, in C and in Python
#   make coverage                 a table of the lines and branches that the tests execute, per file
#   make test-programs            third-party programs and the suites of third-party packages, with
#                                 csocket and without (an hour); test-samples: the programs alone
#   make check-style              the house rules, formatting, linters
#   make check-release            a release: sdist, wheels, metadata, types, workflows
#   make docs                     the site, BUILD/site/index.html; its links are checked
#   make check-control            the control messages against the source of Debian's kernel, which
#                                 it downloads (linux-source-6.12)
#   make test-cpython             CPython's own tests on the package, on every interpreter found
#   make test-families            every address family, on Debian's kernel in a virtual machine
#   make test-families-sid        the same on the kernel of Debian sid
#   make port TARGET=s390x        build and test for another system or machine; TARGET=all: for each
#   make windows                  the same for Windows: with mingw-w64, tests under wine
#   make ports                    the same for all, and write docs/platforms.md
#   make static                   the command as a static program, BUILD/csocket-static (with musl)
#   make clean
#
# Variables: BUILD (folder, default build), SETUP (more arguments for meson setup), CC.

BUILD  ?= build
PREFIX ?= /usr/local
PYTHON ?= python3
SETUP  ?=
TOOLS  := $(or $(CSOCKET_TOOLS),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/csocket/tools)

export PATH := $(TOOLS)/bin:$(PATH)
MAKEFLAGS += --no-print-directory

.PHONY: all help demo test python install bench check-style check-control docs bootstrap-docs \
        check-release test-cpython test-families clean \
        test-families-sid port ports windows static bootstrap bootstrap-test bootstrap-sid \
        bootstrap-bench bootstrap-style bootstrap-python bootstrap-coverage bootstrap-programs \
        coverage test-programs test-samples fuzz soak configure

all: configure
	ninja -C "$(BUILD)"

help:
	@sed -n 's/^#   //p' Makefile

bootstrap:
	@tools/bootstrap.sh build

bootstrap-test bootstrap-sid bootstrap-bench bootstrap-style bootstrap-docs bootstrap-python \
bootstrap-coverage bootstrap-programs: bootstrap-%:
	@tools/bootstrap.sh $*

# An interrupted setup leaves no build.ninja, but meson would take it for a complete one.
configure: bootstrap
	@test -f "$(BUILD)/build.ninja" || { rm -rf "$(BUILD)/meson-private"; \
	    meson setup "$(BUILD)" $(SETUP); }

demo: bootstrap-test configure
	@ninja -C "$(BUILD)" examples
	@echo 'building the Python package, see $(BUILD)/python.log'
	@tools/build_python.sh python3 "$(BUILD)" > "$(BUILD)/python.log" 2>&1 || cat "$(BUILD)/python.log"
	@examples/demo.sh "$(BUILD)"

test: bootstrap-test configure
	@status=0; meson test -C "$(BUILD)" --print-errorlogs || status=$$?; \
	    tests/support/summary.py "$(BUILD)" --json "$(BUILD)/tests.json" || status=1; exit $$status

python: bootstrap
	@tools/build_python.sh "$(PYTHON)" "$(BUILD)"

install: configure
	@tools/install.sh "$(BUILD)" "$(PREFIX)" "$(DESTDIR)"

bench: bootstrap-bench configure
	@meson test -C "$(BUILD)" --benchmark --verbose

check-style: bootstrap-style configure
	@ninja -C "$(BUILD)" --quiet
	@BUILD="$(BUILD)" tools/check_style

docs: bootstrap-docs configure
	@tools/build_docs "$(BUILD)"

fuzz: bootstrap-test
	@BUILD="$(BUILD)" tests/fuzz/run $(or $(TIME),60)

soak: bootstrap-test configure
	@BUILD="$(BUILD)" PYTHON="$(PYTHON)" tests/soak/run $(or $(TIME),60)

coverage: bootstrap-coverage
	@tests/coverage "$(BUILD)/coverage"

test-samples: bootstrap-programs
	@tests/programs/run.py

test-programs: bootstrap-programs
	@status=0; tests/programs/run.py || status=1; tests/programs/suites.py || status=1; exit $$status

check-release: bootstrap
	@/usr/bin/python3 tests/release/run.py

check-control:
	@folder=$$(mktemp -d) && trap "rm -rf $$folder" EXIT && cd "$$folder" && \
	  apt-get --quiet download linux-source-6.12 && \
	  "$(CURDIR)/tests/data/check_control.py" "$$folder"/linux-source-*.deb

test-cpython: bootstrap-python
	@python3 tests/cpython/run.py

test-families: bootstrap-test
	@tests/vm/test-families "$(BUILD)"

test-families-sid: bootstrap-sid
	@cache=$$(tests/vm/sid-kernel) && VM_CACHE=$$cache tests/vm/test-families "$(BUILD)"

port: bootstrap
	@python3 tests/ports/port.py $(or $(TARGET),--list)

windows: bootstrap
	@python3 tests/ports/port.py windows

ports: bootstrap
	@python3 tests/ports/port.py --page docs/platforms.md all

static: bootstrap
	@python3 tests/ports/port.py --static "$(BUILD)/csocket-static"

clean:
	rm -rf "$(BUILD)"
	find bench examples tests tools -name __pycache__ -prune -exec rm -rf {} +
