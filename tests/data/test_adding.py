"""The guides to adding something are correct: tests build their examples."""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/adding-a-family.md").read_text(encoding="utf-8")
OPERATION = (ROOT / "docs/adding-an-operation.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

sys.path.insert(0, str(ROOT / "tools"))

import gen_map  # noqa: E402
import gen_stubs  # noqa: E402
import headers  # noqa: E402
import optiondata  # noqa: E402


def section(title):
    return re.search(rf"^## {title}\n(.*?)^## ", CONTRIBUTING, re.M | re.S)[1]


class AddingAFamily(unittest.TestCase):
    def test_the_example_is_the_file_that_is_built(self):
        shown = re.search(r"```c\n(.*?)```", PAGE, re.S)[1]
        self.assertEqual(shown, (ROOT / "tests/core/family/made_up.c").read_text())

    def test_the_contributors_guide_shows_a_part_of_that_file(self):
        shown = re.findall(r"^```c\n(.*?)^```", section("Add an address family"), re.S | re.M)
        self.assertEqual(len(shown), 1)
        self.assertIn(shown[0], (ROOT / "tests/core/family/made_up.c").read_text())

    def test_the_files_it_names_exist(self):
        for name in re.findall(r"\b(?:src|tests|data|docs|include)/[\w/-]+\.\w+", PAGE):
            if "NAME" not in name:
                self.assertTrue((ROOT / name).exists(), name)

    def test_the_line_has_the_columns_of_the_list(self):
        listed = (ROOT / "src/family/families.def").read_text(encoding="utf-8")
        line = r"^ *\w+ +AF_\w+ +__?\w+(?: +foreign)?$"
        for text in listed.splitlines():
            self.assertRegex(text, rf"{line}|^#")
        for guide in (PAGE, section("Add an address family")):
            self.assertEqual(len(re.findall(line, guide, re.M)), 1)

    def test_the_families_it_names_have_the_members(self):
        rows = re.findall(r"^\| (`.*?) \| .* \| (.*) \|$", PAGE, re.M)
        self.assertGreater(len(rows), 10)
        for members, see in rows:
            for name in re.findall(r"[\w]+\.c", see):
                text = (ROOT / "src/family" / name).read_text()
                found = [m for m in re.findall(r"`(\w+)`", members) if f".{m} =" in text]
                self.assertTrue(found, f"{name} has none of {members}")


class AddingAnOperation(unittest.TestCase):
    def test_the_example_is_built(self):
        shown = re.findall(r"```c\n(.*?)```", OPERATION, re.S)
        files = ("core/peek.h", "core/peek.c", "core/test_peek.c", "fault/test_peek.c")
        self.assertEqual(len(shown), len(files))
        for text, name in zip(shown, files):
            self.assertIn(text, (ROOT / "tests" / name).read_text(encoding="utf-8"))

    def test_its_comment_is_enough_for_the_export_list(self):
        found = headers.load([str(ROOT / "tests/core/peek.h")])
        self.assertEqual(headers.problems(found), [])
        script = gen_map.version_script(headers.functions(found))
        self.assertRegex(script, r"^CSOCKET_0\.2 \{\nglobal:\n    csk_peek;")


class AddingAKind(unittest.TestCase):
    """Each kind of entry is in the files that the page names."""

    def check(self, kinds, *files):
        page = (ROOT / "docs/adding-a-field-kind.md").read_text(encoding="utf-8")
        for file in files:
            self.assertIn(file, page)
            text = (ROOT / file).read_text(encoding="utf-8")
            for kind in kinds:
                self.assertRegex(text, rf"\b{kind}\b", f"{file}: {kind}")

    def test_every_kind(self):
        layout = (ROOT / "include/csocket/layout.h").read_text(encoding="utf-8")
        kinds = re.findall(r"^    (CSK_FIELD_(?!FLAG_)\w+),", layout, re.M)
        self.assertGreater(len(kinds), 20)
        self.check(kinds, "python/ext/option/mapping.c", "src/layout/field_text.c")
        self.check([k for k in kinds if k != "CSK_FIELD_STRUCT"], "src/layout/accepts.c")

    def test_kinds_of_addresses(self):
        """A table without a default has all of them; the others have those that are not numbers."""
        text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "src/family").glob("*.c"))
        used = set(re.findall(r'\{ "\w+", (CSK_FIELD_\w+),', text))
        self.assertGreater(len(used), 8)
        self.check(used, "cli/families.c")
        self.check(used - {"CSK_FIELD_UINT"}, "docs/families_page.c")
        numbers = {"CSK_FIELD_UINT", "CSK_FIELD_CONTROL"}
        self.check(used - numbers, "tests/core/family/test_family.c")

    def test_kinds_of_options(self):
        self.check((), "tools/optiondata.py", "tools/gen_stubs.py")
        for name, (kind, *_) in optiondata.KINDS.items():
            self.assertIn(kind, gen_stubs.TYPES, name)


