#include "test/support/faults/rewind.hpp"

#include "common/json/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace faults {
namespace {

Request with_query(Request request, Call const& call, std::string const& query) {
  request.target(call.path + "?" + query);
  request.erase(http::field::accept_encoding);
  return request;
}

std::string line(std::string_view type, json::value object) {
  return json::serialize(json::object{{"type", type}, {"object", std::move(object)}}) + "\n";
}

}  // namespace

Request list_at(Request request, Call const& call, std::string const& resource_version) {
  auto const kept = without(call.query, {"resourceVersion", "resourceVersionMatch", "watch",
                                         "allowWatchBookmarks", "sendInitialEvents"});
  return with_query(std::move(request), call,
                    kept + "&resourceVersionMatch=Exact&resourceVersion=" + resource_version);
}

Request watch_from(Request request, Call const& call, std::string const& resource_version) {
  auto const kept =
      without(call.query, {"resourceVersion", "resourceVersionMatch", "sendInitialEvents"});
  return with_query(std::move(request), call, kept + "&resourceVersion=" + resource_version);
}

std::string initial_events_of(Response const& list) {
  if (list.result() != http::status::ok) return {};
  auto const document = json::parse(list.body());
  auto const& list_kind = document.at("kind").as_string();
  json::string const kind{list_kind.begin(), list_kind.end() - std::string_view{"List"}.size()};
  auto const& version = document.at("apiVersion");
  std::string events;
  for (auto const& item : document.at("items").as_array()) {
    auto object = item.as_object();
    object["kind"] = kind;
    object["apiVersion"] = version;
    events += line("ADDED", std::move(object));
  }
  json::object const metadata{{"resourceVersion", document.at("metadata").at("resourceVersion")},
                              {"annotations", json::object{{"k8s.io/initial-events-end", "true"}}}};
  json::object bookmark{{"kind", kind}, {"apiVersion", version}, {"metadata", metadata}};
  return events + line("BOOKMARK", std::move(bookmark));
}

}  // namespace faults
