"""data/control-messages.tsv as objects, checked for form.

A control message has a level, a number, layouts and families, as a socket option has: it is an
optiondata.Option whose "get" is the received form, and whose "set" is the sent form.
"""

import pathlib

import optiondata

COLUMNS = "level name number kind dir option families since evidence flags meaning".split()
DIRECTIONS = {"receive": "get", "error": "get", "send": "set", "both": "both"}
FLAGS = {"fds", "range", "send", "shared"}
# Levels of control messages whose numbers differ from those of options.
LEVELS = {"SOL_VSOCK": "287"}


class Message(optiondata.Option):
    """A control message as an option."""

    def __init__(self, cells, where):
        row = dict(zip(COLUMNS, cells))
        flags = optiondata.flags_of(row["flags"], FLAGS, where)
        alias = row["number"].startswith("=")
        if not alias and row["dir"] not in DIRECTIONS:
            raise optiondata.Bad(f"{where}: direction {row['dir']}")
        super().__init__(
            [
                row["level"],
                row["name"],
                row["number"],
                flags.get("send") or row["kind"],
                row["kind"],
                "-" if alias else DIRECTIONS[row["dir"]],
                row["families"],
                "any",
                "-",
                "ns" if row["kind"].startswith("timespec") else "-",
                flags.get("range", "-"),
                "-",
                row["since"],
                "linux",
                "-",
                row["meaning"],
            ]
        )
        self.row, self.fds, self.where = row, "fds" in flags, where
        self.enabled_by = row["option"]

    @property
    def remarks(self):
        """The catalogue's notes in addition to the meaning."""
        real = self.target or self
        found = [] if real.enabled_by == "-" else [f"enabled by {real.enabled_by}"]
        found += ["the receiver owns the descriptors"] if real.fds else []
        found += ["from the error queue"] if real.row["dir"] == "error" else []
        return "; ".join(found) or "-"


def load(folder):
    """A catalogue whose .options are the control messages; its .sockets are the socket options."""
    catalogue = optiondata.load(folder)
    catalogue.sockets, catalogue.options = catalogue.options, []
    for level, number in LEVELS.items():
        catalogue.levels[level] = catalogue.levels[level]._replace(number=number)
    names = {option.name: option for option in catalogue.sockets}
    found = {}
    for where, cells in optiondata.rows(pathlib.Path(folder) / "control-messages.tsv", COLUMNS):
        message = Message(cells, where)
        optiondata.check_option(catalogue, message, where)
        if (message.level, message.name) in found:
            raise optiondata.Bad(f"{where}: {message.name} is there twice")
        found[message.level, message.name] = message
        catalogue.options.append(message)
    for message in catalogue.options:
        if message.alias:
            message.target = found[message.level, message.alias]
        elif message.enabled_by not in ("-", *names):
            raise optiondata.Bad(f"{message.where}: no such option: {message.enabled_by}")
        check_since(message, names)
    optiondata.check_tails(catalogue)
    return catalogue


def check_since(message, options):
    """A message added together with an option has the option's first kernel version."""
    word, _, name = message.row["evidence"].partition(" ")
    if word != "option":
        return
    option = options.get(name or message.enabled_by)
    if option is None or (option.target or option).since != message.since:
        raise optiondata.Bad(f"{message.where}: not since {message.since}, as the option has it")
