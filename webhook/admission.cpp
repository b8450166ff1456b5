#include "webhook/admission.hpp"

#include "webhook/defaults.hpp"

namespace webhook {
namespace {

net::Response as_json(std::string body) {
  return {
      .status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

Admission answer_unreadable(Unreadable const& unreadable) {
  if (unreadable.uid.empty())
    return {.response = net::plain_text(400, unreadable.message + "\n"),
            .request = std::nullopt,
            .judgement = {}};
  auto verdict = refused(unreadable.message);
  auto body = written(unreadable.uid, verdict);
  return {.response = as_json(std::move(body)),
          .request = std::nullopt,
          .judgement = {.verdict = std::move(verdict), .outcomes = {}}};
}

Admission answer(Request request, Judgement judgement) {
  auto body = written(request.uid, judgement.verdict);
  return {.response = as_json(std::move(body)),
          .request = std::move(request),
          .judgement = std::move(judgement)};
}

}  // namespace

Admission mutate(std::string_view body) {
  auto request = read_review(body);
  if (!request) return answer_unreadable(request.error());
  Judgement judgement;
  judgement.verdict.patch = defaults(*request);
  return answer(*std::move(request), std::move(judgement));
}

Admission validate(std::string_view body, Rules const& rules) {
  auto request = read_review(body);
  if (!request) return answer_unreadable(request.error());
  auto judgement = judge(*request, rules);
  return answer(*std::move(request), std::move(judgement));
}

}  // namespace webhook
