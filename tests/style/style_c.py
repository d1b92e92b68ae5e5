"""The house rules for C, and their exceptions. check_style.py runs them."""

import posixpath
import re

# The files that each folder may include, one entry per arrow of ARCHITECTURE.md, then the tests.
# The first match counts.
LAYERS = [
    ("include/csocket/", ("include/csocket/",)),
    # The types of the system that the public headers use, where POSIX has other headers for them.
    ("src/platform/", ("src/platform/", "include/csocket/sys.h")),
    ("src/", ("src/", "include/csocket/")),
    ("cli/", ("cli/", "include/csocket/")),
    ("examples/", ("include/csocket/",)),
    ("bench/", ("bench/", "include/csocket/")),
    ("python/ext/", ("python/ext/", "include/csocket/")),
    # The page about the families is made by running them.
    ("docs/", ("include/csocket/", "src/platform/sys.h", "src/address/address.h")),
    # The system-call table is there to be replaced by tests.
    ("tests/fault/", ("tests/", "include/csocket/", "src/platform/", "src/address/address.h")),
    # Parsers inside the library and the command are fuzzed, too.
    (
        "tests/fuzz/",
        ("tests/", "include/csocket/", "src/internal.h", "src/connect/connection.h", "cli/cli.h"),
    ),
    # Functions inside the library have tests of their own.
    (
        "tests/core/",
        (
            "tests/",
            "include/csocket/",
            "src/internal.h",
            "src/layout/layout.h",
            "src/family/family.h",
            "src/address/address.h",
            "src/option/table.h",
            "src/names/",
        ),
    ),
    ("tests/data/", ("tests/", "include/csocket/", "src/layout/layout.h")),
    ("tests/", ("tests/", "include/csocket/")),
]

# The floors of src/, from the top: includes and calls go down, or stay in their folder. Folders of
# one floor are independent of each other unless a "+" joins them. exceptions.txt counts those that
# still go up.
FLOORS = (
    "src/connect/",
    "src/names/ , src/option/ + src/control/",
    "src/",
    "src/family/ + src/address/",
    "src/layout/",
    "src/err.c + src/const.c + src/const_table.c",
    "src/platform/",
)
# The build's tables belong to the code that reads them.
GENERATED_IN = {
    "src/control_table.c": "src/control/",
    "src/option_table.c": "src/option/",
}
FOR_ALL = {"src/internal.h"}

# Where an #include "..." is looked for, beside the file's own folder and src/.
ROOTS = ("src", "cli", "python/ext", "tests/core")

# Headers that the build makes, in src/'s build folder.
BUILT = {"config.h": ("src/",)}

# The folders that may know an operating system.
PLATFORMS = ("src/platform/", "src/family/", "cli/platform/")

WITHOUT_PYTHON = ("include/", "src/", "cli/", "examples/", "bench/")

SYSTEMS = (
    r"_*linux_*|__gnu_linux__|__APPLE__|__MACH__|__FreeBSD__|__NetBSD__|__OpenBSD__|__DragonFly__"
    r"|_?WIN32|_WIN64|__CYGWIN__|__MINGW32__|__sun|__SVR4|_AIX|__hpux|__ANDROID__|__HAIKU__|BSD"
    r"|__unix__|__GLIBC__|__UCLIBC__"
)

LIBRARY, FACES = "src/", ("include/", "cli/", "python/ext/")
PLATFORM = "src/platform/"
SYSTEM_HEADERS = "include/csocket/sys.h"  # the public headers that include them
POSIX_ON_WINDOWS = "src/platform/windows/"

