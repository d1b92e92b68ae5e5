"""The site's pages, before Sphinx runs: they are complete, and their links have targets."""

import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_site  # noqa: E402
import gen_constants  # noqa: E402
import gen_site  # noqa: E402
import headers  # noqa: E402
import optiondata  # noqa: E402
import site_c  # noqa: E402
import site_documents  # noqa: E402
import site_options  # noqa: E402
import site_python  # noqa: E402


class Options(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pages = site_options.option_pages_of(ROOT / "data")
        cls.catalogue = optiondata.load(ROOT / "data")

    def test_every_option_has_an_entry_with_examples_in_three_languages(self):
        for option in self.catalogue.options:
            if option.linux:
                page = self.pages[f"options/{option.level}.md"]
                entry = re.search(rf"^## {option.name}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
                self.assertTrue(entry, option.name)
                if not option.alias and (option.dir != "set" or self.has_sample(option)):
                    for language in ("c", "python", "sh"):
                        self.assertIn(f"```{language}\n", entry[1], option.name)

    def has_sample(self, option):
        return bool(site_options.sample(option, self.catalogue))

    def test_every_goal_leads_to_the_entry_of_its_option(self):
        index = self.pages["options/index.md"]
        for goal in self.catalogue.goals:
            self.assertRegex(index, rf"\[{goal.option}\]\(\w+\.md#{goal.option.lower()}\)")

    def test_structs_and_values_are_described(self):
        for name in self.catalogue.structs:
            self.assertIn(f"\n## struct {name}\n", self.pages["options/structs.md"])

    def test_every_constant_is_on_the_page_of_its_group(self):
        pages = site_options.constant_pages(ROOT / "data/constants.tsv")
        for row in gen_constants.load(ROOT / "data/constants.tsv"):
            page = pages[f"constants/{row.group.split('_')[0]}.md"]
            self.assertIn(f"\n| {row.name} |", page)


class References(unittest.TestCase):
    def test_every_function_of_the_headers_is_declared_once(self):
        text = "\n".join(site_c.pages(ROOT / "include/csocket").values())
        for function in headers.functions(headers.load(ROOT / "include/csocket")):
            self.assertEqual(text.count(f"{{c:function}} {function.prototype}\n"), 1)

    def test_every_function_and_class_of_the_stubs_has_a_page(self):
        stubs = site_python.Stubs(ROOT / "python/stubs/csocket")
        listed = {name for _, _, names in site_python.GROUPS for name in names}
        for name in listed:
            self.assertTrue(name in stubs.classes or name in stubs.functions, name)
        public = {name for name in stubs.classes if name[0] != "_"}
        rest = {"ifaddr", "herror", "gaierror", "timeout", "error"}
        enums = {"AddressFamily", "SocketKind", "MsgFlag", "AddressInfo"}
        self.assertEqual(public - listed - rest - enums, set())


class Documents(unittest.TestCase):
    def test_every_function_has_the_page_of_a_program(self):
        text = site_c.pages(ROOT / "include/csocket", self.documents.program)["c/cancel.md"]
        self.assertIn("](../files/examples/functions/limits.c.md)", text)
        for function in headers.functions(headers.load(ROOT / "include/csocket")):
            page = self.documents.program(function.name)
            self.assertIn(f"{function.name}(", self.documents.files[page])

    @classmethod
    def setUpClass(cls):
        cls.documents = site_documents.Documents(ROOT)

    def test_every_document_is_a_page_of_a_chapter(self):
        names = {name.removesuffix(".md") for name in self.documents.pages}
        listed = "\n".join(gen_site.chapters(names | {"options/index", "constants/index"}))
        for name in names - {"index"}:
            self.assertIn(f"\n{name}\n", listed)

    def test_a_file_to_which_a_document_links_is_a_page(self):
        page = self.documents.files["files/examples/time_limits.c.md"]
        self.assertIn("```c\n/* Fetch a page", page)
        self.assertIn("files/examples/systemd/csocket-echo.socket.md", self.documents.files)

    def test_links_lead_from_the_place_of_the_page(self):
        page = self.documents.pages["explanation/testing.md"]
        self.assertIn("](../project/contributing.md#build-and-test)", page)

    def test_a_link_shows_the_title_of_a_page_instead_of_a_files_name(self):
        page = self.documents.pages["tutorial-python.md"]
        self.assertIn("[Compatibility with the standard library](compatibility.md)", page)


class Links(unittest.TestCase):
    def check(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder).resolve()
            (path / "a.html").write_text(text, encoding="utf-8")
            (path / "b.html").write_text('<p id="place">', encoding="utf-8")
            return [link for _, link in check_site.problems(path)[0]]

    def test_a_link_that_leads_nowhere_is_found(self):
        self.assertEqual(self.check('<a href="c.html">'), ["c.html"])
        self.assertEqual(self.check('<a href="b.html#nowhere">'), ["b.html#nowhere"])
        self.assertEqual(self.check('<img src="x.svg">'), ["x.svg"])

    def test_a_link_that_leads_somewhere_passes(self):
        text = '<p id="here"><a href="#here"><a href="b.html#place"><a href="https://example.org">'
        self.assertEqual(self.check(text), [])


if __name__ == "__main__":
    unittest.main()
