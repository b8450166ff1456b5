#include "common/kube/refusal.hpp"

#include "common/kube/retry_after.hpp"

namespace kube {
namespace {

constexpr std::size_t longest = std::size_t{1} << 20;
constexpr Limit patience = std::chrono::seconds{30};  ///< with all of it

Task<std::string> body_of(net::Incoming& answer) {
  std::string body;
  while (body.size() < longest) {
    CO_TRY(auto const piece, co_await answer.next(patience));
    if (piece.empty()) break;
    body += piece;
  }
  co_return body;
}

}  // namespace

std::optional<std::chrono::seconds> retry_after_of(net::Headers const& headers,
                                                   Clock const& clock) {
  auto const header = headers.find("Retry-After");
  if (!header) return std::nullopt;
  return retry_after(*header, std::chrono::floor<std::chrono::microseconds>(clock.wall_time()));
}

Task<Refusal> refusal_of(net::Incoming& answer, Clock& clock) {
  CO_TRY(auto const body, co_await within(clock, patience, body_of(answer)));
  auto const type = answer.headers().find("Content-Type").value_or("");
  co_return Refusal{.status = status_of(answer.status(), type, body),
                    .retry_after = retry_after_of(answer.headers(), clock)};
}

}  // namespace kube
