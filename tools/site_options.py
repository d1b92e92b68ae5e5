"""The site's pages of socket options, one per level, and of constants, one per group."""

import re

import gen_constants
import option_goals
import option_pages
import optiondata
from site_text import code, escape, toctree

SAMPLES = {
    "none": "",
    "nullint": "1",
    "bool": "on",
    "in_addr": "192.0.2.1",
    "in6_addr": "2001:db8::1",
    "sockaddr": "192.0.2.1:80",
    "addr": "192.0.2.1:80",
    "addrs": "192.0.2.1:80",
    "sockaddr_in": "192.0.2.1:80",
    "sockaddr_in6": "[2001:db8::1]:80",
    "ifindex": "lo",
    "be_ifindex": "lo",
    "ifname": "lo",
    "raw": "00ff",
    "fd": "3",
    "filter": "ret #65535",
    "bytes4": "00000000",
}
UNITS = {"10ms": "ms"}
# Structs whose fields depend on one another.
TLS = "version=TLS_1_2_VERSION cipher_type=TLS_CIPHER_AES_GCM_128"
CHOSEN = {"TLS_TX": TLS, "TLS_RX": TLS}


def in_range(range_, wanted):
    """Return the number closest to the wanted one that a range "1..5,7" or "5" permits."""
    if range_ == "-":
        return wanted
    ends = [int(n, 0) for n in re.findall(r"-?(?:0x[0-9a-f]+|\d+)", range_.replace("..", " "))]
    if not ends:
        return wanted
    return min(max(wanted, min(ends)), max(ends))


def scalar_sample(kind, unit, values, range_, catalogue):
    """Return a value of a scalar kind as text, or None if no value is always valid."""
    if values != "-" and range_ == "-":
        return catalogue.values[values][1][-1][0]
    if unit in optiondata.TIMES:
        return f"{in_range(range_, 1) * (10 if unit == '10ms' else 1)}{UNITS.get(unit, unit)}"
    if kind.startswith(("timeval", "timespec")):
        return "5s"
    if kind == "bytes":
        return "00" * in_range(range_, 2)
    if kind in SAMPLES:
        return SAMPLES[kind]
    return str(in_range(range_, 1)) if kind != "text" else None


def field_sample(field, catalogue):
    if field.nested:
        return struct_sample(catalogue.structs[field.nested], catalogue)
    if field.array and field.base not in ("text", "bytes", "u8"):
        return None
    if field.base == "u8" and field.array:
        return "00" * field.array
    return scalar_sample(field.base, field.unit, field.values, field.range, catalogue)


def struct_sample(struct, catalogue):
    """Return a struct's text with the required fields, or None."""
    if struct.variants or struct.variant_of:
        return None
    words = []
    for first in (True, False):
        for field in struct.fields:
            if ("pos" in field.flags) != first or field.hidden or field.structs:
                continue
            if not first and "word" not in field.flags and (words or "opt" in field.flags):
                continue
            if "opt" in field.flags and words:
                continue
            value = field_sample(field, catalogue)
            if value is None or (field.nested and not first):
                return None
            joint = " " if "word" in field.flags else "="
            words.append(value if first else f"{field.name}{joint}{value}")
    return " ".join(words) or None


def sample(option, catalogue):
    """Return the text of a value for the examples, or None; checked by
    tests/data/test_options.py."""
    if option.name in CHOSEN:
        return CHOSEN[option.name]
    for goal in catalogue.goals:
        if goal.option == option.name and goal.value != "-":
            return goal.value
    if option.kind.struct:
        return struct_sample(catalogue.structs[option.kind.struct], catalogue)
    return scalar_sample(option.kind.scalar, option.unit, option.values, option.range, catalogue)


def python_line(option, text):
    value = f'"{text}"' if option.kind.struct else option_goals.python_value(option, text)
    if option.kind.scalar == "none":
        value = "None"
    return f"sock.options.{option.name.lower()} = {value}"


def examples(option, catalogue):
    """Return the same in C, in Python and in a shell."""
    name, lower = option.name, option.name.lower()
    reads, writes = option.dir != "set", option.dir != "get"
    value = sample(option, catalogue) if writes else None
    in_c, in_python, shell = [], [], []
    if value is not None:
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        in_c.append(f'csk_option_set(&s, "{name}", "{quoted}", &error);')
        in_python.append(python_line(option, value))
        shell.append(f"csocket options --set='{name}={value}'" if value else "")
    if reads:
        in_c.append(f'csk_option_get(&s, "{name}", text, sizeof text, &error);')
        in_python.append(f"print(sock.options.{lower})")
        shell.append(f"csocket options --get={name}")
    out = []
    for language, lines in (("c", in_c), ("python", in_python), ("sh", shell)):
        if any(lines):
            out += code("\n".join(filter(None, lines)), language)
    return out


