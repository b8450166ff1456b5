#include "common/kube/token_file.hpp"

#include "common/ascii.hpp"
#include "common/logging.hpp"

#include <utility>

namespace kube {
namespace {

constexpr std::size_t most_bytes = std::size_t{64} << 10U;
constexpr std::chrono::seconds longest{60};

}  // namespace

Secret bearer_header(std::string_view token) {
  auto header = std::string{"Bearer "};
  header += token;
  return Secret{std::move(header)};
}

TokenFileCredentials::TokenFileCredentials(TokenFile file, Clock& clock)
    : file_{std::move(file)}, clock_{clock} {
  if (file_.token) take(file_.token->reveal());
}

void TokenFileCredentials::take(std::string_view token) {
  auto header = bearer_header(token);
  if (credential_.authorization == header) return;
  credential_.authorization = std::move(header);
  ++credential_.generation;
}

/// The token that the file now holds.
Result<Secret> TokenFileCredentials::read() {
  stamp_ = {};  // so that a file that can't be read is tried again
  TRY(auto file, read_stamped(file_.path, most_bytes));
  stamp_ = file.stamp;
  Secret const content{std::move(file.content)};
  auto const text = ascii::trimmed(content.reveal(), " \t\r\n");
  if (text.empty()) return transient(file_.path + ": is empty");
  if (!ascii::is_visible(text)) return invalid(file_.path + ": is not one token");
  return Secret{std::string{text}};
}

/// Reads the file; fails if there is no token at all.
Result<> TokenFileCredentials::look() {
  read_at_ = clock_.now();
  auto token = read();
  if (token) {
    take(token->reveal());
    complained_ = false;
    return ok;
  }
  if (!credential_.authorization) return Failure{std::move(token).error().during("the token")};
  if (!std::exchange(complained_, true))
    logging::warning("a token could not be read again", {{"error", token.error().message}});
  return ok;
}

Task<Credential> TokenFileCredentials::current() {
  auto const stamp = stamp_of(file_.path);
  bool const is_known = stamp && *stamp == stamp_;
  if (!is_known || clock_.now() >= later(read_at_, longest)) CO_TRY(look());
  co_return credential_;
}

Task<bool> TokenFileCredentials::refused(std::uint64_t generation) {
  CO_TRY(look());
  if (generation != credential_.generation) co_return true;
  co_return std::exchange(tried_again_, generation) != generation;
}

}  // namespace kube