# Banned calls, as check_symbols.py finds them: the names, the folders, exceptions there, and why.
BANNED = [
    ("sprintf|vsprintf|strcpy|strcat|stpcpy|gets", "", (), "has no bound; snprintf and memcpy do"),
    ("strncpy", "", (), "may leave no null byte; snprintf does not"),
    ("strtok|tmpnam|mktemp|atoi|atol", "", (), "cannot be used safely"),
    (
        "strdup|strndup|asprintf|vasprintf|getline|getdelim|open_memstream|reallocarray",
        LIBRARY, (), "takes memory that no test can refuse; use cski_sys(malloc)",
    ),
    (
        "exit|_exit|abort|printf|puts|putchar|perror|setlocale|signal|setenv|putenv|fork",
        (LIBRARY, "python/ext/"), (), "that is for the program to decide, not for a library",
    ),
    (
        "gethostbyname|gethostbyname2|gethostbyaddr|gethostent|getservbyname|getservbyport"
        "|getprotobyname|getprotobynumber|inet_ntoa|strerror|hstrerror|localtime|gmtime|ctime"
        "|asctime|getpwnam|getpwuid|rand",
        (LIBRARY, "cli/", "python/ext/"), (PLATFORM, "cli/platform/"),
        "returns a buffer that threads share",
    ),
    ("poll", LIBRARY, ("src/wait.c",), "src/wait.c waits for all"),
    (
        "socket|socketpair|bind|listen|accept|accept4|connect|getsockname|getpeername|getsockopt"
        "|setsockopt|shutdown|recv|recvfrom|recvmsg|recvmmsg|send|sendto|sendmsg|sendmmsg"
        "|sendfile|poll|ppoll|select|getaddrinfo|freeaddrinfo|getnameinfo|if_nameindex"
        "|getifaddrs",
        ("cli/", "python/ext/"), (), "the library does that",
    ),
]  # fmt: skip

# Families that are named outside src/family/, and why.
FAMILIES = {
    "src/names/inet.c": {
        "AF_INET": "inet_pton and inet_ntop are about these two, and are told which",
        "AF_INET6": "as AF_INET",
    },
    "src/connect/create_server.c": {
        "AF_INET": "create_server's dualstack_ipv6 is about these two",
        "AF_INET6": "as AF_INET",
    },
    "src/names/hosts.c": {"AF_INET": "gethostbyname is about IPv4 alone"},
    "src/names/resolution.c": {
        "AF_INET": "RFC 8305 is about these two families",
        "AF_INET6": "as AF_INET",
    },
    "src/names/resolver.c": {
        "AF_INET": "the C library's answers to numeric questions are given without asking it",
        "AF_INET6": "as AF_INET",
        "sockaddr_in": "as AF_INET",
        "sockaddr_in6": "as AF_INET",
    },
    "src/connect/endpoint.c": {
        "AF_INET": "hosts and services are the resolver's, which knows these two",
        "AF_INET6": "as AF_INET",
    },
    "src/platform/open_winsock.c": {
        "AF_INET": "a pair is a TCP connection on the loopback interface",
        "AF_INET6": "as AF_INET",
        "sockaddr_in": "as AF_INET",
        "sockaddr_in6": "as AF_INET",
    },
    "src/platform/event_loopback.c": {
        "AF_INET": "an event is a UDP socket on the loopback interface",
        "sockaddr_in": "as AF_INET",
    },
    "src/platform/ifaddrs_windows.c": {
        "AF_INET6": "netmasks are computed from the lengths of prefixes",
        "sockaddr_in": "as AF_INET6",
        "sockaddr_in6": "as AF_INET6",
    },
    "cli/arguments.c": {"AF_INET": "--ipv4", "AF_INET6": "--ipv6"},
    "cli/names/interfaces.c": {"AF_INET": "--ipv4", "AF_INET6": "--ipv6"},
    "cli/option/target.c": {
        "AF_INET": "the sockets on which options are looked for where none is given",
        "AF_INET6": "as AF_INET",
        "AF_UNIX": "as AF_INET",
    },
    "python/ext/socket/type.c": {"AF_INET": "the family of socket() where none is given"},
    "python/ext/names/netfuncs.c": {"AF_UNIX": "the family of socketpair() where none is given"},
}

