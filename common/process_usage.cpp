#include "common/process_usage.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using Number = unsigned long long;

/// Takes one word off the front of `text`.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
  auto const word = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<Number> number(std::string_view word) {
  Number value = 0;
  auto const [stop, failure] = std::from_chars(word.begin(), word.end(), value);
  if (word.empty() || failure != std::errc{} || stop != word.end()) return std::nullopt;
  return value;
}

constexpr int last_field = 24;

/// Where a field goes, as proc(5) counts them; null if it is of no use.
Number* member(ProcessStat& stat, int field) {
  switch (field) {
    case 14:
      return &stat.user_ticks;
    case 15:
      return &stat.system_ticks;
    case 22:
      return &stat.start_ticks;
    case 23:
      return &stat.virtual_bytes;
    case last_field:
      return &stat.resident_pages;
    default:
      return nullptr;
  }
}

/// Empty when it cannot be read.
std::string contents(char const* path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::optional<double> count_of_open_files() {
  std::error_code failure;
  std::filesystem::directory_iterator files{"/proc/self/fd", failure};
  double count = -1;  // the listing itself needs one
  for (; !failure && files != std::filesystem::directory_iterator{}; files.increment(failure))
    ++count;
  if (failure || count < 0) return std::nullopt;
  return count;
}

std::optional<double> limit_of_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  if (limit.rlim_cur == RLIM_INFINITY) return std::numeric_limits<double>::infinity();
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::optional<ProcessStat> parse_stat(std::string_view line) {
  auto const name_ends = line.rfind(')');  // it may contain spaces and brackets itself
  if (name_ends == std::string_view::npos) return std::nullopt;
  auto rest = line.substr(name_ends + 1);
  ProcessStat stat;
  for (int field = 3; field <= last_field; ++field) {
    auto const word = next_word(rest);
    auto* const wanted = member(stat, field);
    if (!wanted) continue;
    auto const value = number(word);
    if (!value) return std::nullopt;
    *wanted = *value;
  }
  return stat;
}

std::optional<Number> parse_boot_time(std::string_view text) {
  constexpr std::string_view key = "\nbtime ";  // never the first line
  auto const found = text.find(key);
  if (found == std::string_view::npos) return std::nullopt;
  auto rest = text.substr(found + key.size());
  return number(next_word(rest));
}

ProcessUsage process_usage() {
  ProcessUsage usage;
  usage.open_files = count_of_open_files();
  usage.most_open_files = limit_of_open_files();
  auto const stat = parse_stat(contents("/proc/self/stat"));
  auto const ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  if (!stat || ticks <= 0) return usage;
  usage.cpu_seconds = static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks;
  usage.virtual_bytes = static_cast<double>(stat->virtual_bytes);
  usage.resident_bytes =
      static_cast<double>(stat->resident_pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (auto const boot = parse_boot_time(contents("/proc/stat")))
    usage.start_time = static_cast<double>(*boot) + static_cast<double>(stat->start_ticks) / ticks;
  return usage;
}
