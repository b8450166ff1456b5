#include "common/crd/formats.hpp"

#include "common/ascii.hpp"
#include "common/kube/duration.hpp"
#include "common/kube/names.hpp"
#include "common/kube/quantity.hpp"

#include <ranges>

namespace crd::formats {
namespace {

bool is_alphanumeric(char letter) { return ascii::is_letter(letter) || ascii::is_digit(letter); }

bool consists_of(std::string_view text, std::string_view also) {
  return std::ranges::all_of(
      text, [&](char letter) { return is_alphanumeric(letter) || also.contains(letter); });
}

bool is_label_value(std::string_view text) {
  return text.empty() || (is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
                          consists_of(text, "-_."));
}

bool is_quantity(std::string_view text) {
  auto const amount = kube::whole_units(text);
  return amount && *amount >= 0;
}

bool is_duration(std::string_view text) {
  auto const duration = kube::parse_duration(text);
  return !text.starts_with('+') && duration && duration->count() > 0;
}

bool is_image_repository(std::string_view text) {
  auto const colon = text.find(':');
  auto const slash = text.find('/', colon);
  bool const has_port = colon != std::string_view::npos && slash > colon + 1 &&
                        slash < text.size() &&
                        ascii::is_digits(text.substr(colon + 1, slash - colon - 1));
  auto const path = has_port ? text.substr(slash + 1) : text;
  auto const host = has_port ? text.substr(0, colon) : "localhost";
  return !host.empty() && consists_of(host, "-._/") && !path.empty() && consists_of(path, "-._/");
}

bool is_image_tag(std::string_view text) {
  constexpr std::string_view digest = "@sha256:";
  constexpr std::size_t longest_tag = 128;
  constexpr std::size_t digits = 64;
  auto const at = text.find('@');
  auto const tag = text.substr(0, at);
  if (at != std::string_view::npos) {
    auto const rest = text.substr(at);
    if (!rest.starts_with(digest) || rest.size() != digest.size() + digits) return false;
    auto const is_hexadecimal = [](char letter) {
      return ascii::is_digit(letter) || ('a' <= letter && letter <= 'f');
    };
    if (!std::ranges::all_of(rest.substr(digest.size()), is_hexadecimal)) return false;
  }
  return !tag.empty() && tag.size() <= longest_tag && !tag.starts_with('.') &&
         !tag.starts_with('-') && consists_of(tag, "._-");
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text,
                              [](char letter) { return static_cast<unsigned char>(letter) < ' '; });
}

bool is_user_name(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && consists_of(text, "-._@");
}

bool is_acl_word(std::string_view text) { return !text.empty() && ascii::is_visible(text); }

bool is_save_rule(std::string_view text) {
  auto const blank = text.find(' ');
  auto const is_count = [](std::string_view number) {
    constexpr std::size_t most_digits = 9;
    return !number.empty() && number.size() <= most_digits && ascii::is_digits(number) &&
           !number.starts_with('0');
  };
  return blank != std::string_view::npos && is_count(text.substr(0, blank)) &&
         is_count(text.substr(blank + 1));
}

}  // namespace

schema::Format const dns_label{.what = "a DNS label: at most 63 of a-z, 0-9 and, within, -",
                               .pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
                               .matches = kube::is_dns_label,
                               .longest = 63};
schema::Format const dns_subdomain{
    .what = "a name: words of a-z, 0-9 and, within, -, joined by dots, at most 253 characters",
    .pattern = R"(^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)",
    .matches = kube::is_dns_subdomain,
    .longest = 253};
schema::Format const label_value{
    .what = "a label's value: at most 63 letters, digits and, within, -, _ or .",
    .pattern = R"(^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$)",
    .matches = is_label_value,
    .longest = 63};
schema::Format const quantity{
    .what = "a quantity such as 500m, 2, 1.5Gi or 10G, not negative",
    .pattern =
        R"(^\+?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$)",
    .matches = is_quantity,
    .longest = 32};
schema::Format const duration{.what = "a duration such as 90s, 12h or 2160h, more than nothing",
                              .pattern = R"(^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$)",
                              .matches = is_duration,
                              .longest = 32};
schema::Format const image_repository{
    .what = "an image without its tag, such as docker.io/valkey/valkey",
    .pattern = "^([-A-Za-z0-9._/]+:[0-9]+/)?[-A-Za-z0-9._/]+$",
    .matches = is_image_repository,
    .longest = 255};
schema::Format const image_tag{
    .what = "a tag such as 9.1.2, with a digest (9.1.2@sha256:…) if need be",
    .pattern = "^[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}(@sha256:[a-f0-9]{64})?$",
    .matches = is_image_tag,
    .longest = 200};
schema::Format const secret_key{
    .what = "a Secret's key: letters, digits, -, _ and .",
    .pattern = "^[-._a-zA-Z0-9]+$",
    .matches = [](std::string_view text) { return !text.empty() && consists_of(text, "-._"); },
    .longest = 253};
schema::Format const annotation{.what = "an annotation's value",
                                .pattern = R"(^[\s\S]*$)",
                                .matches = [](std::string_view) { return true; },
                                .longest = 4096};
schema::Format const one_line{.what = "one line of text without control characters",
                              .pattern = R"(^[^\x00-\x1f]*$)",
                              .matches = is_one_line,
                              .longest = 4096};
schema::Format const user_name{.what = "a user's name: letters, digits and, after the first, -._@",
                               .pattern = "^[A-Za-z0-9][-A-Za-z0-9._@]*$",
                               .matches = is_user_name,
                               .longest = 64};
schema::Format const acl_word{.what = "one rule, without blanks",
                              .pattern = "^[!-~]+$",
                              .matches = is_acl_word,
                              .longest = 512};
schema::Format const save_rule{.what = "seconds and changes, such as \"300 100\"",
                               .pattern = "^[1-9][0-9]{0,8} [1-9][0-9]{0,8}$",
                               .matches = is_save_rule,
                               .longest = 32};

}  // namespace crd::formats