# Options that are named outside the table in data/, and why.
OPTIONS = {
    "src/platform/segments_udp.c": {
        "UDP_GRO": "how received datagrams are divided",
        "UDP_SEGMENT": "how datagrams are sent together",
    },
    "src/socket.c": {
        "SO_TYPE": "csk_adopt asks what a descriptor is",
        "SO_DOMAIN": "csk_adopt asks for the family of a descriptor",
        "SO_PROTOCOL": "csk_adopt asks what a descriptor is",
    },
    "src/connect/create_server.c": {
        "SO_REUSEADDR": "create_server is specified to set it",
        "SO_REUSEPORT": "create_server's reuse_port",
        "IPV6_V6ONLY": "create_server's dualstack_ipv6",
    },
    "src/connection.c": {"SO_ERROR": "how a connection attempt that had to wait has ended"},
    "src/platform/sigpipe_mask.c": {"SO_NOSIGPIPE": "what keeps SIGPIPE away on macOS"},
    "src/wait.c": {
        "SO_PEEK_OFF": "with it a peek does not see the same bytes again",
        "SO_OOBINLINE": "with it there is no urgent data to wait for",
    },
    "src/slice.c": {"SO_SNDTIMEO": "what ends a call that blocks in slices"},
    "src/platform/open_winsock.c": {
        "SO_EXCLUSIVEADDRUSE": "no other process may take over the listener of a pair",
    },
    "src/platform/event_loopback.c": {
        "SO_EXCLUSIVEADDRUSE": "no other process may take over an event",
    },
    "src/platform/msg_winsock.c": {"SO_TYPE": "streams have no ancillary data in Winsock"},
    "src/platform/sys_winsock.c": {"SO_ERROR": "its value is a number of Winsock's, not an errno"},
}
OPTION = r"(?:SO|TCP|UDP|UDPLITE|SCTP|DCCP|IP|IPV6|MCAST|PACKET|NETLINK|TIPC|ALG|CAN_RAW)_[A-Z]\w*"
NO_OPTION = {
    "IP_MTU_NONE",
    "IP_ADAPTER_ADDRESSES",  # types and a flag of Windows
    "IP_ADAPTER_NO_MULTICAST",
    "IP_ADAPTER_UNICAST_ADDRESS",
}

# Variables that may change, and why.
VARIABLES = {
    "python/ext/names/replaced.c": {
        "dict_changes": "an atomic: how often dicts of the package were changed",
    },
    "src/mode.c": {
        "default_timeout": "an atomic: the specification's default timeout is one for the process",
    },
    "src/cancel.c": {
        "innermost": "each thread has its own",
        "cski_scope_count": "an atomic: how many scopes there are in all threads",
        "cski_scope_changes": "an atomic: how often scopes of waiting threads were changed",
    },
    "src/names/worker.c": {
        "workers": "the threads of a process are bounded in number; under a lock",
    },
    "src/platform/thread_pthread.c": {
        "lock": "the lock for what threads share",
        "registered": "each thread has its own",
        "in_child": "an atomic: what a fork calls, the same whenever it is set",
    },
    "src/platform/sys_open.c": {
        "cski_sys_table": "the system-call table that tests replace; not in the library",
    },
    "python/ext/call.c": {
        "csp_thread": "each thread has its own",
        "csp_in_handler": "each thread has its own",
    },
    "python/ext/socket/type.c": {"csp_offers": "each thread has its own"},
    "python/ext/define.c": {
        "kept_tables": "an atomic: tables of methods in the interpreter's form, never freed",
    },
    "python/ext/limits.c": {
        "csp_scopes": "each thread has its own",
        "csp_owned_scopes": "each thread has its own",
    },
    "cli/paths.c": {
        "bound": "the paths to remove at exit: atexit(3) and signals pass no argument",
    },
    "src/platform/thread_windows.c": {
        "lock": "the lock for what threads share",
        "self": "each thread has its own",
    },
    "src/platform/sys_winsock.c": {
        "once": "Winsock is loaded once in a process",
        "start_error": "written once, before it is read",
    },
    "src/platform/hostdb_plain.c": {
        "lock": "where the system answers in static storage, one may ask at a time",
    },
}

