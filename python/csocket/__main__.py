"""python -m csocket PROGRAM [ARGUMENT...]: run a program with csocket as its `socket`."""

import runpy
import sys

import csocket

USAGE = "usage: python -m csocket [-m module | program.py] [argument...]"


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help") or arguments == ["-m"]:
        print(USAGE, file=sys.stdout if arguments[:1] in (["-h"], ["--help"]) else sys.stderr)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    csocket.install()
    if arguments[0] == "-m":
        sys.argv[:] = arguments[1:]
        sys.path[0] = ""
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv[:] = arguments
        runpy.run_path(arguments[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
