#pragma once
#include "common/result.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

/// Of headers: without regard to case.
bool same_name(std::string_view left, std::string_view right);

/// The fields of a message's head, in order.
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
    bool operator==(Field const&) const = default;
  };

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_{fields} {}

  void add(std::string name, std::string value);

  /// The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  bool operator==(Headers const&) const = default;

 private:
  std::vector<Field> fields_;
};

struct Request {
  std::string method = "GET";
  std::string target = "/";  ///< path and query, percent-encoded
  Headers headers;
  std::string body;
  bool operator==(Request const&) const = default;
};

struct Response {
  unsigned status = 200;
  Headers headers;
  std::string body;
  bool operator==(Response const&) const = default;
};

/// An answer for people, which a browser takes for nothing else.
Response plain_text(unsigned status, std::string body);

/// The message as HTTP/1.1 sends it, with a Content-Length of its own. Invalid when a method,
/// target or field would change the meaning of what follows it (RFC 9112, section 11.1).
Result<std::string> serialized(Request const& request);

/// As an answer to a request with `method`: to HEAD, the length of the body without the body. An
/// answer whose status allows no body has neither (RFC 9110, sections 6.4.1 and 8.6).
Result<std::string> serialized(Response const& response, std::string_view method);

}  // namespace net