# Operations that only one file of the binding may contain: the words, the files, the operations.
ONE_PLACE = [
    (
        r"csk_strerror|PyErr_SetFromErrno\w*",
        ("python/ext/error.c",),
        "codes become exceptions",
    ),
    (
        r"Py_(?:BEGIN|END)_ALLOW_THREADS|Py_(?:UN)?BLOCK_THREADS"
        r"|PyEval_(?:Save|Restore)Thread|PyGILState_\w+",
        ("python/ext/call.c", "python/ext/call.h"),
        "the GIL is released",
    ),
]

# Parts of names that a reader would have to learn.
FORMER_WORDS = (
    "aside", "elsewhere", "farness", "headless", "hint", "loose", "misfit", "near", "said",
    "slowly", "stagger", "told", "whose",
)  # fmt: skip

# Types of CPython's whose tables are static, and which CPython never writes or owns by design.
CPYTHON_TABLES = (
    r"Py(?:MethodDef|GetSetDef|MemberDef|Type_Slot|Type_Spec|ModuleDef|ModuleDef_Slot"
    r"|StructSequence_Field|StructSequence_Desc)\b"
)


def resolve(tree, path, name, angled):
    """The project's file that an #include means, or None."""
    root = next((r for r in ROOTS if path.startswith(r)), "src")
    places = ["include"] if angled else [posixpath.dirname(path), root, "src", "tests/support"]
    for place in places:
        file = posixpath.normpath(posixpath.join(place, name))
        if file in tree.paths:
            return file
    return None


def includes(tree):
    """(path, line, name, file or None) of every #include of every C file."""
    for path, source in tree.c_files():
        for line, name, angled in source.includes:
            yield path, line, name, resolve(tree, path, name, angled), angled


def room(path):
    """(floor counted from the top, room) of a file of src/, or None; the longest prefix counts."""
    path = GENERATED_IN.get(path, path)
    found = None
    for number, floor in enumerate(FLOORS):
        for joined in floor.split(" , "):
            for folder in joined.split(" + "):
                if path.startswith(folder) and (not found or len(folder) > len(found[2])):
                    found = number, joined, folder
    return found[:2] if found else None


def goes_up(path, file):
    """Whether a use of one file of src/ by another is against the order of the floors."""
    user, used = room(path), room(file)
    if not user or not used or path in FOR_ALL or file in FOR_ALL:
        return False
    return used[0] < user[0] or (used[0] == user[0] and used[1] != user[1])


def rise(path, file):
    """The name in exceptions.txt of an upward use: from a folder, or a file of src/."""
    ends = (GENERATED_IN.get(end, end) for end in (path, file))
    return "->".join(e if e.count("/") == 1 else posixpath.dirname(e) for e in ends)


def rule_floors(tree):
    """An #include in src/ goes down the floors; named exceptions may only shrink."""
    upward = {}
    for path, line, _, file, _ in includes(tree):
        if file and goes_up(path, file):
            upward.setdefault(rise(path, file), []).append((path, line, f"includes {file}"))
    yield from tree.shrinking("include", upward)


def rule_layers(tree):
    """A folder includes only headers that the architecture's arrows allow."""
    for path, line, name, file, angled in includes(tree):
        allowed = next((may for folder, may in LAYERS if path.startswith(folder)), None)
        if allowed is None:
            yield path, line, "this folder has no place in the architecture"
        elif file:
            if not file.startswith(allowed):
                yield path, line, f'"{name}": {posixpath.dirname(path)}/ may not include that'
        elif not angled and not path.startswith(BUILT.get(name, ())):
            yield path, line, f'"{name}": there is no such file'


