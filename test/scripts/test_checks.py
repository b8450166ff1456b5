#!/usr/bin/python3
"""Plants each violation that check-layers and check-panic-free are for, and sees that they find it; and what else
looks at the sources or builds them."""

import importlib.machinery
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Check(unittest.TestCase):
    command = ""

    def run_on(self, files: dict[str, str]) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return subprocess.run([sys.executable, "-B", ROOT / "scripts" / self.command, folder],
                                  capture_output=True, text=True, check=False)

    def assert_found(self, file: str, text: str, line: int, others: dict[str, str] | None = None):
        ended = self.run_on({**(others or {}), file: text})
        self.assertEqual(ended.returncode, 1, f"not found: {text}")
        self.assertTrue(ended.stderr.startswith(f"{file}:{line}: "), ended.stderr)

    def assert_fine(self, file: str, text: str, others: dict[str, str] | None = None):
        ended = self.run_on({**(others or {}), file: text})
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), text)


class Files(Check):
    def test_every_file_among_product_code_is_read(self):
        for self.command in ("check-layers", "check-panic-free"):
            for name in ("common/result.h", "operator/cluster/plan.cc", "webhook/Makefile"):
                with self.subTest(command=self.command, name=name):
                    self.assert_found(name, "throw 1;", 1, {"common/result.hpp": ""})

    def test_a_folder_without_sources_is_no_success(self):
        for self.command in ("check-layers", "check-panic-free"):
            with self.subTest(self.command):
                ended = self.run_on({"test/result_test.cpp": ""})
                self.assertEqual(ended.returncode, 1)
                self.assertIn("has no sources", ended.stderr)


class PanicFree(Check):
    command = "check-panic-free"

    REFUSED = (
        "throw 1;", "throw;", "try {} catch (...) {}", "try {} catch(int e) {}", "a.value();", "a->value( );",
        "a.at(0);", "a->at(key);", "v.as_object();", "v.as_string();", "v.as_int64();", "v.at_pointer(p);",
        "v.to_number<int>();", "json::value_to<int>(v);", "json::parse(text);", "json::parse(f(a, b));",
        "boost::json::parse(text);", "co_spawn(e, t, asio::detached);", "asio::co_spawn(e, t, h);",
        "std::stoi(text);", "std::stod(text);", "stoull(text);", "atoi(text);", "std::abort();", "exit(1);",
        "std::terminate();", "std::unreachable();", "std::any_cast<int>(a);", "boost::lexical_cast<int>(a);",
        "std::get<Step>(variant);", "get<Step>(variant);", "auto c = u8'\"'; throw 1; // \"", "f(case'\"'); throw 1;",
        "BOOST_THROW_EXCEPTION(e);", "boost::throw_exception(e);", "std::rethrow_exception(p);",
        "std::throw_with_nested(e);", "json::value_to(v, target);", "dynamic_cast<Base const&>(b);",
        "fmt::format(fmt::runtime(text), 1);", "asio::ip::make_address(text);", "json::parse(text, storage);",
        "json::parse(text, spec);", "using json::parse;", "using namespace boost::json;", "f(&json::parse);",
        "v.to_number<std::vector<int>::value_type>();", "v.template to_number<int>();", "thread.detach();",
        "__builtin_trap();", "__builtin_unreachable();", "raise(SIGTERM);", "std::set_handler(std::terminate);",
        "longjmp(buffer, 1);", "co_await socket.async_connect(node, asio::use_awaitable);", "YAML::Load(text);",
        "YAML::LoadFile(text);", "node.as<int>();", "node->as<std::string>();",
    )
    HARMLESS = (
        "// throw\n", "/* a.at(0)\n throw */", 'auto s = "throw a.at(0)";', 'auto s = "\\"throw";',
        'auto s = R"(throw "x" a.at(0))";', 'auto s = R"x(throw )" )x";', "auto c = '\"'; // throw",
        "auto n = 1'000'000; // throw\nauto m = 2'0;", "a.value_or(1);", "a.attach();", "json::parse(text, failure);",
        "json::parse(f(a, b), failure);", "v.to_number<int>(failure);", "v.if_object();", "story.stock();",
        "rethrow(x);", "loop.exited();", "std::get_if<Step>(&v);", "noexcept(true);", "tree->get<int>(failure);",
        "auto c = u8'\"'; // throw", "auto n = 0xFF'AA; // throw", "f(case'\"'); // throw",
        "#include <boost/asio/use_awaitable.hpp>\n#include <boost/asio/detached.hpp>", "bool raise = true;",
        "asio::ip::make_address(text, failure);", "json::parse(text, parse_error);", "dynamic_cast<Base*>(b);",
        "v.to_number<std::vector<int>::value_type>(failure);", "json::parse(text, result.ec);",
        "co_await s.async_connect(n, asio::redirect_error(asio::use_awaitable, failure));",
        "co_await s.async_wait(asio::as_tuple(use_awaitable));",
    )

    def test_finds_what_throws_or_ends_the_process(self):
        for text in self.REFUSED:
            with self.subTest(text):
                self.assert_found("operator/cluster/plan.cpp", f"\nvoid f() {{\n  {text}\n}}\n", 3)

    def test_is_not_fooled_by_comments_strings_and_longer_names(self):
        for text in self.HARMLESS:
            with self.subTest(text):
                self.assert_fine("common/kube/client.cpp", text)

    def test_counts_lines_across_what_it_skips(self):
        self.assert_found("webhook/server.cpp", '/* a\n b */ auto s = R"(\n\n)";\nthrow 1;', 5)

    def test_knows_who_may_catch_and_spawn(self):
        catches = "try {} catch (...) {}"
        for file in ("common/async/task.hpp", "operator/main.cpp", "webhook/main.cpp", "common/program.cpp"):
            self.assert_fine(file, catches)
        self.assert_found("common/async/task_group.cpp", catches, 1)
        self.assert_fine("common/async/task_group.cpp", "asio::co_spawn(e, t, h);")
        self.assert_fine("webhook/main.cpp", "asio::co_spawn(e, t, h);")
        self.assert_found("webhook/server.cpp", "asio::co_spawn(e, t, h);", 1)
        self.assert_fine("common/async/signals.cpp", "std::_Exit(1);")

    def test_reads_product_code_only(self):
        self.assert_fine("test/unit/result_test.cpp", "throw 1;", {"common/result.hpp": ""})

    def test_knows_who_may_read_yaml_and_await_what_throws(self):
        self.assert_fine("common/yaml.cpp", "YAML::Load(text).as<int>();")
        self.assert_fine("common/async/within.cpp", "co_await timer.async_wait(asio::use_awaitable);")