def description(option, catalogue):
    facts = [
        ("value", option_pages.value_text(option, catalogue.values, with_link=False)),
        ("direction", option_pages.DIRECTIONS[option.dir]),
        ("number", option.number if option.number < 10**6 else hex(option.number)),
        ("since", "" if option.since == "-" else f"Linux {option.since}"),
        ("needs", option_pages.needs_text(option)),
    ]
    out = [f"## {option.name}", "", escape(option_pages.meaning(option)) + ".", ""]
    out += ["| | |", "|---|---|"]
    out += [f"| {name} | {escape(str(text))} |" for name, text in facts if text not in ("", "-")]
    links = []
    for kind in {option.kind.struct, option.get.struct} - {None}:
        links.append(f"[struct {escape(kind)}](structs.md#struct-{kind})")
    if option.values != "-" and len(catalogue.values[option.values][1]) > 4:
        links.append(f"[names of values](values.md#values-{option.values.lower()})")
    out += ["", "; ".join(links), ""] if links else [""]
    return out


def alias_entry(option):
    target = option.alias
    return [f"## {option.name}", "", f"Another name of [{target}](#{target.lower()}).", ""]


def level_page(level, options, catalogue):
    out = [f"# {level.name}", "", f"{escape(level.meaning)}. Level {level.number}, "]
    out[-1] += f"`{level.header}`."
    out += ["", " · ".join(f"[{o.name}](#{o.name.lower()})" for o in options), ""]
    for option in options:
        if option.alias:
            out += alias_entry(option)
        else:
            out += description(option, catalogue) + examples(option, catalogue)
    return "\n".join(out) + "\n"


def other_systems(options):
    out = ["# Options of other systems", ""]
    out += ["On Linux, using one of these names is an error that names the system that has it.", ""]
    out += ["| option | system | meaning |", "|---|---|---|"]
    out += [f"| {o.name} | {o.platform} | {escape(o.meaning)} |" for o in options]
    return "\n".join(out) + "\n"


def without_links(lines):
    """Convert lines of docs/options.md: links into that page have no target on the site."""
    return [re.sub(r"\[([^\]]*)\]\(#[^)]*\)", r"\1", line) for line in lines]


def split_links(lines, page_of):
    """Return links to an option, on the page of its level."""

    def target(match):
        page = page_of.get(match[2])
        return f"[{match[1]}]({page}.md#{match[2]})" if page else match[1]

    return [re.sub(r"\[([^\]]*)\]\(#([^)]*)\)", target, line) for line in lines]


def option_pages_of(data):
    """Return {"options/SOL_TCP.md": text} for all levels of data/option*.tsv."""
    catalogue = optiondata.load(data)
    own, typed, levels, _ = option_pages.counts(catalogue)
    pages, page_of, names = {}, {}, []
    for level, options in option_pages.split_by_level(catalogue):
        if level:
            names.append(level.name)
            pages[f"options/{level.name}.md"] = level_page(level, options, catalogue)
            for option in options:
                page_of.setdefault(option_pages.link(option.name), level.name)
        else:
            pages["options/other-systems.md"] = other_systems(options)
    index = ["# Socket options", ""]
    index += [f"{own} options of Linux in {levels} levels, {typed} of them with the type of their"]
    index += ["value. [Guide with examples in Python](../options-python.md).", ""]
    goals = option_goals.markdown(catalogue, option_pages.link)
    goals = [line.replace("(options-python.md)", "(../options-python.md)") for line in goals]
    index += split_links(goals, page_of)
    index += ["## How values are written", ""]
    index += [f"* **{name}**: {text}" for name, text in option_pages.SYNTAX]
    index += ["", "## Levels", "", "| level | options |", "|---|---|"]
    index += [f"| [{n}]({n}.md) | {escape(catalogue.levels[n].meaning)} |" for n in names]
    index += ["", *toctree([*names, "other-systems", "structs", "values"], hidden=True)]
    pages["options/index.md"] = "\n".join(index) + "\n"
    structs = option_pages.structs_markdown(catalogue)
    values = option_pages.values_markdown(catalogue)
    structs = [structs_link(line) for line in structs]
    pages["options/structs.md"] = promote(structs)
    pages["options/values.md"] = promote(values)
    return pages


def structs_link(line):
    return re.sub(r"\(#(values-[^)]*)\)", r"(values.md#\1)", line)


def promote(lines):
    """Return a chapter of docs/options.md as a page: its headings are one level higher."""
    lines = [line[1:] if re.match("##+ ", line) else line for line in lines]
    return "\n".join(lines).strip("\n") + "\n"


# The constants


def constant_pages(data):
    """One page per first word of the groups' names: CAN, CAN_RAW and CAN_ERR are on one."""
    head, *groups = re.split(r"^## ", gen_constants.reference(gen_constants.load(data)), flags=re.M)
    pages = {}
    for text in groups:
        name = text.split("\n", 1)[0].split("_")[0]
        pages.setdefault(name, []).append("## " + text)
    out = {}
    for name, texts in pages.items():
        body = "\n".join(texts).rstrip("\n")
        out[f"constants/{name}.md"] = f"# Constants {name}\n\n{body}\n"
    # The first line is a note, the second the heading.
    index = head.split("\n", 1)[1].rstrip("\n")
    links = " · ".join(f"[{name}]({name}.md)" for name in pages)
    out["constants/index.md"] = "\n".join(
        [index, "", "## Groups", "", links, "", *toctree(pages, hidden=True)]
    )
    return out