def rule_cycle(tree):
    """No header includes itself by way of others."""
    graph = {}
    for path, line, _, file, _ in includes(tree):
        if file:
            graph.setdefault(path, []).append((file, line))
    done, trail = set(), []

    def visit(path):
        trail.append(path)
        for file, line in graph.get(path, ()):
            if file in trail:
                yield path, line, " -> ".join([*trail[trail.index(file) :], file])
            elif file not in done:
                yield from visit(file)
        done.add(trail.pop())

    for path in sorted(graph):
        if path not in done:
            yield from visit(path)


def rule_python_h(tree):
    """Python.h is included under python/ext/ (and tests) alone."""
    for path, line, name, _, _ in includes(tree):
        if path.startswith(WITHOUT_PYTHON) and name in ("Python.h", "structmember.h"):
            yield path, line, f"{name} belongs under python/ext/"


def rule_system_header(tree):
    """An operating system's own headers are included under src/platform/ and src/family/."""
    outside = ("include/", "src/", "cli/", "python/")
    for path, line, name, _, _ in includes(tree):
        inside = path.startswith((*PLATFORMS, SYSTEM_HEADERS)) or not path.startswith(outside)
        if not inside and re.match(r"(linux|asm|asm-generic)/|windows\.h|winsock", name):
            yield path, line, f"<{name}> belongs under src/platform/ or src/family/"


def rule_system_name(tree):
    """No operating system's name in an #if outside src/platform/: capabilities, never systems."""
    for path, source in tree.c_files():
        if path.startswith("src/platform/"):
            continue
        for d in source.directives:
            found = re.search(rf"\b(?:{SYSTEMS})\b", d.rest)
            if d.word in ("if", "ifdef", "ifndef", "elif") and found:
                yield path, d.line, f"#{d.word} {found.group()}: test a CSK_HAVE_* instead"


def rule_conditional(tree):
    """No #if inside a function's body."""
    words = ("if", "ifdef", "ifndef", "elif", "else", "endif")
    for path, source in tree.c_files():
        for d in source.directives if tree.functions(path) else ():
            for f in tree.functions(path) if d.word in words else ():
                if f.line <= d.line <= f.end:
                    yield path, d.line, f"#{d.word} in the body of {f.name}"


def table_of_calls(tree):
    """The names in CSKI_SYS_MAP, which the library calls through the table."""
    return re.findall(r"\bX\([\w *]+?,\s*(\w+),\s*\(", tree.text("src/platform/sys.h"))


def allowed_words(tree, pattern, table, folders, inside):
    for path, source in tree.c_files():
        if path.startswith(folders) and not path.startswith(inside):
            for line, word in source.words(pattern):
                if word not in table.get(path, ()):
                    yield path, line, word
    for path, words in table.items():
        for word in words:
            if path in tree.paths and not tree.source(path).words(word):
                yield path, 1, f"{word} is on the list of exceptions, but is not here"


def rule_family(tree):
    """No address family is named outside src/family/, but those in FAMILIES."""
    pattern = r"[AP]F_(?!UNSPEC\b)[A-Z]\w*|sockaddr_(?!storage\b)\w+"
    folders = (*FACES, "src/")
    inside = ("src/family/", "cli/platform/")
    for path, line, word in allowed_words(tree, pattern, FAMILIES, folders, inside):
        yield path, line, f"{word}: families are named in src/family/ alone"


def rule_option(tree):
    """No socket option is named outside data/options.tsv, but those in OPTIONS."""
    folders = (*FACES, "src/")
    inside = ("src/family/", "cli/platform/")
    for path, line, word in allowed_words(tree, OPTION, OPTIONS, folders, inside):
        if word not in NO_OPTION and not word.endswith("_H"):
            yield path, line, f"{word}: options are named in data/options.tsv alone"


