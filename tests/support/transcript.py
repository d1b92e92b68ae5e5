"""Transcripts of a shell: a document's ```console blocks, and a shell that runs them."""

import os
import re
import signal
import subprocess
import threading
import time

SECONDS = 30  # after which a command has failed
MARK = "--- end of step {} ---"
BEHIND = "csocket: connection from "  # printed later by a listener in the background


def steps(block):
    """Return a block as a list of (command, expected output lines); a line may end with a
    backslash."""
    parts = re.split(r"^\$ ", block.replace("\\\n", "\0"), flags=re.M)[1:]
    lines = (part.rstrip("\n").split("\n") for part in parts)
    return [(first.replace("\0", "\\\n"), rest) for first, *rest in lines]


def pattern(lines):
    """Return a pattern for these lines: numbers match any number, "..." any text or, alone, any
    lines."""
    out = []
    for line in lines:
        if line.startswith(BEHIND):
            continue
        if line == "...":
            out.append(r"(?:.*\n)*?")
            continue
        line = re.escape(re.sub(r"\s+", " ", line.strip())).replace(r"\.\.\.", ".*")
        out.append(re.sub(r"\d+(?:\\\.\d+)*", r"[\\d.]+", line) + r"\n")
    return "".join(out)


def of_its_own():
    """The command that makes a new network namespace, if permitted: each may have its own @echo."""
    command = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    try:
        made = subprocess.run([*command, "true"], capture_output=True, check=False)
    except OSError:
        return []
    return command if made.returncode == 0 else []


class Shell:
    """A shell for interactive use; marks separate the output of the steps."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            [*of_its_own(), "bash", "--norc"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        self.number = 0
        # A listener that no client reaches would wait forever, and later commands with it.
        self.guard = threading.Timer(4 * SECONDS, os.killpg, (self.process.pid, signal.SIGKILL))
        self.guard.start()

    def until_mark(self):
        """Return the output up to the end of all commands so far."""
        self.number += 1
        self.process.stdin.write(f"echo '{MARK.format(self.number)}'\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            text, mark, _ = line.partition(MARK.format(self.number))
            if mark:  # possibly in the middle of a line written in two parts
                lines.append(re.sub(r"[ \t]+", " ", text.lstrip()))
                break
            if not line.startswith(BEHIND):
                lines.append(re.sub(r"[ \t]+", " ", line.strip()) + "\n")
        return "".join(lines)

    def step(self, command, expected):
        """Run a command; return its output and, until it matches, that of background commands."""
        self.process.stdin.write(f"{command}\n")
        if command.startswith("kill"):
            self.process.stdin.write("{ wait $!; } 2> /dev/null\n")
        text, end = self.until_mark(), time.monotonic() + SECONDS
        while not re.match(expected, text) and time.monotonic() < end:
            time.sleep(0.02)
            text += self.until_mark()
        return text

    def close(self):
        self.guard.cancel()
        self.process.stdin.write("kill $(jobs -p) 2>/dev/null; wait\n")
        self.process.communicate(timeout=SECONDS)
