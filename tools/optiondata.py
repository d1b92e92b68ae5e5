"""data/option*.tsv as objects, checked for form.

    catalogue = optiondata.load("data")
    for option in catalogue.options: option.name, option.kind.struct, option.meaning ...

The kinds are a closed list: one that is not in KINDS is an error in the data.
"""

import collections
import pathlib
import re

OPTION_COLUMNS = (
    "level name number kind get dir families types values unit range privileges "
    "since platform flags meaning"
).split()
STRUCT_COLUMNS = "struct field kind cname unit values flags since header meaning".split()
VALUE_COLUMNS = "set kind name number".split()
LEVEL_COLUMNS = "level number header families protocols meaning".split()
OMITTED_COLUMNS = "header pattern reason".split()
SINCE_COLUMNS = "level name since evidence".split()
GOAL_COLUMNS = "goal option value".split()

# kind -> (enum csk_field_kind, C type in a struct, bytes in C, flags of the field)
KINDS = {
    "none": ("NONE", None, "0", ""),
    "nullint": ("LENGTH", None, "8", ""),
    "bool": ("BOOL", "int32_t", "4", ""),
    "int": ("INT", "int32_t", "4", ""),
    "u8": ("UINT", "uint8_t", "1", ""),
    "u16": ("UINT", "uint16_t", "2", ""),
    "u32": ("UINT", "uint32_t", "4", ""),
    "u64": ("UINT", "uint64_t", "8", ""),
    "ulong": ("UINT", "unsigned long", "sizeof(unsigned long)", ""),
    "be16": ("UINT", "uint16_t", "2", "NET"),
    "be32": ("UINT", "uint32_t", "4", "NET"),
    "le16": ("UINT", "uint16_t", "2", "LE"),
    "timeval": ("TIMEVAL", None, "2 * sizeof(long)", ""),
    "timeval64": ("TIMEVAL", None, "16", ""),
    "timespec": ("TIMEVAL", "long[2]", "2 * sizeof(long)", ""),
    "timespec64": ("TIMEVAL", "int64_t[2]", "16", ""),
    "in_addr": ("IN_ADDR", "uint32_t", "4", ""),
    "in6_addr": ("IN6_ADDR", "uint32_t[4]", "16", ""),
    "sockaddr": ("SOCKADDR", "struct sockaddr_storage", "128", ""),
    "addr": ("SOCKADDR", None, "128", "VARIABLE"),
    "addrs": ("SOCKADDRS", "uint8_t", "0", "VARIABLE"),
    "sockaddr_in": ("SOCKADDR", "uint32_t[4]", "16", ""),
    "sockaddr_in6": ("SOCKADDR", "uint32_t[7]", "28", ""),
    "ifindex": ("IFINDEX", "int32_t", "4", ""),
    "be_ifindex": ("IFINDEX", "int32_t", "4", "NET"),
    "ifname": ("TEXT", None, "16", "VARIABLE"),
    "text": ("TEXT", "char", "0", "VARIABLE"),
    "bytes": ("BYTES", "uint8_t", "0", "VARIABLE"),
    "raw": ("BYTES", None, "0", "VARIABLE"),
    "fd": ("FD", "int32_t", "4", ""),
    "filter": ("FILTER", None, "0", "VARIABLE"),
}
NUMBERS = {"INT", "UINT"}
TIMES = {"ns": 1, "us": 10**3, "ms": 10**6, "10ms": 10**7, "s": 10**9, "min": 60 * 10**9}
FIELD_FLAGS = {"pos", "word", "opt", "hide", "in", "hex", "tail", "count", "preset"}
# The flag of a field that measures another one -> the offset of its first unit (None: the beginning
# of the other field), and the bytes per unit.
LENGTHS = {"len": (None, 1), "end": (0, 1), "words": (0, 8), "hdrlen": (8, 8)}
STRUCT_FLAGS = {"min", "align", "packed", "variant", "is"}
# The meanings of an option's flags; those in capitals become bits of struct csk_option.
OPTION_FLAGS = {
    "in": "reading requires some fields to be set first",
    "clears": "reading resets the value",
    "adjusts": "the number read may differ from the number set",
    "asymmetric": "the value read is of a different kind than the value set",
    "transient": "the kernel may change the value at any time",
    "action": "setting it performs an action; it is not a state to restore",
    "newfd": "reading opens a descriptor, which the caller must close",
    "unbound": "to be set before bind() or connect()",
    "maybeempty": "may be empty",
    "probelen": "the kernel returns the required length if the buffer is too short",
    "sized": "the kernel returns the full length, even if the buffer is shorter",
    "retvalue": "the call returns a positive number",
    "nolen": "some kernels leave the length unchanged",
    "getlater": "older kernels can only set it",
    "excludesheader": "the kernel's length does not include the fixed part",
    "unchecked": "the kernel accepts any number, and ignores unknown ones",
    "noeffect": "accepted and ignored",
    "unimplemented": "the headers define the name, but no kernel implements it",
    "repair": "only under TCP_REPAIR",
    "tls": 'only after TCP_ULP "tls"',
    "alg": "only after bind()",
    "assoc": "for one association, or for all if the id is 0",
    "netfilter": "needs a netfilter module; the headers' own library is the better way",
    "encoded": "level and size are part of the number",
    "shared": "another level has an option of the same name",
}
PLATFORMS = {"linux", "freebsd", "openbsd", "netbsd", "dragonfly", "macos", "windows"}
SINCE = re.compile(r"-$|(<=)?\d+\.\d+(\.\d+)?$")

