#include "common/net/http.hpp"

#include "common/ascii.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace net {
namespace {

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) {
    return ascii::is_digit(letter) || ascii::is_letter(letter) ||
           std::string_view{"!#$%&'*+-.^_`|~"}.contains(letter);
  });
}

bool is_target(std::string_view text) { return !text.empty() && ascii::is_visible(text); }

/// No control characters but tabs, and so no line ends.
bool is_value(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) {
    auto const code = static_cast<unsigned char>(letter);
    return (code >= ' ' && code != 0x7f) || letter == '\t';
  });
}

/// Never quotes a value: it may be a secret.
Result<std::string> with_fields(std::string text, Headers const& headers) {
  for (auto const& [name, value] : headers) {
    if (!is_token(name)) return invalid(fmt::format("\"{}\" is no name of a header", name));
    if (!is_value(value))
      return invalid(fmt::format("the header {} has characters that it may not have", name));
    text += fmt::format("{}: {}\r\n", name, value);
  }
  return text;
}

std::string length_of(std::string_view body) {
  return fmt::format("Content-Length: {}\r\n\r\n", body.size());
}

/// RFC 9110, section 6.4.1.
bool has_content(unsigned status) { return status / 100 != 1 && status != 204 && status != 304; }

}  // namespace

bool same_name(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, ascii::lower, ascii::lower);
}

void Headers::add(std::string name, std::string value) {
  fields_.push_back({std::move(name), std::move(value)});
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (auto const& field : fields_)
    if (same_name(field.name, name)) return field.value;
  return std::nullopt;
}

Response plain_text(unsigned status, std::string body) {
  return {.status = status,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}},
          .body = std::move(body)};
}

Result<std::string> serialized(Request const& request) {
  if (!is_token(request.method))
    return invalid(fmt::format("\"{}\" is no HTTP method", request.method));
  if (!is_target(request.target))
    return invalid(fmt::format("\"{}\" can't be asked of a server", request.target));
  TRY(auto const head,
      with_fields(fmt::format("{} {} HTTP/1.1\r\n", request.method, request.target),
                  request.headers));
  return head + length_of(request.body) + request.body;
}

Result<std::string> serialized(Response const& response, std::string_view method) {
  if (response.status < 100 || response.status > 999)
    return invalid(fmt::format("{} is no HTTP status", response.status));
  TRY(auto const head,
      with_fields(fmt::format("HTTP/1.1 {} \r\n", response.status), response.headers));
  if (!has_content(response.status)) return head + "\r\n";
  return head + length_of(response.body) + (method == "HEAD" ? std::string{} : response.body);
}

}  // namespace net
