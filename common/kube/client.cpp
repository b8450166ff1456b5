#include "common/kube/client.hpp"

#include "common/kube/kinds.hpp"
#include "common/kube/refusal.hpp"
#include "common/kube/status.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

namespace kube {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::size_t deepest = 64;
constexpr Limit silence = std::chrono::seconds{30};  ///< within an answer that has begun
constexpr Limit listing = std::chrono::minutes{5};   ///< a whole page; its token lives as long

/// "applying Service demo/cache", "patching StatefulSet demo/cache-0/scale".
std::string activity(std::string_view verb, Resource const& resource, ObjectRef const& object,
                     std::string_view subresource = "") {
  auto const name = object.text();  // none where only an answer is asked for: TokenReview
  return fmt::format("{} {}{}{}{}{}", verb, resource.kind, name.empty() ? "" : " ", name,
                     subresource.empty() ? "" : "/", subresource);
}

net::Request request(std::string_view method, std::string target, json::value const& body,
                     std::string_view content_type = json_type) {
  return {.method = std::string{method},
          .target = std::move(target),
          .headers = {{"Content-Type", std::string{content_type}}},
          .body = json::serialize(body)};
}

Result<json::value> document(net::Response const& answer) {
  auto const type = answer.headers.find("Content-Type").value_or("");
  if (answer.status / 100 != 2)
    return Failure{error_of(status_of(answer.status, type, answer.body))};
  boost::system::error_code failure;
  auto parsed = json::parse(answer.body, failure, {}, {.max_depth = deepest});
  if (failure) return transient("the answer is no JSON: " + failure.message());
  return parsed;
}

/// What is refused like an object that is wrong, though it was made for another state of it.
Result<json::value> document_unless(bool (*is_stale)(Status const&), net::Response const& answer) {
  auto result = document(answer);
  if (result || result.error().fault != Fault::Invalid) return result;
  auto const type = answer.headers.find("Content-Type").value_or("");
  if (!is_stale(status_of(answer.status, type, answer.body))) return result;
  return Failure{Error{Fault::Conflict, result.error().message}};
}

/// A patch that does not fit lacks the fields that would be named otherwise: somebody else wrote
/// first (apiserver endpoints/handlers/patch.go).
Result<json::value> patched(net::Response const& answer) {
  return document_unless(
      [](Status const& status) { return status.code == 422 && status.details.causes.empty(); },
      answer);
}

/// The object of that name is not the one that was meant.
Result<json::value> applied(net::Response const& answer) {
  return document_unless(
      [](Status const& status) {
        return std::ranges::any_of(status.details.causes, [](StatusCause const& cause) {
          return cause.field == "metadata.uid";
        });
      },
      answer);
}

using Read = Result<json::value> (*)(net::Response const&);

Task<json::value> outcome(std::string doing, Task<net::Response> exchange, Read read = document) {
  auto const answer = co_await std::move(exchange);
  auto result = answer ? read(*answer) : Failure{answer.error()};
  if (!result) co_return Failure{std::move(result).error().during(doing)};
  co_return result;
}

Query query_of(Selection const& selection) {
  Query query;
  if (!selection.labels.empty()) query.add("labelSelector", selection.labels);
  if (!selection.fields.empty()) query.add("fieldSelector", selection.fields);
  return query;
}

net::Request page_request(Resource const& resource, Selection const& selection, Page const& page) {
  auto query = query_of(selection);
  if (page.limit > 0) query.add("limit", std::to_string(page.limit));
  if (!page.continue_token.empty()) query.add("continue", page.continue_token);
  if (!page.resource_version.empty()) query.add("resourceVersion", page.resource_version);
  return {
      .target = path(resource, selection.namespace_name) + query.text(), .headers = {}, .body = {}};
}

Task<ListMetadata> listed_page(Session& session, net::Request request, ElementParser::Sink sink) {
  CO_TRY(auto answer, co_await session.open(std::move(request)));
  if (answer.status() != 200) {
    CO_TRY(auto const refusal, co_await refusal_of(answer, session.clock()));
    co_return Failure{error_of(refusal.status)};
  }
  ListDecoder decoder{std::move(sink)};
  while (true) {
    CO_TRY(auto const piece, co_await answer.next(silence));
    if (piece.empty()) co_return decoder.finish();
    CO_TRY(decoder.feed(piece));
  }
}

Query written_by(std::string_view field_manager) {
  Query query;
  query.add("fieldManager", field_manager);
  return query;
}

std::string_view name_of(Propagation propagation) {
  switch (propagation) {
    case Propagation::Background:
      return "Background";
    case Propagation::Foreground:
      return "Foreground";
    case Propagation::Orphan:
      return "Orphan";
  }
  return "";
}

json::object delete_options(Precondition const& precondition) {
  json::object conditions;
  if (!precondition.uid.empty()) conditions["uid"] = precondition.uid;
  if (!precondition.resource_version.empty())
    conditions["resourceVersion"] = precondition.resource_version;
  json::object options{{"apiVersion", "v1"}, {"kind", "DeleteOptions"}};
  if (!conditions.empty()) options["preconditions"] = std::move(conditions);
  return options;
}

}  // namespace

