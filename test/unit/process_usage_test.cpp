#include "common/process_usage.hpp"

#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace {

std::string const stat_line =
    "42 (a b) (c) S 1 42 42 0 -1 4194560 900 0 5 0 250 50 0 0 20 0 3 0 12345 104857600 2560 "
    "18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0\n";

}  // namespace

SCENARIO("a process's line is read whatever the process is called") {
  auto const stat = parse_stat(stat_line);
  CHECK(stat == ProcessStat{.user_ticks = 250,
                            .system_ticks = 50,
                            .start_ticks = 12345,
                            .virtual_bytes = 104857600,
                            .resident_pages = 2560});
}

SCENARIO("a line that is cut off or is none has no numbers") {
  for (std::size_t length = 0; length < stat_line.find(" 2560"); ++length)
    CHECK(!parse_stat(stat_line.substr(0, length)));
  CHECK(!parse_stat("1 (x) " + std::string(200, 'x')));
  CHECK(!parse_stat("1 (x) 3 4 5 6 7 8 9 10 11 12 13 -14 15 16 17 18 19 20 21 22 23 24"));
}

SCENARIO("the time of boot is found among other lines") {
  CHECK(parse_boot_time("cpu 1 2 3\nbtime 1700000000\nprocesses 5\n") == 1700000000);
  CHECK(!parse_boot_time("cpu 1 2 3\n"));
  CHECK(!parse_boot_time("cpu 1 2 3\nbtime soon\n"));
  CHECK(!parse_boot_time("cpu 1 2 3\nbtime "));
}

SCENARIO("this process uses something of everything") {
  auto const usage = process_usage();
  CHECK(usage.resident_bytes > 1e6);
  CHECK(usage.virtual_bytes >= usage.resident_bytes);
  CHECK(usage.cpu_seconds >= 0.0);
  CHECK(usage.start_time > 1.5e9);
  CHECK(usage.most_open_files > usage.open_files);
}

SCENARIO("a file that is opened is counted") {
  auto const before = present(process_usage().open_files);
  int const file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  CHECK(process_usage().open_files == before + 1);
  close(file);
}
