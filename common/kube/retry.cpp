#include "common/kube/retry.hpp"

#include <algorithm>

namespace kube {
namespace {

constexpr std::chrono::seconds shortest{1};  // after no answer: client-go rest/request.go

bool only_asks(std::string_view method) { return method == "GET" || method == "HEAD"; }

}  // namespace

std::optional<std::chrono::seconds> delay_before_retry(Attempted const& ended, unsigned attempt) {
  if (attempt + 1 >= most_attempts) return std::nullopt;
  bool const harmless = only_asks(ended.method);
  if (!ended.status) return harmless ? std::optional{shortest} : std::nullopt;
  bool const busy = *ended.status == 429;
  bool const broken = *ended.status / 100 == 5;
  bool const may_be_sent = busy || (broken && harmless);
  if (!may_be_sent || !ended.retry_after) return std::nullopt;
  return std::max(shortest, *ended.retry_after);
}

}  // namespace kube