Level = collections.namedtuple("Level", ["name", *LEVEL_COLUMNS[1:]])
Omitted = collections.namedtuple("Omitted", OMITTED_COLUMNS)
Since = collections.namedtuple("Since", SINCE_COLUMNS)
Goal = collections.namedtuple("Goal", GOAL_COLUMNS)


class Bad(SystemExit):
    """An error in the data."""


class Kind:
    """The kind of an option: a scalar, a struct, or any number of them."""

    def __init__(self, text):
        self.text = text
        self.list = text.startswith("list:")
        base = text[5:] if self.list else text
        self.struct = base[7:] if base.startswith("struct:") else None
        self.scalar = None if self.struct else base
        if self.scalar and self.scalar not in KINDS:
            raise Bad(f"no such kind: {text}")


class Field:
    """A field of a struct, or the only value of a scalar option (name "")."""

    def __init__(self, name, kind, **attributes):
        self.name, self.kind = name, kind
        self.cname = self.unit = self.values = self.since = "-"
        self.flags = set()
        self.targets = {}  # count and LENGTHS -> name of a field; preset -> number
        self.array = self.bits = self.shift = 0
        self.word = None  # name of the number that holds the bits
        self.range = "-"
        self.__dict__.update(attributes)
        match = re.fullmatch(r"(u\d+):(\d+)|(u\d+)\[(\d+)\+(\d+)\]|(\w+)\[(\d+)\]", kind)
        self.base = kind
        if match and match[1]:
            self.base, self.bits, self.word = match[1], int(match[2]), "bitfield"
        elif match and match[3]:
            self.base, self.shift, self.bits = match[3], int(match[4]), int(match[5])
            self.word = "number"
        elif match:
            self.base, self.array = match[6], int(match[7])
        self.nested = kind[7:] if kind.startswith("struct:") else None
        if not self.nested and self.base not in KINDS and self.base != "bytes4":
            raise Bad(f"{name}: no such kind: {kind}")

    @property
    def structs(self):
        """Whether it is any number of structs."""
        return self.nested and "tail" in self.flags

    @property
    def hidden(self):
        """Whether callers do not set it, because the library fills it in or it is unused."""
        kept = self.flags & {"count", *LENGTHS}
        return "in" not in self.flags if kept else "hide" in self.flags

    @property
    def time(self):
        """Return the nanoseconds of a unit, or 0 if the number is not a time."""
        return TIMES.get(self.unit, 0)


class Struct:
    def __init__(self, name, ctype, header, flags, meaning):
        self.name, self.ctype, self.header, self.meaning = name, ctype, header, meaning
        self.flags = flags
        self.fields = []
        self.sizeof = f"sizeof(struct s_{name})"
        # The struct that it replaces if the selector of that struct is one of the numbers.
        self.variant_of, *self.variants = flags.get("is", "").split(":")


class Option:
    def __init__(self, cells):
        self.__dict__.update(zip(OPTION_COLUMNS, cells))
        self.alias = self.number[1:] if self.number.startswith("=") else None
        self.target = None
        self.flags = set() if self.flags == "-" else set(self.flags.split(","))
        if not self.alias:
            self.number = int(self.number, 0)
            self.kind = Kind(self.kind)
            self.get = self.kind if self.get == "-" else Kind(self.get)

    @property
    def linux(self):
        return self.platform == "linux"

    @property
    def typed(self):
        return "raw" not in (self.kind.text, self.get.text)


class Catalogue:
    def __init__(self):
        self.options, self.structs, self.values, self.levels, self.omitted = [], {}, {}, {}, []
        self.since, self.goals = [], []


def rows(path, columns):
    """Return the lines of a table, without comments and the header."""
    with open(path, encoding="utf-8") as file:
        lines = [
            (n, line.rstrip("\n")) for n, line in enumerate(file, 1) if not line.startswith("#")
        ]
    if lines[0][1].split("\t") != list(columns):
        raise Bad(f"{path}:{lines[0][0]}: the columns must be {' '.join(columns)}")
    for number, line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(columns) or not all(cells) or any(c != c.strip() for c in cells):
            raise Bad(f"{path}:{number}: needs {len(columns)} cells, none empty, tabs between")
        yield f"{path}:{number}", cells


