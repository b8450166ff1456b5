#include "common/kube/retry.hpp"

namespace kube {
namespace {

constexpr std::chrono::seconds after_no_answer{1};  // client-go rest/request.go

bool only_asks(std::string_view method) { return method == "GET" || method == "HEAD"; }

}  // namespace

std::optional<std::chrono::seconds> delay_before_retry(Attempted const& ended, unsigned attempt) {
  if (attempt + 1 >= most_attempts) return std::nullopt;
  bool const harmless = only_asks(ended.method);
  if (!ended.status) return harmless ? std::optional{after_no_answer} : std::nullopt;
  bool const busy = *ended.status == 429;
  bool const broken = *ended.status / 100 == 5;
  return busy || (broken && harmless) ? ended.retry_after : std::nullopt;
}

}  // namespace kube