Client::Client(Session& session, std::string field_manager)
    : session_{session}, field_manager_{std::move(field_manager)} {}

Task<json::value> Client::write(std::string doing, net::Request request) {
  return outcome(std::move(doing), session_.exchange(std::move(request), Retries::Allowed, gate_));
}

std::string Client::target(Resource const& resource, ObjectRef const& object,
                           std::string_view subresource) const {
  return path(resource, object, subresource) + written_by(field_manager_).text();
}

Task<json::value> Client::get(Resource const& resource, ObjectRef const& object,
                              std::string const& subresource) {
  return outcome(activity("getting", resource, object, subresource),
                 session_.exchange(
                     {.target = path(resource, object, subresource), .headers = {}, .body = {}}));
}

Task<ListMetadata> Client::list(Resource resource, Selection selection, Page page,
                                ElementParser::Sink sink) {
  auto const doing = fmt::format("listing {}", resource.plural);
  auto listed = co_await within(
      listing, listed_page(session_, page_request(resource, selection, page), std::move(sink)));
  if (!listed) co_return Failure{std::move(listed).error().during(doing)};
  co_return listed;
}

Task<json::value> Client::create(Resource const& resource, ObjectRef const& object,
                                 json::value const& whole) {
  auto const collection = path(resource, object.namespace_name) + written_by(field_manager_).text();
  return write(activity("creating", resource, object), request("POST", collection, whole));
}

Task<json::value> Client::replace(Resource const& resource, ObjectRef const& object,
                                  json::value const& whole) {
  return write(activity("replacing", resource, object),
               request("PUT", target(resource, object), whole));
}

Task<json::value> Client::apply(Resource const& resource, ObjectRef const& object,
                                json::value const& wanted, std::string const& subresource,
                                Contested contested) {
  auto query = written_by(field_manager_);
  if (contested == Contested::Taken) query.add("force", "true");
  auto asked = request("PATCH", path(resource, object, subresource) + query.text(), wanted,
                       "application/apply-patch+yaml");
  return outcome(activity("applying", resource, object, subresource),
                 session_.exchange(std::move(asked), Retries::Allowed, gate_), applied);
}

Task<json::value> Client::json_patch(Resource const& resource, ObjectRef const& object,
                                     json::array steps, std::string const& subresource) {
  auto asked = request("PATCH", target(resource, object, subresource), std::move(steps),
                       "application/json-patch+json");
  return outcome(activity("patching", resource, object, subresource),
                 session_.exchange(std::move(asked), Retries::Allowed, gate_), patched);
}

Task<json::value> Client::merge_patch(Resource const& resource, ObjectRef const& object,
                                      json::value const& changes, std::string const& subresource) {
  return write(activity("patching", resource, object, subresource),
               request("PATCH", target(resource, object, subresource), changes,
                       "application/merge-patch+json"));
}

Task<> Client::remove(Resource resource, ObjectRef object, Precondition precondition,
                      Propagation propagation) {
  auto options = delete_options(precondition);
  options["propagationPolicy"] = name_of(propagation);
  CO_TRY(co_await write(activity("deleting", resource, object),
                        request("DELETE", path(resource, object), std::move(options))));
  co_return ok;
}

Task<> Client::evict(ObjectRef pod, Precondition precondition) {
  json::object const eviction{{"apiVersion", "policy/v1"},
                              {"kind", "Eviction"},
                              {"metadata", {{"name", pod.name}, {"namespace", pod.namespace_name}}},
                              {"deleteOptions", delete_options(precondition)}};
  auto asked = request("POST", path(kinds::pod, pod, "eviction"), eviction);
  CO_TRY(co_await outcome(activity("evicting", kinds::pod, pod),
                          session_.exchange(std::move(asked), Retries::None, gate_)));
  co_return ok;
}

Task<net::Incoming> Client::watch(Resource const& resource, Selection const& selection,
                                  WatchFrom const& from) {
  auto query = query_of(selection);
  query.add("watch", "true");
  query.add("allowWatchBookmarks", "true");
  query.add("timeoutSeconds", std::to_string(from.timeout.count()));
  if (!from.resource_version.empty()) query.add("resourceVersion", from.resource_version);
  if (from.list_first) {
    query.add("sendInitialEvents", "true");
    query.add("resourceVersionMatch", "NotOlderThan");
  }
  auto const target = path(resource, selection.namespace_name) + query.text();
  return session_.open({.target = target, .headers = {}, .body = {}}, Retries::None, from.head);
}

}  // namespace kube
