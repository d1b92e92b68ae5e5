"""The catalogue of socket options as docs/options.md and as the manual page csocket-options(7)."""

import datetime
import os
import re
import textwrap

import option_goals
import optiondata

NOTE = "<!-- Made by tools/gen_options.py of data/option*.tsv: change those, then run it again. -->"
DIRECTIONS = {"both": "get set", "get": "get", "set": "set"}
KIND_WORDS = {
    "none": "no value",
    "nullint": "number (the option's length)",
    "bool": "on, off",
    "int": "number",
    "u8": "number, 8 bits",
    "u16": "number, 16 bits",
    "u32": "number, 32 bits",
    "u64": "number, 64 bits",
    "ulong": "number, a long",
    "be16": "number, 16 bits, network order",
    "be32": "number, 32 bits, network order",
    "le16": "number, 16 bits, little-endian",
    "timeval": "time",
    "timeval64": "time",
    "in_addr": "IPv4 address",
    "in6_addr": "IPv6 address",
    "sockaddr": "address",
    "addr": "address",
    "addrs": "addresses",
    "sockaddr_in": "IPv4 address and port",
    "sockaddr_in6": "IPv6 address and port",
    "ifindex": "interface",
    "be_ifindex": "interface",
    "ifname": "interface's name",
    "text": "text",
    "bytes": "bytes",
    "raw": "bytes (not described)",
    "fd": "descriptor",
    "filter": "BPF program",
}
# The description of text forms, for both pages: (kinds, text).
SYNTAX = (
    ("on, off", "true, false, yes, no, 1 and 0 are accepted as well."),
    (
        "number",
        "Decimal, or hexadecimal after 0x; if the unit is bytes, the suffixes K, M, G and T"
        " multiply by powers of 1024. If a number has names, a name is written; in input the case"
        " of names does not matter, and their last part is enough (do for IP_PMTUDISC_DO). Bits"
        " are joined by |.",
    ),
    (
        "time",
        "A number with its unit: ns, us, ms, s, min (or m), h, d. The default is the unit of the"
        " option. Times that the option cannot represent exactly are rejected.",
    ),
    ("interface", "Its name, or its number."),
    ("address", "As csk_addr_format writes it; port 0 is omitted."),
    (
        "bytes",
        "Hexadecimal digits; or text: and the bytes themselves, with \\xNN for unprintable bytes.",
    ),
    (
        "BPF program",
        "Instructions in the syntax of bpf_asm, separated by semicolons: ldh [12]; jneq #0x800, no;"
        " ret #96; no: ret #0. The output of tcpdump -d and -ddd is accepted as well, and for each"
        " instruction its four numbers code, jt, jf and k.",
    ),
    (
        "struct",
        "Fields without names come first, then name value and name=value. Fields in [], and every"
        " name=, may be omitted, which means zero. Several structs, and trailing structs of a"
        " struct, are separated by semicolons.",
    ),
)


def link(name):
    return re.sub(r"[^a-z0-9_-]", "", name.lower())


def kind_text(kind, with_link=True):
    """Return the description of a kind; a struct is a link to its description."""
    if kind.struct:
        text = f"[{kind.struct}](#{link('struct-' + kind.struct)})" if with_link else kind.struct
    else:
        text = KIND_WORDS[kind.scalar]
    return f"list of: {text}" if kind.list else text


def value_text(option, values, with_link=True):
    """Return the description of an option's value: kind, unit, range, names."""
    parts = [kind_text(option.kind, with_link)]
    if option.get is not option.kind and option.dir == "both":
        parts[0] += f"; read: {kind_text(option.get, with_link)}"
    if option.unit != "-":
        parts.append(f"in {option.unit}" if option.unit in optiondata.TIMES else option.unit)
    if option.range != "-":
        parts.append(option.range.replace("..", " to "))
    if option.values != "-" and len(values[option.values][1]) <= 4:
        names = [name for name, _ in values[option.values][1]]
        bits = "|" if with_link else " | "
        parts.append((bits if values[option.values][0] == "flags" else ", ").join(names))
    elif option.values != "-":
        parts.append(
            f"[names](#{link('values-' + option.values)})"
            if with_link
            else f"names of {option.values}"
        )
    return ", ".join(parts)


def needs_text(option):
    """Return differences from the usual families, types, privileges and platforms."""
    parts = []
    if option.families != "any":
        parts.append("AF_" + option.families.upper().replace(",", ", AF_"))
    if option.types != "any":
        parts.append("SOCK_" + option.types.upper().replace(",", ", SOCK_"))
    if option.privileges != "-":
        needs = option.privileges.replace(",", " or ").replace(":", " on ")
        parts.append(needs.replace(" tcp", " TCP"))
    return "; ".join(parts) or "-"