class Layers(Check):
    command = "check-layers"

    def test_finds_includes_that_point_downwards(self):
        for file, included in (("common/result.hpp", "common/json/mapping.hpp"),
                               ("common/net/tls.cpp", "common/kube/client.hpp"),
                               ("common/crd/rules.cpp", "operator/cluster/plan.hpp"),
                               ("common/valkey/resp.cpp", "common/crd/rules.hpp"),
                               ("operator/controller/controller.cpp", "operator/cluster/plan.hpp"),
                               ("operator/cluster/desired/services.cpp", "operator/cluster/plan.hpp"),
                               ("operator/cluster/plan.cpp", "operator/main.hpp")):
            with self.subTest(file):
                self.assert_found(file, f'\n#include "{included}"\n', 2, {included: ""})

    def test_keeps_operator_and_webhook_apart(self):
        self.assert_found("webhook/server.cpp", '#include "operator/cluster/plan.hpp"', 1,
                          {"operator/cluster/plan.hpp": ""})
        self.assert_found("operator/main.cpp", '#include "webhook/server.hpp"', 1, {"webhook/server.hpp": ""})

    def test_finds_includes_that_do_not_start_at_the_root(self):
        result = {"common/result.hpp": ""}
        self.assert_found("common/kube/client.cpp", '#include "../result.hpp"', 1, result)
        self.assert_found("common/kube/client.cpp", '#include "client.hpp"', 1, {"common/kube/client.hpp": ""})
        self.assert_found("common/kube/client.cpp", "#include <common/result.hpp>", 1, result)
        self.assert_found("common/kube/client.cpp", '#include "common/kube/../result.hpp"', 1,
                          {**result, "common/kube/client.hpp": ""})
        self.assert_found("common/kube/client.cpp", '#include "./common/result.hpp"', 1, result)

    def test_finds_includes_that_cannot_be_checked(self):
        for directive in ("#include HEADER", "#include_next <vector>", "#include STRINGIZE(a/b.hpp)"):
            with self.subTest(directive):
                self.assert_found("common/kube/client.cpp", directive, 1)

    def test_finds_product_code_that_includes_tests(self):
        self.assert_found("common/kube/client.cpp", '#include "test/support/run.hpp"', 1,
                          {"test/support/run.hpp": ""})

    def test_keeps_beast_and_ssl_in_sources_of_net(self):
        for included in ("boost/beast/http.hpp", "boost/beast.hpp", "boost/asio/ssl.hpp", "openssl/ssl.h"):
            with self.subTest(included):
                text = f"#include <{included}>\n"
                self.assert_fine("common/net/stream.cpp", text)
                self.assert_found("common/net/stream.hpp", text, 1)
                self.assert_found("common/kube/client.cpp", text, 1)

    def test_keeps_pure_code_pure(self):
        for included in ("boost/asio/steady_timer.hpp", "random", "ctime", "thread", "fstream", "sys/socket.h",
                         "iostream", "boost/filesystem.hpp", "yaml-cpp/yaml.h", "CLI/CLI.hpp", "vectors"):
            with self.subTest(included):
                text = f"#  include <{included}>\n"
                self.assert_found("operator/cluster/plan.cpp", text, 1)
                self.assert_found("common/valkey/resp.hpp", text, 1)
                self.assert_found("webhook/policies/no_downgrade.cpp", text, 1)
                self.assert_fine("operator/cluster/act.cpp", text)
        for included in ("common/net/stream.hpp", "common/metrics.hpp", "common/kube/client.hpp"):
            with self.subTest(included):
                self.assert_found("common/crd/rules.hpp", f'#include "{included}"', 1, {included: ""})

    def test_keeps_pure_code_from_asking_the_world(self):
        for code in ("auto t = system_clock::now();", "auto t = std::chrono::steady_clock :: now();", "time(nullptr);",
                     "std::time(nullptr);", 'std::getenv("HOME");', "std::rand();", "std::random_device seed;"):
            with self.subTest(code):
                self.assert_found("operator/cluster/plan.cpp", f"\n{code}", 2)
                self.assert_fine("operator/cluster/act.cpp", code)
        for code in ("auto t = tools.time();", "// time(nullptr)", 'auto s = "rand";', "runtime(x); operand = 1;"):
            with self.subTest(code):
                self.assert_fine("operator/cluster/plan.cpp", code)

    def test_allows_what_points_upwards(self):
        self.assert_fine("operator/cluster/plan.cpp", '#include "common/valkey/slots.hpp"\n#include <vector>',
                         {"common/valkey/slots.hpp": ""})
        self.assert_fine("webhook/main.cpp", '#include "webhook/server.hpp"', {"webhook/server.hpp": ""})
        self.assert_fine("operator/cluster/reconcile.cpp", '#include "operator/controller/queue.hpp"',
                         {"operator/controller/queue.hpp": ""})

    def test_ignores_includes_in_comments(self):
        self.assert_fine("common/result.hpp", "// #include <boost/asio.hpp>\n/*\n#include <random>\n*/")

    def test_finds_files_that_no_layer_knows(self):
        self.assert_found("common/misc.cpp", "", 1)


