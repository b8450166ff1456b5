#include "common/kube/timestamp.hpp"

#include "common/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>

namespace kube {
namespace {

using std::chrono::sys_days;

/// Reads a text from left to right; what fails once has failed.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

  bool skips(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void expect(std::string_view text) {
    if (!skips(text)) failed_ = true;
  }
  std::string_view take(std::size_t length) {
    if (rest_.size() < length) failed_ = true;
    auto const taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view digits() {
    return take(std::min(rest_.find_first_not_of("0123456789"), rest_.size()));
  }
  int number(std::size_t length) {
    int value = 0;
    for (char const digit : take(length)) {
      if (digit < '0' || digit > '9') failed_ = true;
      value = value * 10 + (digit - '0');
    }
    return failed_ ? 0 : value;
  }
  int number(std::size_t length, int most) {
    auto const value = number(length);
    if (value > most) failed_ = true;
    return value;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

std::optional<sys_days> day_of(int year, int month, int day) {
  auto const date = std::chrono::year{year} / month / day;
  return date.ok() ? std::optional{sys_days{date}} : std::nullopt;
}

/// "15:04:05"
std::chrono::seconds take_time(Reader& reader) {
  std::chrono::hours const hours{reader.number(2, 23)};
  reader.expect(":");
  std::chrono::minutes const minutes{reader.number(2, 59)};
  reader.expect(":");
  return hours + minutes + std::chrono::seconds{reader.number(2, 59)};
}

/// ".000001" or nothing
std::chrono::microseconds take_fraction(Reader& reader) {
  constexpr std::size_t places = 6;
  if (!reader.skips(".")) return {};
  std::string digits{reader.digits()};
  if (digits.empty()) reader.expect("a digit");
  digits.resize(places, '0');
  return std::chrono::microseconds{Reader{digits}.number(places)};
}

/// "Z" or "+02:00"
std::chrono::minutes take_offset(Reader& reader) {
  if (reader.skips("Z")) return {};
  bool const west = reader.skips("-");
  if (!west) reader.expect("+");
  std::chrono::hours const hours{reader.number(2, 23)};
  reader.expect(":");
  auto const offset = hours + std::chrono::minutes{reader.number(2, 59)};
  return west ? -offset : offset;
}

std::optional<Timestamp> rfc_3339(std::string_view text) {
  Reader reader{text};
  auto const year = reader.number(4);
  reader.expect("-");
  auto const month = reader.number(2);
  reader.expect("-");
  auto const day = day_of(year, month, reader.number(2));
  reader.expect("T");
  auto const time = take_time(reader) + take_fraction(reader);
  auto const offset = take_offset(reader);
  if (reader.failed() || !reader.at_end() || !day) return std::nullopt;
  return *day + time - offset;
}

std::string date_and_time(Timestamp moment) {
  auto const day = std::chrono::floor<std::chrono::days>(moment);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss const time{std::chrono::floor<std::chrono::seconds>(moment - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace

Result<Timestamp> parse_timestamp(std::string_view text) {
  constexpr std::size_t shown = 64;
  if (auto const moment = rfc_3339(text)) return *moment;
  return invalid("\"" + utf8::repaired(text.substr(0, shown)) +
                 "\" is no timestamp: expected RFC 3339, as in \"2006-01-02T15:04:05Z\"");
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
  constexpr auto weekdays =
      std::to_array<std::string_view>({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"});
  constexpr auto months = std::to_array<std::string_view>(
      {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
  Reader reader{text};
  if (std::ranges::find(weekdays, reader.take(3)) == weekdays.end()) return std::nullopt;
  reader.expect(", ");
  auto const day_number = reader.number(2);
  reader.expect(" ");
  auto const month = std::ranges::find(months, reader.take(3)) - months.begin() + 1;
  reader.expect(" ");
  auto const day = day_of(reader.number(4), static_cast<int>(month), day_number);
  reader.expect(" ");
  auto const time = take_time(reader);
  reader.expect(" GMT");
  if (reader.failed() || !reader.at_end() || !day) return std::nullopt;
  return *day + time;
}

std::string format_seconds(Timestamp moment) { return date_and_time(moment) + "Z"; }

std::string format_microseconds(Timestamp moment) {
  auto const fraction = moment - std::chrono::floor<std::chrono::seconds>(moment);
  return fmt::format("{}.{:06}Z", date_and_time(moment), fraction.count());
}

}  // namespace kube
