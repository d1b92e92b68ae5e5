"""python -m csocket PROGRAM [ARGUMENT...]: run a program with csocket as its `socket`."""

import builtins
import io
import linecache
import os
import pkgutil
import runpy
import sys
import sysconfig
import textwrap
import types
from importlib.machinery import BuiltinImporter, SourceFileLoader, SourcelessFileLoader

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


def fresh_main(**names):
    """Return the namespace of a new module __main__, with the names that the interpreter sets."""
    main = types.ModuleType("__main__")
    main.__dict__.update(__builtins__=builtins, __loader__=BuiltinImporter, **names)
    if sys.version_info < (3, 14):
        main.__dict__["__annotations__"] = {}
    sys.modules["__main__"] = main
    return main.__dict__


def run_code(code, names):
    exec(code, names)
    return 0


def run_text(source, name, arguments):
    """Run source text, like python's -c and -."""
    names = fresh_main()
    sys.argv[:] = arguments
    if not is_safe_path():
        sys.path[0] = ""
    if isinstance(source, str) and sys.version_info >= (3, 14):
        source = textwrap.dedent(source)
    code = compile(source, name, "exec", dont_inherit=True)
    if isinstance(source, str) and hasattr(linecache, "_register_code"):  # lines for tracebacks
        key = code if hasattr(linecache, "_interactive_cache") else name  # from 3.13.1 on, before
        linecache._register_code(key, source, name)
    return run_code(code, names)


def run_module(name, arguments):
    """Run a module, which the interpreter also does with this function."""
    fresh_main()
    sys.argv[:] = ["-m", *arguments]
    runpy._run_module_as_main(name)
    return 0


def run_folder(path, arguments):
    """Run the module __main__ of a folder or an archive."""
    fresh_main()
    sys.argv[:] = arguments
    sys.path[0 : not is_safe_path()] = [path]
    runpy._run_module_as_main("__main__", alter_argv=False)
    return 0


def run_file(path, arguments):
    try:
        file = io.open_code(path)  # noqa: SIM115
    except OSError as exc:
        error = f"[Errno {exc.errno}] {exc.strerror}"
        print(f"{sys.executable}: can't open file {path!r}: {error}", file=sys.stderr)
        return 2
    sys.argv[:] = arguments
    # A program's own modules are in its folder, regardless of the working directory.
    if not is_safe_path():
        sys.path[0] = os.path.dirname(os.path.realpath(path))
    with file:
        code = pkgutil.read_code(file)
        loader = SourceFileLoader if code is None else SourcelessFileLoader
        names = fresh_main(__file__=path)
        if sys.version_info < (3, 15):
            names["__cached__"] = None
        names["__loader__"] = loader("__main__", path)
        if code is None:
            file.seek(0)
            code = compile(file.read(), path, "exec", dont_inherit=True)
    return run_code(code, names)


def run_path(arguments):
    path = os.path.join(os.getcwd(), arguments[0])
    importer = pkgutil.get_importer(path)
    return run_folder(path, arguments) if importer else run_file(path, arguments)


def hide_own_frames(exc):
    """Make the traceback of an exception begin where it would if python had run the program.

    The interpreter passes it to sys.excepthook later, after this module's frames were added.
    """
    hook, trace = sys.excepthook, exc.__traceback__
    while trace and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next

    def excepthook(kind, value, _):
        sys.excepthook = hook
        hook(kind, value.with_traceback(trace), trace)

    sys.excepthook = excepthook


COMMANDS = {
    "-h": usage,
    "--help": usage,
    "-V": version,
    "--version": version,
    "--enable": enable,
    "--disable": disable,
}


def run(option, value, rest):
    """Run the program named by -c, -m or the first argument."""
    if option == "-c":
        return run_text(value, "<string>", ["-c", *rest])
    if option == "-m":
        return run_module(value, rest)
    if value == "-":
        return run_text(sys.stdin.buffer.read(), "<stdin>", [value, *rest])
    return run_path([value, *rest])


def main(arguments):
    program, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if program in COMMANDS:
        return COMMANDS[program]()
    option, value = "", program
    if program[:2] in ("-c", "-m"):
        option, value = program[:2], program[2:]
        if not value and rest:
            value, rest = rest[0], rest[1:]
        elif not value:
            program = ""
    if not program or program.startswith("-") and not option and program != "-":
        print(USAGE, end="", file=sys.stderr)
        return 2
    csocket.install()
    try:
        return run(option, value, rest)
    except SystemExit:
        raise
    except BaseException as exc:
        hide_own_frames(exc)
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
