#include "common/kube/access.hpp"

#include "common/async/within.hpp"
#include "common/json/mapping.hpp"
#include "common/kube/kinds.hpp"
#include "common/logging.hpp"

#include <boost/describe/class.hpp>
#include <map>
#include <vector>

namespace kube {
namespace {

constexpr Clock::Duration remembered = std::chrono::minutes{1};
constexpr Limit asking = std::chrono::seconds{10};

/// authentication.k8s.io/v1 UserInfo
struct User {
  std::string username;
  std::string uid;
  std::vector<std::string> groups;
  std::map<std::string, std::vector<std::string>> extra;
};
BOOST_DESCRIBE_STRUCT(User, (), (username, uid, groups, extra))

struct TokenReviewStatus {
  bool authenticated = false;
  User user;
};
BOOST_DESCRIBE_STRUCT(TokenReviewStatus, (), (authenticated, user))

struct AccessReviewStatus {
  bool allowed = false;
};
BOOST_DESCRIBE_STRUCT(AccessReviewStatus, (), (allowed))

template <class Status>
struct Review {
  Status status;
};
BOOST_DESCRIBE_STRUCT(Review<TokenReviewStatus>, (), (status))
BOOST_DESCRIBE_STRUCT(Review<AccessReviewStatus>, (), (status))

template <class Status>
Task<Status> reviewed(Client& client, Resource resource, json::object spec) {
  json::object const review{
      {"apiVersion", api_version(resource)}, {"kind", resource.kind}, {"spec", std::move(spec)}};
  CO_TRY(auto const answer, co_await client.create(resource, {}, review));
  CO_TRY(auto decoded, mapping::decode<Review<Status>>(answer, resource.kind));
  co_return std::move(decoded.status);
}

std::string_view token_in(net::Request const& request) {
  constexpr std::string_view scheme = "Bearer ";
  auto const header = request.headers.find("Authorization").value_or("");
  return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string_view{};
}

net::Response refused(unsigned status, std::string_view why) {
  auto answer = net::plain_text(status, std::string{why} + '\n');
  if (status == 401) answer.headers.add("WWW-Authenticate", "Bearer");
  return answer;
}

}  // namespace

Task<std::optional<net::Response>> AccessGuard::refusal(net::Request request) {
  std::string const token{token_in(request)};
  if (token.empty()) co_return refused(401, "show a token: Authorization: Bearer ...");
  auto const path = request.target.substr(0, request.target.find('?'));
  auto const key = token + ' ' + path;
  auto const* const until = allowed_.find(key);
  if (until && clock_.now() < *until) co_return std::nullopt;

  auto const verdict = co_await within(clock_, asking, asked(token, path));
  if (!verdict) {
    logging::warning("access not reviewed", {{"message", verdict.error().message}});
    co_return refused(503, "the API server does not say who may ask");
  }
  if (*verdict == Verdict::Unknown) co_return refused(401, "the API server knows no such token");
  if (*verdict == Verdict::Forbidden) co_return refused(403, "may not get " + path);
  allowed_.erase(key);
  allowed_.add(key, later(clock_.now(), remembered));
  co_return std::nullopt;
}

Task<AccessGuard::Verdict> AccessGuard::asked(std::string token, std::string path) {
  CO_TRY(auto const who, co_await reviewed<TokenReviewStatus>(client_, kinds::token_review,
                                                              {{"token", std::move(token)}}));
  if (!who.authenticated) co_return Verdict::Unknown;
  auto const& [name, uid, groups, extra] = who.user;
  json::object wanted{{"nonResourceAttributes", {{"path", path}, {"verb", "get"}}},
                      {"user", name},
                      {"uid", uid},
                      {"groups", mapping::encode(groups)},
                      {"extra", mapping::encode(extra)}};
  CO_TRY(auto const may, co_await reviewed<AccessReviewStatus>(
                             client_, kinds::subject_access_review, std::move(wanted)));
  co_return may.allowed ? Verdict::Allowed : Verdict::Forbidden;
}

}  // namespace kube
