#!/usr/bin/env python3
"""Turn data/option*.tsv into the table of options, docs/options.md and csocket-options(7).

    gen_options.py table --data data --output option_table.c [--no-texts]
    gen_options.py docs  --data data --output options.md [--check]
    gen_options.py man   --data data --output csocket-options.7

The table describes each struct by a declaration of its own, so that the compiler computes the
offsets for the target machine, regardless of its headers.  It is one object without pointers: its
parts refer to each other by offsets (src/layout/layout.h).
"""

import argparse
import pathlib
import sys

import option_pages
import optiondata

SYSTEMS = {
    "linux": "defined __linux__",
    "freebsd": "defined __FreeBSD__",
    "netbsd": "defined __NetBSD__",
    "openbsd": "defined __OpenBSD__",
    "dragonfly": "defined __DragonFly__",
    "macos": "defined __APPLE__",
    "windows": "defined _WIN32",
}
FAMILIES = (
    "unix inet ax25 netrom atmpvc x25 inet6 rose netlink packet atmsvc rds pppox llc can "
    "tipc bluetooth iucv rxrpc isdn phonet ieee802154 caif alg nfc vsock kcm smc xdp mctp "
    "hyperv"
).split()
TYPES = ("stream", "dgram", "raw", "rdm", "seqpacket", "dccp")
OPTION_BITS = {
    "in": "INPUT",
    "clears": "CLEARS",
    "adjusts": "ADJUSTS",
    "asymmetric": "ASYMMETRIC",
    "action": "ACTION",
    "newfd": "NEW_FD",
    "excludesheader": "EXCLUDES_HEADER",
    "unimplemented": "UNIMPLEMENTED",
}
FIELD_BITS = {
    "pos": "POSITIONAL",
    "word": "KEYWORD",
    "opt": "OPTIONAL",
    "hide": "HIDDEN",
    "in": "INPUT",
    "hex": "HEX",
    "tail": "TAIL",
    "count": "COUNT",
    **dict.fromkeys(optiondata.LENGTHS, "LENGTH"),
    "preset": "PRESET",
}
KIND_BITS = {"NET": "NETWORK_ORDER", "LE": "LITTLE_ENDIAN"}
FIELDS_MAX = 128
# As in src/layout/layout.h and src/option/table.h.
FIELD_NAME_MAX, NUMBER_NAME_MAX, LAYOUT_NAME_MAX, OPTION_NAME_MAX = 34, 36, 44, 40
NOTES = (
    "LEVEL ALIAS FAMILIES TYPES PRIVILEGES SINCE PLATFORM REMARKS MEANING".split()
)  # csk_option_note
HEAD = """/* Made by tools/gen_options.py from data/option*.tsv. */
#include "option/table.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <sys/socket.h>

#define TIME64 (sizeof(time_t) > sizeof(long))

/* The distance between two parts of the table. */
#define FROM(from, to) \\
    ((cski_offset)offsetof(struct table, to) - (cski_offset)offsetof(struct table, from))
"""


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def c_int(number):
    """Return a number as a C expression, which is valid even for the smallest int64_t."""
    if number == -(1 << 63):
        return "INT64_MIN"
    return f"{number}" if -(1 << 31) < number < (1 << 31) else f"INT64_C({number})"


def fitting(name, size):
    """Return a name, which must fit into that size."""
    if len(name) >= size:
        raise SystemExit(f"{name} is longer than {size - 1} characters")
    return quote(name)