def rule_one_place(tree):
    """In python/ext/ one file turns codes into exceptions, and one releases the GIL."""
    for path, source in tree.c_files("python/ext/"):
        for pattern, places, what in ONE_PLACE:
            for line, word in source.words(pattern) if path not in places else ():
                yield path, line, f"{word}: {places[0]} is where {what}"


def head(text):
    """The comment that a file begins with."""
    return text.partition("*/")[0] if text.startswith("/*") else ""


def rule_tested(tree):
    """A file of src/ has tests: src/F/a_b.c in tests/core/F/test_a_b.c, test_a.c, or one naming it.

    A test file names in its first comment the other files that it tests. The families of
    families.def are all tested by test_family.c. The files of src/platform/ are alternatives, which
    the tests of their callers cover."""
    listed = "src/family/families.def"
    listed = tree.text(listed) if listed in tree.paths else ""
    families = re.findall(r"(?m)^(\w+)\s+AF_", listed)
    untested = {}
    for path in tree.select(".c", under="src/"):
        folder, name = posixpath.split(path[len("src/") :])
        tests = posixpath.normpath(posixpath.join("tests/core", folder))
        parts = name[: -len(".c")].split("_")
        names = ["_".join(parts[: n + 1]) for n in range(len(parts))]
        if folder == "family" and name[: -len(".c")] in families:
            names.append("family")
        heads = (
            head(tree.text(test))
            for test in tree.select(".c", under=tests + "/test_")
            if posixpath.dirname(test) == tests
        )
        if not (
            folder == "platform"
            or any(f"{tests}/test_{n}.c" in tree.paths for n in names)
            or any(re.search(rf"\b{re.escape(name)}\b", text) for text in heads)
        ):
            what = f"there is no {tests}/test_{names[-1]}.c, and no test there names {name}"
            untested[path] = [(path, 1, what)]
    yield from tree.shrinking("tested", untested)


def rule_prefix(tree):
    """Macros of headers begin with CSK_ or CSKI_; what begins with cski_ stays in src/."""
    for path, source in tree.c_files():
        public = path.startswith("include/")
        if not path.startswith(("include/", "src/")) or not path.endswith(".h"):
            continue
        if path.startswith(POSIX_ON_WINDOWS):  # the names are POSIX's
            continue
        for d in source.directives:
            name = re.match(r"\s*(\w*)", d.rest)[1]
            wanted = r"CSK_|CSOCKET_" if public else r"CSKI?_|cski_"
            if d.word == "define" and not re.match(wanted, name):
                yield path, d.line, f"{name}: a header's macro begins with {wanted}"
    for path, source in tree.c_files():
        if path.startswith(("include/", "cli/", "examples/", "bench/", "python/")):
            for line, word in source.words(r"cski_\w+|CSKI_\w+"):
                yield path, line, f"{word} is the library's own"


def rule_null(tree):
    """A null pointer is tested with !p, not with p == NULL."""
    for path, source in tree.c_files():
        for match in re.finditer(r"==\s*NULL\b|\bNULL\s*==", source.plain):
            yield path, source.line_of(match.start()), f"{match.group()}: write !p"


def rule_vocabulary(tree):
    """The library's names are words of C, POSIX and Python: none of those that it had once."""
    parts = "|".join(FORMER_WORDS)
    for path, source in tree.c_files():
        if path.startswith(("include/", "src/")):
            for line, word in source.words(rf"(?:\w+_)?(?:{parts})(?:_\w+)?"):
                yield path, line, f"{word}: use a standard term"


RULES = [
    rule_layers,
    rule_floors,
    rule_cycle,
    rule_python_h,
    rule_system_header,
    rule_system_name,
    rule_conditional,
    rule_family,
    rule_option,
    rule_one_place,
    rule_tested,
    rule_prefix,
    rule_null,
    rule_vocabulary,
]