def notes(option):
    """Return the flags that are relevant to readers."""
    shown = (
        "unimplemented",
        "getlater",
        "noeffect",
        "clears",
        "transient",
        "newfd",
        "unbound",
        "in",
        "assoc",
        "repair",
        "netfilter",
    )
    return "; ".join(optiondata.OPTION_FLAGS[f] for f in shown if f in option.flags)


def cell(text):
    return text.replace("|", "\\|")


def meaning(option):
    text = option.meaning
    extra = notes(option)
    return f"{text} ({extra})" if extra else text


def struct_syntax(struct):
    """Text form of a struct: "<multiaddr> [address=] [dev <...>]"."""
    words = []
    for first in (True, False):
        for field in struct.fields:
            if ("pos" in field.flags) != first or field.hidden or field.structs:
                continue
            word = (
                f"<{field.name}>"
                if first
                else f"{field.name} <...>"
                if "word" in field.flags
                else f"{field.name}="
            )
            words.append(f"[{word}]" if "opt" in field.flags else word)
    more = [f"; <{field.nested}>; ..." for field in struct.fields if field.structs]
    return " ".join(words) + "".join(more)


def field_text(field, values):
    text = field.kind
    if field.nested:
        text = f"[struct {field.nested}](#{link('struct-' + field.nested)})"
    if "tail" in field.flags:
        text = f"{text}, repeated"
    if field.unit != "-":
        text += f", {field.unit}"
    if field.values != "-":
        names = values[field.values][1]
        text += ": " + (
            ", ".join(n for n, _ in names)
            if len(names) <= 4
            else f"[names](#{link('values-' + field.values)})"
        )
    return text


def split_by_level(catalogue):
    """Return (level, Linux options) for all levels, then (None, options of other systems)."""
    for level in catalogue.levels.values():
        found = [o for o in catalogue.options if o.level == level.name and o.linux]
        if found:
            yield level, found
    yield None, [o for o in catalogue.options if not o.linux]


def counts(catalogue):
    """Linux options, those fully typed, levels, those of other systems."""
    own = [o for o in catalogue.options if o.linux and not o.alias]
    others = sum(1 for o in catalogue.options if not o.linux and not o.alias)
    return (len(own), sum(o.typed for o in own), len({o.level for o in own}), others)


def option_row(option, catalogue):
    real = option.target or option
    since = real.since if option.since == "-" else option.since
    text = (
        f"another name of {option.alias}" if option.alias else value_text(option, catalogue.values)
    )
    number = real.number if real.number < 10**6 else hex(real.number)
    return (
        f'| <a id="{link(option.name)}"></a>{option.name} | {number} | {cell(text)} |'
        f" {DIRECTIONS[real.dir]} | {since} | {cell(needs_text(real))} |"
        f" {cell(meaning(option))} |"
    )


def section_head(level):
    if level:
        text = f"{level.meaning}. Level {level.number}, {level.header}."
        return ["", f"## {level.name}", "", text, ""]
    text = "On Linux, using one of these names is an error, which names the system that has it."
    return ["", "## Other systems", "", text, ""]


def markdown(catalogue):
    """docs/options.md."""
    own, typed, levels, others = counts(catalogue)
    lines = [NOTE, "# Socket options", ""]
    lines += [
        textwrap.fill(
            f"{own} options of Linux in {levels} levels, {typed} of them with the type of their"
            f" value, and {others} of other systems. csk_option_set and csk_option_get take every"
            " name and every value as text; csocket-options(7) has the same information for a"
            ' terminal; the source is data/options.tsv. "since" is the first Linux version that has'
            ' the option; "<=2.4.0" means that 2.4.0 has it, and older versions may have it;'
            " data/option-since.tsv has the evidence.",
            100,
        ),
        "",
        "```c",
        'csk_option_set(&s, "SO_LINGER", "on 5s", &error);',
        'csk_option_set(&s, "TCP_KEEPIDLE", "60s", &error);',
        'csk_option_set(&s, "IP_ADD_MEMBERSHIP", "239.1.1.1 dev lo", &error);',
        "```",
        "",
        *option_goals.markdown(catalogue, link),
        "## How values are written",
        "",
    ]
    lines += [f"* **{name}**: {text}" for name, text in SYNTAX]
    lines += ["", "## Levels", "", "| level | number | header | options |", "|---|---|---|---|"]
    sections = list(split_by_level(catalogue))
    lines += [
        f"| [{level.name}](#{link(level.name)}) | {level.number} | {level.header} |"
        f" {level.meaning} |"
        for level, _ in sections
        if level
    ]
    for level, options in sections:
        lines += section_head(level)
        head = "option" if level else "option (system)"
        lines += [
            f"| {head} | number | value | | since | for, needs | meaning |",
            "|---|---|---|---|---|---|---|",
        ]
        for option in options:
            row = option_row(option, catalogue)
            lines.append(
                row
                if level
                else row.replace(f"</a>{option.name} |", f"</a>{option.name} ({option.platform}) |")
            )
    lines += structs_markdown(catalogue) + values_markdown(catalogue)
    return "\n".join(lines) + "\n"


