#include "common/kube/client.hpp"

#include "common/kube/kinds.hpp"
#include "common/kube/refusal.hpp"
#include "common/kube/status.hpp"

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
  return fmt::format("{} {} {}{}{}", verb, resource.kind, object.text(),
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

Task<json::value> Client::ask(std::string doing, net::Request request, Retries retries) {
  auto const answer = co_await session_.exchange(std::move(request), retries);
  auto result = answer ? document(*answer) : Failure{answer.error()};
  if (!result) co_return Failure{std::move(result).error().during(doing)};
  co_return result;
}

Task<json::value> Client::write(std::string doing, net::Request request, Retries retries) {
  auto const open = gate_ ? gate_() : ok;
  if (!open) co_return Failure{Error{open.error()}.during(doing)};
  co_return co_await ask(std::move(doing), std::move(request), retries);
}

Task<json::value> Client::get(Resource const& resource, ObjectRef const& object,
                              std::string const& subresource) {
  return ask(activity("getting", resource, object, subresource),
             {.target = path(resource, object, subresource), .headers = {}, .body = {}},
             Retries::Allowed);
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
  auto const target = path(resource, object.namespace_name) + written_by(field_manager_).text();
  return write(activity("creating", resource, object), request("POST", target, whole),
               Retries::Allowed);
}

Task<json::value> Client::replace(Resource const& resource, ObjectRef const& object,
                                  json::value const& whole) {
  auto const target = path(resource, object) + written_by(field_manager_).text();
  return write(activity("replacing", resource, object), request("PUT", target, whole),
               Retries::Allowed);
}

Task<json::value> Client::apply(Resource const& resource, ObjectRef const& object,
                                json::value const& wanted, std::string const& subresource) {
  auto query = written_by(field_manager_);
  query.add("force", "true");
  return write(activity("applying", resource, object, subresource),
               request("PATCH", path(resource, object, subresource) + query.text(), wanted,
                       "application/apply-patch+yaml"),
               Retries::Allowed);
}

Task<json::value> Client::json_patch(Resource const& resource, ObjectRef const& object,
                                     json::array steps, std::string const& subresource) {
  auto const target = path(resource, object, subresource) + written_by(field_manager_).text();
  return write(activity("patching", resource, object, subresource),
               request("PATCH", target, std::move(steps), "application/json-patch+json"),
               Retries::Allowed);
}

Task<json::value> Client::merge_patch(Resource const& resource, ObjectRef const& object,
                                      json::value const& changes, std::string const& subresource) {
  auto const target = path(resource, object, subresource) + written_by(field_manager_).text();
  return write(activity("patching", resource, object, subresource),
               request("PATCH", target, changes, "application/merge-patch+json"), Retries::Allowed);
}

Task<> Client::remove(Resource resource, ObjectRef object, Precondition precondition,
                      Propagation propagation) {
  auto options = delete_options(precondition);
  options["propagationPolicy"] = name_of(propagation);
  CO_TRY(co_await write(activity("deleting", resource, object),
                        request("DELETE", path(resource, object), std::move(options)),
                        Retries::Allowed));
  co_return ok;
}

Task<> Client::evict(ObjectRef pod, Precondition precondition) {
  json::object const eviction{{"apiVersion", "policy/v1"},
                              {"kind", "Eviction"},
                              {"metadata", {{"name", pod.name}, {"namespace", pod.namespace_name}}},
                              {"deleteOptions", delete_options(precondition)}};
  CO_TRY(co_await write(activity("evicting", kinds::pod, pod),
                        request("POST", path(kinds::pod, pod, "eviction"), eviction),
                        Retries::None));
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