class AddingACommand(unittest.TestCase):
    def test_every_command_is_in_the_files_that_the_page_names(self):
        page = (ROOT / "docs/adding-a-command.md").read_text(encoding="utf-8")
        main = (ROOT / "cli/commands.c").read_text(encoding="utf-8")
        commands = re.findall(r"&(cli_\w+)", re.search(r"commands\[\] = \{(.*?)\}", main, re.S)[1])
        self.assertGreater(len(commands), 8)
        self.assertIn("cli/cli.h", page)
        declared = (ROOT / "cli/cli.h").read_text(encoding="utf-8")
        sources = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "cli").rglob("*.c"))
        for name in commands:
            self.assertIn(f"extern const struct cli_command {name};", declared)
            self.assertIn(f"const struct cli_command {name} = {{", sources)

    def test_its_example_is_a_part_of_the_command(self):
        page = (ROOT / "docs/adding-a-command.md").read_text(encoding="utf-8")
        (shown,) = re.findall(r"```c\n(.*?)```", page, re.S)
        self.assertIn(shown, (ROOT / "cli/version.c").read_text(encoding="utf-8"))


class AddingFacts(unittest.TestCase):
    def copy(self):
        """Make a folder with the files that the commands read and write."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name in ("data", "docs", "tools", "include", "python/csocket", "python/stubs"):
            for file in filter(pathlib.Path.is_file, (ROOT / name).rglob("*")):
                copy = pathlib.Path(folder.name, file.relative_to(ROOT))
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
                copy.chmod(copy.stat().st_mode | stat.S_IWUSR)  # the source may be read-only
        return pathlib.Path(folder.name)

    def follow(self, title, folder):
        """Run the commands of the section, as printed."""
        commands = re.findall(r"^    (tools/.*)", section(title), re.M)
        self.assertGreater(len(commands), 1)
        for command in commands:
            subprocess.run(command, shell=True, cwd=folder, check=True)
        stale = subprocess.run(
            [sys.executable, ROOT / "tests/style/check_style.py", "--only", "generated", folder],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertEqual(stale.stdout + stale.stderr, "")

    def append(self, table, row):
        """Append a row, given as words; the last column is the remainder."""
        text = table.read_text(encoding="utf-8").rstrip("\n")
        columns = text.rsplit("\n", 1)[1].count("\t")
        table.write_text(text + "\n" + "\t".join(row.split(" ", columns)) + "\n", encoding="utf-8")

    def add_constant(self, folder, after, row):
        """Add a row after the last one whose name has this prefix."""
        table = folder / "data/constants.tsv"
        text = table.read_text(encoding="utf-8")
        end = text.index("\n", text.rindex(f"\n{after}") + 1)
        table.write_text(text[:end] + "\n" + "\t".join(row) + text[end:], encoding="utf-8")
        return table

    def test_a_constant(self):
        folder = self.copy()
        shown = re.findall(r"^\| (\w+) \| ([^|]+) \|", section("Add a constant"), re.M)
        columns, row = zip(*(pair for pair in shown if pair[0] != "column"))
        table = self.add_constant(folder, "AF_", row)
        self.assertEqual("\t".join(columns), table.read_text(encoding="utf-8").split("\n")[0])
        self.follow("Add a constant", folder)
        for name in ("docs/constants.md", "python/stubs/csocket/_socket.pyi"):
            self.assertIn("AF_MADE_UP", (folder / name).read_text(encoding="utf-8"))
        compiler = os.environ.get("CSOCKET_CC", "cc").split()
        command = ["tools/gen_constants.py", "table", "--data", table, "--output", "table.c"]
        command = [sys.executable, *command, "--cc", *compiler, "-D_GNU_SOURCE"]
        subprocess.run(command, cwd=folder, check=True)
        built = (folder / "table.c").read_text(encoding="utf-8")
        self.assertRegex(built, r'"AF_MADE_UP".*\b150\b')

    def test_an_option(self):
        folder = self.copy()
        row = "SOL_TCP TCP_MADE_UP 999 int - both inet stream - s 1..9 - 9.9 linux - Something new"
        self.append(folder / "data/options.tsv", row)
        row = "TCP_MADE_UP TCP int linux linux/tcp.h - 999 - - - - x".split()
        self.add_constant(folder, "TCP_", row)
        self.follow("Add a socket option", folder)
        self.check(
            folder,
            ("docs/options.md", "Something new"),
            ("docs/constants.md", "TCP_MADE_UP"),
            ("python/stubs/csocket/_options.pyi", "tcp_made_up: _Both[float"),
        )

    def test_a_control_message(self):
        folder = self.copy()
        row = "SOL_SOCKET SCM_MADE_UP 999 u32 receive - any 9.9 - - Something new"
        self.append(folder / "data/control-messages.tsv", row)
        row = "SCM_MADE_UP SCM int linux asm/socket.h - 999 - - - - x".split()
        self.add_constant(folder, "SCM_", row)
        self.follow("Add a control message", folder)
        self.check(
            folder,
            ("docs/control-messages.md", "Something new"),
            ("docs/constants.md", "SCM_MADE_UP"),
            ("python/stubs/csocket/_options.pyi", "made_up: _Read[int]"),
        )

    def check(self, folder, *expected):
        for name, text in expected:
            there = text in (folder / name).read_text(encoding="utf-8")
            self.assertTrue(there, f"{name} has no {text}")

    def test_the_guides_have_the_same_commands(self):
        guide = (ROOT / "docs/adding-an-option.md").read_text(encoding="utf-8")
        for title, heading in (
            ("Add a constant", "A constant"),
            ("Add a socket option", "An option"),
            ("Add a control message", "A control message"),
        ):
            part = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", guide, re.M | re.S)[1]
            commands = re.findall(r"^    (tools/.*)", section(title), re.M)
            self.assertEqual(commands, re.findall(r"^    (tools/.*)", part, re.M))


if __name__ == "__main__":
    unittest.main()