def flags_of(text, known, where):
    """{"pos": "", "count": "slist"} of "pos,count:slist"."""
    flags = {}
    for item in [] if text == "-" else text.split(","):
        name, _, value = re.sub("=", ":", item, count=1).partition(":")
        if name not in known:
            raise Bad(f"{where}: no such flag: {item}")
        flags[name] = value
    return flags


def load_values(catalogue, path):
    for where, (name, kind, text, number) in rows(path, VALUE_COLUMNS):
        if kind not in ("enum", "flags"):
            raise Bad(f"{where}: enum or flags, not {kind}")
        values = catalogue.values.setdefault(name, (kind, []))
        values[1].append((text, int(number, 0)))


def load_structs(catalogue, path):
    for where, cells in rows(path, STRUCT_COLUMNS):
        name, field, kind, cname, unit, values, flags, since, header, meaning = cells
        if field == "-":
            catalogue.structs[name] = Struct(
                name, cname, header, flags_of(flags, STRUCT_FLAGS, where), meaning
            )
            continue
        found = flags_of(flags, FIELD_FLAGS | set(LENGTHS), where)
        if values != "-" and values not in catalogue.values:
            raise Bad(f"{where}: no such values: {values}")
        targets = {k: v for k, v in found.items() if v}
        catalogue.structs[name].fields.append(
            Field(
                field,
                kind,
                cname=cname,
                unit=unit,
                values=values,
                since=since,
                flags=set(found),
                targets=targets,
            )
        )


def check_tails(catalogue):
    """Reject ambiguous text forms: nested sequences of structs must be of one level."""
    several = {s.name for s in catalogue.structs.values() if any(f.structs for f in s.fields)}
    for struct in catalogue.structs.values():
        for field in struct.fields:
            if "tail" in field.flags and field is not struct.fields[-1]:
                raise Bad(f"{struct.name}.{field.name}: what follows a tail?")
            if field.nested and field.nested in several:
                raise Bad(f"{struct.name}.{field.name}: ends with structs itself")
            if field.structs and ("variant" in struct.flags or struct.variant_of):
                raise Bad(f"{struct.name}: a variant cannot end with structs")
    for option in catalogue.options:
        if not option.alias and {k.struct for k in (option.kind, option.get) if k.list} & several:
            raise Bad(f"{option.name}: a list of what ends with structs")


def check_option(catalogue, option, where):
    if option.level not in catalogue.levels:
        raise Bad(f"{where}: no such level: {option.level}")
    if not set(option.platform.split(",")) <= PLATFORMS or not SINCE.match(option.since):
        raise Bad(f"{where}: platform or version")
    if not option.flags <= set(OPTION_FLAGS):
        raise Bad(f"{where}: no such flag: {option.flags - set(OPTION_FLAGS)}")
    if option.alias:
        return
    if option.dir not in ("get", "set", "both"):
        raise Bad(f"{where}: direction {option.dir}")
    if option.values != "-" and option.values not in catalogue.values:
        raise Bad(f"{where}: no such values: {option.values}")
    for kind in (option.kind, option.get):
        if kind.struct and kind.struct not in catalogue.structs:
            raise Bad(f"{where}: no such struct: {kind.struct}")


def load(folder):
    """The contents of data/option*.tsv."""
    folder, catalogue = pathlib.Path(folder), Catalogue()
    for _where, cells in rows(folder / "option-levels.tsv", LEVEL_COLUMNS):
        catalogue.levels[cells[0]] = Level(*cells)
    load_values(catalogue, folder / "option-values.tsv")
    load_structs(catalogue, folder / "option-structs.tsv")
    by_name = {}
    for where, cells in rows(folder / "options.tsv", OPTION_COLUMNS):
        option = Option(cells)
        check_option(catalogue, option, where)
        if (option.level, option.name, option.platform) in by_name:
            raise Bad(f"{where}: {option.name} is there twice")
        by_name[option.level, option.name, option.platform] = option
        catalogue.options.append(option)
    for option in catalogue.options:
        if option.alias:
            option.target = by_name[option.level, option.alias, option.platform]
    check_tails(catalogue)
    catalogue.omitted = [
        Omitted(*cells) for _, cells in rows(folder / "options-omitted.tsv", OMITTED_COLUMNS)
    ]
    names = {option.name for option in catalogue.options}
    for where, cells in rows(folder / "option-goals.tsv", GOAL_COLUMNS):
        if cells[1] not in names:
            raise Bad(f"{where}: no such option: {cells[1]}")
        catalogue.goals.append(Goal(*cells))
    catalogue.since = [Since(*c) for _, c in rows(folder / "option-since.tsv", SINCE_COLUMNS)]
    return catalogue
