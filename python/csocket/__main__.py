"""python -m csocket PROGRAM [ARGUMENT...]: run a program with csocket as its `socket`."""

import os
import runpy
import sys
import sysconfig
import types

import csocket

USAGE = """\
usage: python -m csocket [-c command | -m module | program.py | -] [argument...]
       python -m csocket --version | --enable | --disable
"""
HELP = (
    USAGE
    + """
Run a program with csocket as its socket module, as python would run it.

-c command   run a string
-m module    run a module
-            run what standard input contains
--version    print csocket's version and Python's
--enable     let every program of this environment run on csocket (a .pth file in site-packages)
--disable    undo that
"""
)
# site executes lines that begin with "import".  If csocket has been removed nothing happens.
PTH = (
    'import sys; exec("try: import csocket\\nexcept ImportError: pass\\nelse: csocket.install()")\n'
)


def fail(text):
    print(f"python -m csocket: {text}", file=sys.stderr)
    return 1


def pth_path():
    return os.path.join(sysconfig.get_path("purelib"), "csocket-install.pth")


def enable():
    path = pth_path()
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(PTH)
    except OSError as exc:
        return fail(f"write {path}: {exc.strerror}")
    print(f"enabled: {path}")
    return 0


def disable():
    path = pth_path()
    try:
        os.remove(path)
    except FileNotFoundError:
        print(f"not enabled: {path}")
        return 0
    except OSError as exc:
        return fail(f"remove {path}: {exc.strerror}")
    print(f"disabled: {path}")
    return 0


def version():
    print(f"csocket {csocket.__version__} (Python {sys.version.split()[0]})")
    return 0


def usage():
    print(HELP, end="")
    return 0


def is_safe_path():
    """Return whether -I or -P was given: sys.path then excludes the folder of the program."""
    return sys.flags.isolated or getattr(sys.flags, "safe_path", False)


def run_text(source, name, arguments):
    """Run source text in a new module __main__, as python's -c and - do."""
    main = types.ModuleType("__main__")
    main.__dict__.update(__builtins__=__builtins__, __spec__=None)
    sys.modules["__main__"] = main
    sys.argv[:] = arguments
    if not is_safe_path():
        sys.path[0] = ""
    exec(compile(source, name, "exec", dont_inherit=True), main.__dict__)
    return 0


def run_module(arguments):
    sys.argv[:] = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    return 0


def run_file(arguments):
    sys.argv[:] = arguments
    # A program's own modules are beside it, wherever it is run.
    if not is_safe_path():
        sys.path[0] = os.path.dirname(os.path.realpath(arguments[0]))
    runpy.run_path(arguments[0], run_name="__main__")
    return 0


COMMANDS = {
    "-h": usage,
    "--help": usage,
    "-V": version,
    "--version": version,
    "--enable": enable,
    "--disable": disable,
}


def main(arguments):
    program, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if program in COMMANDS:
        return COMMANDS[program]()
    if program in ("-c", "-m") and not rest:
        program = ""
    if not program or program.startswith("-") and program not in ("-c", "-m", "-"):
        print(USAGE, end="", file=sys.stderr)
        return 2
    if program not in ("-c", "-m", "-") and not os.path.exists(program):
        fail(f"no such file: {program!r}")
        return 2
    csocket.install()
    if program == "-c":
        return run_text(rest[0], "<string>", ["-c", *rest[1:]])
    if program == "-":
        return run_text(sys.stdin.read(), "<stdin>", arguments)
    return run_module(rest) if program == "-m" else run_file(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
