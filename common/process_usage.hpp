#pragma once
#include <chrono>
#include <optional>
#include <string_view>

/// What this process uses of its machine; what cannot be read is absent.
struct ProcessUsage {
  std::optional<double> cpu_seconds;  ///< in user and in system mode, since it started
  std::optional<double> start_time;   ///< seconds since 1970
  std::optional<double> resident_bytes;
  std::optional<double> virtual_bytes;
  std::optional<double> open_files;
  std::optional<double> most_open_files;  ///< that it may have; infinite without a limit
};

ProcessUsage process_usage();

/// One line of /proc/self/stat (proc(5)); its times are in ticks, some of them since boot.
struct ProcessStat {
  unsigned long long user_ticks = 0;
  unsigned long long system_ticks = 0;
  unsigned long long start_ticks = 0;
  unsigned long long virtual_bytes = 0;
  unsigned long long resident_pages = 0;
  bool operator==(ProcessStat const&) const = default;
};
std::optional<ProcessStat> parse_stat(std::string_view line);

/// The second since 1970 at which the machine was booted, from /proc/stat.
std::optional<unsigned long long> parse_boot_time(std::string_view text);
