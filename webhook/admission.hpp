#pragma once
#include "common/net/http.hpp"
#include "webhook/judge.hpp"

namespace webhook {

/// What is told to who asked, and what there is to count and to log of it.
struct Admission {
  net::Response response;
  std::optional<Request> request;  ///< none where it could not be read
  Judgement judgement;
};

/// Answers the bytes of a review. It is never allowed what could not be judged; without a uid there
/// is no review that could say so, and the answer is 400.
Admission mutate(std::string_view body);
Admission validate(std::string_view body, Rules const& rules);

}  // namespace webhook
