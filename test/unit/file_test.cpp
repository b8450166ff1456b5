#include "common/file.hpp"

#include "test/support/folder.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

namespace fs = std::filesystem;

SCENARIO("a file is read whole") {
  Folder const folder;
  CHECK(read_file(folder.write("file", "some\ntext\0more"), 100).value() == "some\ntext");
  CHECK(read_file(folder.write("empty", ""), 100).value().empty());
  std::string const long_text(100'000, 'x');
  CHECK(read_file(folder.write("long", long_text), 100'000).value() == long_text);
}

SCENARIO("a file whose size is not known beforehand is read whole") {
  auto const status = read_file("/proc/self/status", 100'000);
  REQUIRE(status);
  CHECK(status->starts_with("Name:"));
  CHECK(status->ends_with('\n'));
  CHECK(read_file("/proc/self/status", 10).error().message ==
        "/proc/self/status: has more than 10 bytes");
}

SCENARIO("a pipe is read until its writer closes it") {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  std::string const text(9000, 'x');
  REQUIRE(write(ends[1], text.data(), text.size()) == 9000);
  close(ends[1]);
  CHECK(read_file("/proc/self/fd/" + std::to_string(ends[0]), 10'000).value() == text);
  close(ends[0]);
}

SCENARIO("a signal does not end a pipe to which nobody has written yet") {
  static std::string const* unwritten = nullptr;
  static int alarms = 0;
  Folder const folder;
  auto const pipe = folder.path("pipe");
  unwritten = &pipe;
  REQUIRE(mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR) == 0);
  struct sigaction interrupting{};
  interrupting.sa_handler = [](int) {
    if (++alarms != 2) return;
    int const end = open(unwritten->c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    (void)!write(end, "text", 4);
    close(end);
  };
  struct sigaction before{};
  REQUIRE(sigaction(SIGALRM, &interrupting, &before) == 0);
  itimerval const soon{.it_interval = {0, 20'000}, .it_value = {0, 20'000}};
  REQUIRE(setitimer(ITIMER_REAL, &soon, nullptr) == 0);
  auto const content = read_file(pipe, 10);
  itimerval const never{};
  CHECK(setitimer(ITIMER_REAL, &never, nullptr) == 0);
  CHECK(sigaction(SIGALRM, &before, nullptr) == 0);
  CHECK(content.value() == "text");
}

SCENARIO("what cannot be read is named") {
  Folder const folder;
  auto const missing = read_file(folder.path("missing"), 10).error();
  CHECK(missing == Error{Fault::NotFound, folder.path("missing") + ": No such file or directory"});
  auto const long_one = read_file(folder.write("long", "12345678901"), 10).error();
  CHECK(long_one == Error{Fault::Invalid, folder.path("long") + ": has more than 10 bytes"});
  auto const refused = read_file(folder.path("."), 10).error();
  CHECK(refused ==
        Error{Fault::Invalid, folder.path(".") + ": is neither a regular file nor a pipe"});
  CHECK(read_file("/dev/zero", 10).error().fault == Fault::Invalid);
  CHECK(read_file(std::string{"/etc/passwd\0", 12}, 10).error().fault == Fault::Invalid);
  fs::create_symlink("loop", folder.path("loop"));
  CHECK(read_file(folder.path("loop"), 10).error().fault == Fault::Permanent);
  CHECK(stamp_of(folder.path("missing")).error() == missing);
}

SCENARIO("a stamp changes with the file") {
  Folder const folder;
  auto const file = folder.write("token", "abc");
  auto const before = stamp_of(file).value();
  CHECK(read_stamped(file, 10).value().stamp == before);
  CHECK(stamp_of(file).value() == before);

  WHEN("it is written in place with the same length") {
    folder.write("token", "def");
    std::array<timespec, 2> const later{timespec{1, 1}, timespec{1, 1}};
    REQUIRE(utimensat(AT_FDCWD, file.c_str(), later.data(), 0) == 0);
    CHECK(stamp_of(file).value() != before);
  }
  WHEN("another file takes its name") {
    folder.replace("token", "abc");
    CHECK(stamp_of(file).value() != before);
  }
  WHEN("a link in its path is moved, as Kubernetes does") {
    auto const other = folder.write("..one/token", "abc");
    folder.write("..two/token", "abc");
    fs::create_directory_symlink("..one", folder.path("..data"));
    auto const one = stamp_of(folder.path("..data/token")).value();
    fs::create_directory_symlink("..two", folder.path("..data_tmp"));
    fs::rename(folder.path("..data_tmp"), folder.path("..data"));
    CHECK(stamp_of(folder.path("..data/token")).value() != one);
    CHECK(stamp_of(other).value() == one);
  }
}