class Table:
    """Collects the parts of option_table.c."""

    # Newer headers' SOL_VSOCK (287) is the level of control messages, not of options.
    LEVEL_MACROS = {"SOL_VSOCK": "AF_VSOCK"}
    PREFIX = "cski_option"

    # The notes that -Dcatalogue=names omits: they are only for readers.
    TEXTS = ("PRIVILEGES", "SINCE", "REMARKS", "MEANING")

    def __init__(self, catalogue, texts=True):
        self.catalogue = catalogue
        self.texts = texts
        self.parts = []
        self.layouts = {}  # key -> index of the row
        self.rows = {"options": [], "layouts": [], "fields": [], "variants": [], "names": []}
        self.text, self.text_size = {}, 1  # text -> offset; 0: no text
        self.names, self.levels = {}, set()

    def emit(self, text):
        self.parts.append(text)

    def note(self, text, source):
        """Return the offset of a string from its row; 0 for "-" and for no string."""
        if text in (None, "-", ""):
            return "0"
        if text not in self.text:
            self.text[text] = self.text_size
            self.text_size += len(text.encode()) + 1
        return f"FROM({source}, text[{self.text[text]}])"

    def text_note(self, name, text, source):
        """Return the same for a note of an option."""
        if self.texts or name not in self.TEXTS:
            return self.note(text, source)
        # Every option has a meaning, which may be empty.
        return f"FROM({source}, text[0])" if name == "MEANING" else "0"

    def value_names(self, name):
        """Return the first row and the count of a set of names; empty sets have no rows."""
        if name == "-":
            return None, 0, False
        kind, values = self.catalogue.values[name]
        if name not in self.names:
            self.names[name] = len(self.rows["names"])
            self.rows["names"] += [
                f"{{ {fitting(n, NUMBER_NAME_MAX)}, UINT64_C({v & 0xFFFFFFFFFFFFFFFF}) }}"
                for n, v in values
            ]
        return self.names[name], len(values), kind == "flags"

    def mirror(self, struct):
        """Write a C struct with the same layout; return the position of each field: (member,
        fields)."""
        lines, places, word, free = [], {}, None, 0
        for field in struct.fields:
            name = "m_" + field.name
            if field.word:
                size = int(field.base[1:])
                again = field.word == "number" and word and field.shift > 0
                if not again and (field.word == "number" or free < field.bits):
                    word, free = name, size
                    lines.append(f"    uint{size}_t {name};")
                places[field] = word
                if field.word == "bitfield":
                    field.shift, free = size - free, free - field.bits
                continue
            word, free = None, 0
            if field.structs and field.cname == "-":
                places[field] = None  # no header has a member for the data after the struct
                continue
            places[field] = name
            lines.append("    " + self.member(field, name))
        attributes = {"packed": "packed, aligned({})", "align": "aligned({})"}
        tail = ", ".join(
            attributes[k].format(v) for k, v in struct.flags.items() if k in attributes
        )
        tail = f" __attribute__(({tail}))" if tail else ""
        self.emit(f"struct s_{struct.name} {{\n" + "\n".join(lines) + f"\n}}{tail};\n")
        return places

    @staticmethod
    def member(field, name):
        if field.structs:
            return f"_Alignas(struct s_{field.nested}) unsigned char {name}[];"
        if field.nested:
            return f"struct s_{field.nested} {name};"
        if "tail" in field.flags:
            ctype = optiondata.KINDS[field.base][1]
            base, _, extent = ctype.partition("[")
            return f"{base} {name}[]" + (f"[{extent}" if extent else "") + ";"
        if field.base == "bytes4":
            return f"uint32_t {name}[{field.array // 4}];"
        ctype = optiondata.KINDS[field.base][1]
        base, _, extent = ctype.partition("[")
        array = f"[{field.array}]" if field.array else ""
        return f"{base} {name}{array}" + (f"[{extent}" if extent else "") + ";"

    @staticmethod
    def place(struct, field):
        """Return the offset of a field in its struct."""
        member = struct.places[field]
        return f"offsetof(struct s_{struct.name}, {member})" if member else struct.sizeof

    def flatten(self, struct, prefix="", offset="0"):
        """Return the fields in order as (name, field, offset), with nested structs and arrays of
        numbers expanded."""
        found = []
        for field in struct.fields:
            at = f"{offset} + {self.place(struct, field)}"
            if field.nested and not field.structs:
                inner = self.catalogue.structs[field.nested]
                found += self.flatten(inner, f"{prefix}{field.name}.", at)
            elif not field.nested and field.array and field.base not in ("text", "bytes", "bytes4"):
                size = optiondata.KINDS[field.base][2]
                found += [
                    (f"{prefix}{field.name}.{i}", field, f"{at} + {i} * {size}")
                    for i in range(field.array)
                ]
            else:
                found.append((prefix + field.name, field, at))
        return found

    def field(self, name, field, offset, index, values=None):
        """Return a function from row numbers to struct csk_field; index finds the fields that it
        counts: (number, offset)."""
        base = "bytes" if field.base == "bytes4" else field.base
        kind, _, size, kind_flags = optiondata.KINDS.get(base) or ("STRUCT", None, None, "")
        layout, scale, start = None, field.time, "0"
        if field.structs:
            layout = self.struct_layout(field.nested)
            size = self.struct_size(self.catalogue.structs[field.nested])
        flags = [FIELD_BITS[f] for f in sorted(field.flags)]
        if kind_flags and not (kind_flags == "VARIABLE" and field.array):
            flags.append(KIND_BITS.get(kind_flags, kind_flags))
        if field.array and base in ("text", "bytes"):
            size = str(field.array)
        if "tail" in field.flags and base == "bytes":
            size = "1"
        if kind in optiondata.NUMBERS and field.time:
            flags += ["SIGNED"] if kind == "INT" else []
            kind = "TIME"
        names, count, bits = self.value_names(values or field.values)
        flags += ["BITMASK"] if bits else []
        flags += ["BITFIELD"] if field.word == "bitfield" else []
        low = high = 0
        if field.range != "-":
            low, high = (int(x) for x in field.range.split(".."))
            flags.append("RANGE")
        other = next((t for k, t in field.targets.items() if k != "preset"), None)
        for flag in field.flags & set(optiondata.LENGTHS):
            begin, scale = optiondata.LENGTHS[flag]
            start = index[other][1] if begin is None else begin
        members = {
            "name": fitting(name, FIELD_NAME_MAX),
            "kind": "CSK_FIELD_" + kind,
            "flags": " | ".join("CSK_FIELD_FLAG_" + f for f in flags) or "0",
            "offset": offset,
            "size": size,
            "shift": str(field.shift),
            "bits": str(field.bits),
            "other": str(index.get(other, (0,))[0]),
            "base": str(start),
            "scale": c_int(scale),
            "min": c_int(low),
            "max": c_int(high),
            "preset": str(int(field.targets.get("preset", "0"))),
            "name_count": str(count),
        }

        def row(number):
            here = f"fields[{number}]"
            linked = {
                "unit": self.note(field.unit, here),
                "since": self.text_note("SINCE", field.since, here),
                "names": "0" if names is None else f"FROM({here}, names[{names}])",
                "layout": "0" if layout is None else f"FROM({here}, layouts[{layout}])",
            }
            filled = ((k, v) for k, v in {**members, **linked}.items() if v not in ("0", "0 + 0"))
            return "{ " + ", ".join(f".{k} = {v}" for k, v in filled) + " }"

        return row

    def layout(self, key, name, sizes, fields, selector="-1", variants=()):
        """Return the row number of a layout. sizes: the known size, the sufficient size, and the
        alignment."""
        if len(fields) > FIELDS_MAX:
            raise SystemExit(f"{name} has more than {FIELDS_MAX} fields: see CSKI_FIELDS_MAX")
        number, rows = len(self.rows["layouts"]), self.rows["fields"]
        first, first_variant = len(rows), len(self.rows["variants"])
        self.layouts[key] = number
        here = f"layouts[{number}]"
        rows += [field(first + i) for i, field in enumerate(fields)]
        self.rows["variants"] += [
            f"{{ {n}, FROM(variants[{first_variant + i}], layouts[{layout}]) }}"
            for i, (n, layout) in enumerate(variants)
        ]
        size, least, align = sizes
        self.rows["layouts"].append(
            f"{{ .name = {fitting(name, LAYOUT_NAME_MAX)}, .size = {size}, .min_size = {least}, "
            f".align = {align}, .count = {len(fields)}, .selector = {selector}"
            + (f", .fields_offset = FROM({here}, fields[{first}])" if fields else "")
            + (
                f", .variant_count = {len(variants)}, "
                f".variants = FROM({here}, variants[{first_variant}])"
                if variants
                else ""
            )
            + " }"
        )
        return number

    def struct_size(self, struct):
        """Return the size of a struct without its fields of variable length."""
        tail = next((f for f in struct.fields if "tail" in f.flags), None)
        return self.place(struct, tail) if tail else struct.sizeof

    def struct_layout(self, name, values=None):
        """Return the layout of a struct; values replace the number names of its first unnamed
        field."""
        key = (name, values)
        if key in self.layouts:
            return self.layouts[key]
        struct = self.catalogue.structs[name]
        flat = self.flatten(struct)
        index = {n: (i, at) for i, (n, _, at) in enumerate(flat)}
        first = next((f for _, f, _ in flat if "pos" in f.flags), None)
        rows = [self.field(n, f, at, index, values if f is first else None) for n, f, at in flat]
        size = self.struct_size(struct)
        sizes = size, struct.flags.get("min", size), f"_Alignof(struct s_{name})"
        if "variant" not in struct.flags:
            return self.layout(key, name, sizes, rows)
        found = [
            (number, self.struct_layout(s.name))
            for s in self.catalogue.structs.values()
            if s.variant_of == name
            for number in s.variants
        ]
        return self.layout(key, name, sizes, rows, index[struct.flags["variant"]][0], found)

    def option_layout(self, option, kind):
        if kind.struct:
            own = option.values if option.values != "-" else None
            first = next(
                (f for f in self.catalogue.structs[kind.struct].fields if "pos" in f.flags), None
            )
            same = first is None or first.values == own
            return self.struct_layout(kind.struct, None if same else own)
        key = (kind.scalar, option.unit, option.values, option.range)
        if key not in self.layouts:
            size = optiondata.KINDS[kind.scalar][2]
            variable = optiondata.KINDS[kind.scalar][3] == "VARIABLE"
            field = optiondata.Field(
                "", kind.scalar, unit=option.unit, values=option.values, range=option.range
            )
            rows = [] if kind.scalar == "none" else [self.field("", field, "0", {})]
            least = "0" if variable else size
            self.layout(key, kind.scalar, (least, least, "1"), rows)
        return self.layouts[key]

    def numbers(self, number, option):
        """Write macros with the level and the number of an option on the target system."""
        name, level = option.name, self.catalogue.levels[option.level]
        here = " || ".join(SYSTEMS[p] for p in option.platform.split(","))
        value = option.target.number if option.alias else option.number
        low = value & 0xFFFFFFFF
        value = low - (1 << 32) if low >= 1 << 31 else low
        # Only at SOL_SOCKET do the numbers depend on the architecture.
        if option.level == "SOL_SOCKET":
            self.emit(
                f"#if defined {name} && ({here})\n#define O_{number} {name}\n"
                f"#elif {here}\n#define O_{number} {value}\n"
            )
        else:
            self.emit(f"#if {here}\n#define O_{number} {value}\n")
        other = f"defined {name} && !defined __linux__"
        if option.linux:
            self.emit(f"#elif {other}\n#define O_{number} {name}\n")
        self.emit(f"#else\n#define O_{number} CSKI_NO_OPTION\n#endif\n")
        if option.level not in self.levels:
            self.levels.add(option.level)
            header = self.LEVEL_MACROS.get(option.level, option.level)
            self.emit(
                f"#ifdef {header}\n#define L_{option.level} {header}\n#else\n"
                f"#define L_{option.level} {level.number}\n#endif\n"
            )

    def sides(self, option, real, here):
        """Return the offsets of the layouts, and the flags that follow from them."""
        sides, flags = {"get": "0", "set": "0"}, []
        for side, kind in (("set", real.kind), ("get", real.get)):
            if real.dir in (side, "both"):
                sides[side] = f"FROM({here}, layouts[{self.option_layout(real, kind)}])"
                flags.append(side.upper())
                if kind.list:
                    flags.append("LIST" if side == "set" else "GET_LIST")
        wide_names = option.name.startswith(("SO_", "SCM_"))
        if wide_names and option.alias and option.alias.endswith("_OLD"):
            # Where time_t is wider than long, the headers' plain name is the _NEW option.
            new = next(
                (
                    o
                    for o in self.catalogue.options
                    if o.name == option.alias[:-3] + "NEW" and o.level == option.level
                ),
                None,
            )
            for side, kind in (("set", new.kind), ("get", new.get)):
                wide = f"FROM({here}, layouts[{self.option_layout(new, kind)}])"
                sides[side] = f"TIME64 ? {wide} : {sides[side]}"
        return sides, flags

    def option(self, number, option):
        real, here = option.target or option, f"options[{number}]"
        sides, flags = self.sides(option, real, here)
        flags += [OPTION_BITS[f] for f in sorted(real.flags) if f in OPTION_BITS]
        flags += [] if real.typed else ["UNTYPED"]
        remarks = "; ".join(optiondata.OPTION_FLAGS[f] for f in sorted(real.flags)) or "-"
        notes = (
            option.level,
            option.alias,
            real.families,
            real.types,
            real.privileges,
            real.since if option.since == "-" else option.since,
            option.platform,
            remarks,
            option.meaning,
        )
        rows = ",\n".join(
            f"          [CSK_OPTION_NOTE_{n}] = {self.text_note(n, text, here)}"
            for n, text in zip(NOTES, notes)
        )
        return (
            f"{{ .name = {fitting(option.name, OPTION_NAME_MAX)},\n"
            f"      .level = O_{number} == CSKI_NO_OPTION ? -1 : L_{option.level},\n"
            f"      .number = O_{number} == CSKI_NO_OPTION ? -1 : O_{number},\n      .flags = "
            + " | ".join("CSK_OPTION_" + f for f in flags)
            + f" | (O_{number} == CSKI_NO_OPTION ? CSK_OPTION_UNAVAILABLE : 0u),\n"
            f"      .set = {sides['set']},\n      .get = {sides['get']},\n"
            f"      .notes = {{\n{rows} }} }}"
        )

    def uses(self, option):
        """Write struct cski_option_use: families, types and protocols."""
        real, level = option.target or option, self.catalogue.levels[option.level]
        families = level.families if real.families == "any" else real.families
        mask = (
            "0" if families == "any" else " | ".join("F_" + f.upper() for f in families.split(","))
        )
        types = "0"
        if real.types != "any":
            types = " | ".join("T_" + t.upper() for t in real.types.split(","))
        protos = [] if level.protocols == "any" else level.protocols.split(",")
        return f"    {{ {mask}, {types}, {len(protos)}, {{ {', '.join(protos) or '0'} }} }},\n"

    def write(self):
        for family in FAMILIES:
            self.emit(
                f"#ifdef AF_{family.upper()}\n#define F_{family.upper()} "
                f"(UINT64_C(1) << (AF_{family.upper()} & 63))\n#else\n"
                f"#define F_{family.upper()} 0\n#endif\n"
            )
        for kind in map(str.upper, TYPES):  # mips has its own numbers
            self.emit(
                f"#ifdef SOCK_{kind}\n#define T_{kind} (1 << SOCK_{kind})\n#else\n"
                f"#define T_{kind} 0\n#endif\n"
            )
        for struct in self.catalogue.structs.values():
            struct.places = self.mirror(struct)
        uses = []
        for number, option in enumerate(self.catalogue.options):
            self.numbers(number, option)
            self.rows["options"].append(self.option(number, option))
            uses.append(self.uses(option))
        count = len(uses)
        order = sorted(range(count), key=lambda i: (self.catalogue.options[i].name, i))
        self.table()
        self.emit(f"const struct csk_option *const {self.PREFIX}s = table.options;\n")
        self.emit(
            f"const struct cski_option_use {self.PREFIX}_uses[] = {{\n" + "".join(uses) + "};\n"
        )
        self.emit(
            f"const uint16_t {self.PREFIX}s_by_name[] = {{\n"
            + "".join(f"    {i},\n" for i in order)
            + "};\n"
        )
        self.emit(f"const size_t {self.PREFIX}s_count = {count};\n")
        return HEAD + "\n" + "\n".join(p for p in self.parts if p)

    def table(self):
        """Write the table itself."""
        types = {
            "options": "struct csk_option",
            "layouts": "struct csk_layout",
            "fields": "struct csk_field",
            "variants": "struct cski_variant",
            "names": "struct cski_number_name",
        }
        members = "".join(f"    {types[k]} {k}[{len(v)}];\n" for k, v in self.rows.items())
        self.emit(f"struct table {{\n{members}    char text[{self.text_size}];\n}};\n")
        rows = "".join(
            f"    .{k} = {{\n" + "".join(f"    {row},\n" for row in v) + "    },\n"
            for k, v in self.rows.items()
        )
        text = "".join(f'        {quote(t)} "\\0"\n' for t in self.text)
        self.emit(f'static const struct table table = {{\n{rows}    .text = "\\0"\n{text},\n}};\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=("table", "docs", "man"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="fail if output is not current")
    parser.add_argument("--no-texts", action="store_true", help="a table without what is only read")
    arguments = parser.parse_args()
    catalogue = optiondata.load(arguments.data)
    text = {
        "table": lambda: Table(catalogue, not arguments.no_texts).write(),
        "docs": lambda: option_pages.markdown(catalogue),
        "man": lambda: option_pages.manual(catalogue),
    }[arguments.what]()
    if not arguments.check:
        arguments.output.write_text(text, encoding="utf-8")
    elif not arguments.output.exists() or arguments.output.read_text(encoding="utf-8") != text:
        sys.exit(f"{arguments.output} is not current: run tools/gen_options.py {arguments.what}")


if __name__ == "__main__":
    main()
