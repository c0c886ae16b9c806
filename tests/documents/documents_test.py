"""What documents.py finds in a document, and what it lets pass."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import documents


class DocumentsTest(unittest.TestCase):
    def check(self, text, files=()):
        """The number of faults, and what is printed of them."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            source = root / "source"
            source.mkdir()
            (source / "DOC.md").write_text(text)
            for name, content in files:
                (source / name).write_text(content)
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                status = documents.main([str(source), "/bin/true",
                                         str(source / "out/x"), "DOC.md"])
            return status, said.getvalue()

    def test_runs_commands_in_order_in_a_copy(self):
        status, said = self.check(
            "```sh\necho x >made\n```\n```console\n$ cat made\nx\n```\n")
        self.assertEqual(status, 0, said)
        self.assertIn("2 commands run", said)

    def test_finds_a_command_that_fails(self):
        status, said = self.check("\n```sh\ntrue\nfalse\n```\n")
        self.assertEqual(status, 1)
        self.assertIn("DOC.md:4: error: exits with 1, not 0: false", said)

    def test_takes_the_exit_code_that_is_said(self):
        self.assertEqual(self.check("```sh\nexit 3  # exits 3\n```\n")[0], 0)
        self.assertEqual(self.check("```sh\ntrue  # exits 1\n```\n")[0], 1)

    def test_compares_what_is_printed(self):
        shown = "```console\n$ printf 'a\\nb 1 c\\nd\\n'\n%s```\n"
        for printed in ("a\nb 1 c\nd\n", "a\nb ... c\nd\n", "...\nd\n",
                        "a\n...\n", "a\nb 1 c\nd\n...\n"):
            self.assertEqual(self.check(shown % printed)[0], 0, printed)
        for printed in ("", "a\nd\n", "a\nb 1 c\n", "b 1 c\n...\n"):
            self.assertEqual(self.check(shown % printed)[0], 1, printed)

    def test_joins_lines_of_a_command(self):
        status, said = self.check(
            "```sh\necho a |\n  grep a &&\n  echo \\\n  b\n"
            "cat <<END\nfalse\nEND\n```\n"
            "```console\n$ cat <<END\nx\nEND\nx\n```\n")
        self.assertEqual(status, 0, said)
        self.assertIn("3 commands run", said)

    def test_leaves_out_what_it_is_told_to(self):
        status, said = self.check(
            "<!-- not run: needs a network -->\n```sh\nfalse\n```\n")
        self.assertEqual(status, 0)
        self.assertIn("0 commands run", said)
        self.assertIn("line 3: false (needs a network)", said)

    def test_compares_sources(self):
        files = [("a.cc", "one\ntwo\nthree\n")]
        for kind, text, faults in (
                ("file", "one\ntwo\nthree\n", 0), ("file", "one\ntwo\n", 1),
                ("part of", "two\n", 0), ("part of", "wo\n", 1),
                ("part of", "one\nthree\n", 1)):
            block = f"<!-- {kind}: a.cc -->\n```cc\n{text}```\n"
            self.assertEqual(self.check(block, files)[0], faults, block)
        self.assertEqual(self.check("```cc\none\n```\n", files)[0], 1)
        self.assertEqual(
            self.check("<!-- file: b.cc -->\n```cc\n```\n", files)[0], 1)

    def test_wants_every_block_to_say_what_it_is(self):
        for text in ("```\nx\n```\n", "a\n\n    x\n", "```sh\nx\n",
                     "```console\nx\n```\n"):
            self.assertEqual(self.check(text)[0], 1, text)
        self.assertEqual(self.check("```text\nx\n```\n")[0], 0)


if __name__ == "__main__":
    unittest.main()
