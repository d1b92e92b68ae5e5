"""python -m csocket PROGRAM [ARGUMENT...]: run a program with csocket as its `socket`."""

import os
import runpy
import sys

import csocket

USAGE = "usage: python -m csocket [-m module | program.py] [argument...]"


def main(arguments):
    program = arguments[0] if arguments else ""
    if program in ("-h", "--help"):
        print(USAGE)
        return 0
    module = program == "-m" and len(arguments) > 1
    if not module and (not program or program.startswith("-")):
        print(USAGE, file=sys.stderr)
        return 2
    if not module and not os.path.exists(program):
        print(f"python -m csocket: there is no {program!r}", file=sys.stderr)
        return 2
    csocket.install()
    if module:
        sys.argv[:] = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv[:] = arguments
        # As python does it: a program's own modules lie beside it, wherever it is run.  With -I
        # or -P there is no such place, and the first one is the standard library's.
        if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
            sys.path[0] = os.path.dirname(os.path.realpath(program))
        runpy.run_path(program, run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