def load_lint():
    sys.path.insert(0, str(ROOT / "scripts"))
    loader = importlib.machinery.SourceFileLoader("lint", str(ROOT / "scripts/lint"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("lint", loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


class Lint(unittest.TestCase):
    def setUp(self):
        self.lint = load_lint()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        self.source = self.write("source.cpp", '#include "header.hpp"\nint three = THREE;\n')
        self.write("header.hpp", "#define THREE 3\n")
        self.entry = {"directory": str(self.folder), "file": str(self.source),
                      "command": f"{shutil.which('clang++-19')} -o source.o -c {self.source}"}

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_finds_sources_through_a_symbolic_link(self):
        link = self.folder / "link"
        link.symlink_to(self.folder)
        self.assertEqual(self.lint.commands_of([link / "source.cpp"], [self.entry]), [self.entry])

    def test_refuses_a_database_that_lacks_a_source(self):
        with self.assertRaisesRegex(self.lint.Failure, "new.cpp"):
            self.lint.commands_of([self.source, self.write("new.cpp", "")], [self.entry])

    def test_checks_again_when_anything_that_it_sees_has_changed(self):
        states = {self.lint.state(self.entry, "1"), self.lint.state(self.entry, "2")}
        for header in ("#define THREE 3  // NOLINT\n", "#define THREE 3\n#define FOUR 4\n"):
            self.write("header.hpp", header)
            states.add(self.lint.state(self.entry, "1"))
        self.assertEqual(len(states), 4)

    def test_finds_what_is_wrong_in_our_code_alone(self):
        self.write("system.hpp", "#pragma clang system_header\ninline int* theirs() { return 0; }\n")
        self.write(".clang-tidy", "Checks: '-*,modernize-use-nullptr'\nWarningsAsErrors: '*'\n")
        (self.folder / "compile_commands.json").write_text(json.dumps([self.entry]))
        self.lint.BUILD = self.lint.STAMPS = self.folder
        found = {}
        for name, source in (("theirs", ""), ("ours", "int* ours() { return 0; }\n")):
            self.write("source.cpp", f'#include "system.hpp"\n{source}')
            found[name] = not self.lint.tidy(self.entry, "1", self.lint.compiled_scope())
        self.assertEqual(found, {"theirs": False, "ours": True})

    def test_does_not_take_a_source_that_cannot_be_read_for_unchanged(self):
        self.write("source.cpp", '#include "missing.hpp"\n')
        with self.assertRaisesRegex(self.lint.Failure, "missing.hpp"):
            self.lint.state(self.entry, "1")


class Version(unittest.TestCase):
    def commit_told_in(self, folder: Path) -> str:
        shutil.copytree(ROOT / "scripts/cmake", folder / "scripts/cmake")
        subprocess.run(["cmake", f"-DPROJECT_SOURCE_DIR={folder}", f"-DPROJECT_BINARY_DIR={folder}/build", "-P",
                        folder / "scripts/cmake/version.cmake"], check=True)
        return re.search('commit = "(.*)"', Path(folder, "build/generated/version_numbers.cpp").read_text())[1]

    def test_an_archive_within_another_repository_has_no_commit(self):
        with tempfile.TemporaryDirectory() as folder:
            git = lambda *words: subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words],
                                                cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
            git("init")
            git("commit", "--allow-empty", "--message=first")
            self.assertEqual(self.commit_told_in(Path(folder, "unpacked")), "")
            self.assertEqual(self.commit_told_in(Path(folder)), git("rev-parse", "--short=12", "HEAD"))


class Hardening(unittest.TestCase):
    def run_on(self, *binaries: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-B", ROOT / "test/scripts/hardening.py", *binaries],
                              capture_output=True, text=True, check=False)

    def test_refuses_to_look_at_nothing(self):
        self.assertEqual(self.run_on().returncode, 1)

    def test_tells_what_is_wrong_with_each_binary(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("one", "two"):
                subprocess.run(["clang++-19", "-no-pie", "-Wl,-rpath,/opt", "-x", "c++", "-", "-o", f"{folder}/{name}"],
                               input="int main() {}", text=True, check=True)
            ended = self.run_on(f"{folder}/one", f"{folder}/two")
        self.assertEqual(ended.returncode, 1)
        for name in ("one", "two"):
            for test in ("position_independent", "libraries_come_from_the_system_alone", "landing_pads", "checked"):
                self.assertRegex(ended.stderr, rf"(FAIL|ERROR): test_\w*{test} .*\[{name}\]")


class Commands(unittest.TestCase):
    def test_explain_themselves_and_refuse_unknown_options(self):
        for command in ("check-layers", "check-panic-free", "lint"):
            with self.subTest(command):
                run = lambda option: subprocess.run([ROOT / "scripts" / command, option], capture_output=True,
                                                    text=True, check=False)
                self.assertEqual(run("--help").returncode, 0)
                self.assertIn("usage:", run("--help").stdout)
                refused = run("--colour")
                self.assertEqual((refused.returncode, refused.stdout), (2, ""))
                self.assertIn("usage:", refused.stderr)


if __name__ == "__main__":
    unittest.main()