def structs_markdown(catalogue):
    lines = ["", "## Structs"]
    for struct in catalogue.structs.values():
        where = f" (`{struct.ctype}`, {struct.header})" if struct.ctype != "-" else ""
        lines += ["", f"### struct {struct.name}", "", f"{struct.meaning}{where}.", ""]
        if "is" not in struct.flags:
            lines += [f"Text: `{struct_syntax(struct)}`", ""]
        lines += ["| field | kind | since |", "|---|---|---|"]
        lines += [
            f"| {f.name} | {cell(field_text(f, catalogue.values))} | {f.since} |"
            for f in struct.fields
            if "hide" not in f.flags
        ]
    return lines


def values_markdown(catalogue):
    lines = ["", "## Values"]
    for name, (kind, values) in catalogue.values.items():
        if len(values) <= 4:
            continue
        joined = ", ".join(f"{n} ({v:#x})" if kind == "flags" else f"{n} ({v})" for n, v in values)
        lines += [
            "",
            f"### Values {name}",
            "",
            textwrap.fill(joined, 100, break_long_words=False, break_on_hyphens=False),
        ]
    return lines


# The manual page


def today():
    """Return the date of a reproducible build, or today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.now(datetime.timezone.utc)
    if epoch:
        now = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc)
    return now.date().isoformat()


def roff(text):
    """Return plain text for roff: no line of it is a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha")
    text = text.replace("~", "\\(ti").replace("…", "...")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def manual_option(option, catalogue):
    real = option.target or option
    if option.alias:
        value = f"another name of {option.alias}"
    else:
        value = value_text(option, catalogue.values, with_link=False)
    since = real.since if option.since == "-" else option.since
    facts = [DIRECTIONS[real.dir], value]
    if since != "-":
        facts.append(f"Linux {since[2:]} or older" if since[0] == "<" else f"Linux {since}")
    if needs_text(real) != "-":
        facts.append(needs_text(real))
    return [
        ".TP",
        f".B {option.name}",
        f"({roff('; '.join(facts))})",
        ".br",
        roff(meaning(option)) + ".",
    ]


SEE_ALSO = """\
.SH SEE ALSO
.BR csk_option_set (3),
.BR csk_option_find (3),
.BR getsockopt (2),
.BR socket (7),
.BR ip (7),
.BR ipv6 (7),
.BR tcp (7),
.BR udp (7),
.BR csocket (7)
"""


def manual(catalogue):
    """csocket-options.7."""
    own, typed, _, _ = counts(catalogue)
    lines = [
        '.\\" Made by tools/gen_options.py of data/option*.tsv.',
        f'.TH CSOCKET\\-OPTIONS 7 {today()} "csocket" "Socket options"',
        ".SH NAME",
        "csocket\\-options \\- every socket option, by name",
        ".SH SYNOPSIS",
        ".nf",
        ".B #include <csocket/option.h>",
        ".PP",
        '.BI "csk_option_set(" s ", \\(dqSO_LINGER\\(dq, \\(dqon 5s\\(dq, " error );',
        '.BI "csk_option_get(" s ", \\(dqTCP_INFO\\(dq, " text ", sizeof " text ", " error );',
        ".fi",
        ".SH DESCRIPTION",
        f"{own} socket options of Linux, {typed} of them with the type of their value.",
        "Options are set and read by name with",
        ".BR csk_option_set (3)",
        "and",
        ".BR csk_option_get (3),",
        "as text; with",
        ".BR csk_option_set_number (3),",
        "as numbers; with",
        ".BR csk_option_set_bytes (3),",
        "as structs.",
        "For each option: whether it can be read and set, what its value is, the first Linux"
        " that has it, and which sockets and privileges it needs.",
        *option_goals.manual(catalogue, roff),
        ".SH VALUES",
    ]
    for name, text in SYNTAX:
        lines += [".TP", f".B {roff(name)}", roff(text)]
    lines.append(".SH OPTIONS")
    for level, options in split_by_level(catalogue):
        if not level:
            break
        lines += [f".SS {level.name}", roff(level.meaning) + "."]
        for option in options:
            lines += manual_option(option, catalogue)
    lines.append(".SH STRUCTS")
    for struct in catalogue.structs.values():
        lines += [
            ".TP",
            f".B {struct.name}",
            roff(struct.meaning) + ".",
            ".br",
            f".I {roff(struct_syntax(struct))}",
        ]
    return "\n".join(lines) + "\n" + SEE_ALSO
