#include "common/base64.hpp"
#include "webhook/admission.hpp"

#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>

namespace {

/// A whole answer to the one who asks, or a refusal where nobody can be answered.
void check(webhook::Admission const& admission) {
  auto const& [response, request, judgement] = admission;
  if (response.status == 400 && !request) return;
  if (response.status != 200) std::abort();
  boost::system::error_code failure;
  auto const review = json::parse(response.body, failure);
  if (failure) std::abort();
  auto const& answer = review.at("response");
  if (answer.at("uid").as_string().empty()) std::abort();
  bool const is_allowed = answer.at("allowed").as_bool();
  if (is_allowed && !request) std::abort();
  if (!is_allowed && answer.at("status").at("message").as_string().empty()) std::abort();
  if (!is_allowed && answer.at("status").at("code").as_int64() < 400) std::abort();
  if (auto const* const patch = answer.as_object().if_contains("patch"))
    if (!base64::decoded(patch->as_string())) std::abort();
}

}  // namespace

/// Whatever bytes come, the answer is whole, and what can't be read is never allowed.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const body{reinterpret_cast<char const*>(bytes), size};
  static webhook::Rules const rules;
  check(webhook::validate(body, rules));
  check(webhook::mutate(body));
  return 0;
}
