"""One program on one library, in a process of its own (programs.py starts it).

program.py LIBRARY NAME    for each line "N" of standard input run the program's operation N times
                           and answer with the nanoseconds it took
"""

import sys
import time

import program_list


def load(library):
    """What the program's texts see: the module socket, and how to make an event loop."""
    if library == "csocket":
        import csocket

        csocket.install()
    elif library == "gevent":
        from gevent import monkey

        monkey.patch_all()
    import asyncio
    import socket

    new_loop = asyncio.new_event_loop
    if library == "uvloop":
        import uvloop

        new_loop = uvloop.new_event_loop
    return {"socket": socket, "asyncio": asyncio, "new_loop": new_loop}


def main():
    library, name = sys.argv[1:]
    program = next(p for p in program_list.PROGRAMS if p.name == name)
    namespace = load(library)
    exec(program.text, namespace)
    run = namespace["run"]
    run(20)
    for line in sys.stdin:
        start = time.perf_counter_ns()
        run(int(line))
        print(time.perf_counter_ns() - start, flush=True)


if __name__ == "__main__":
    main()
