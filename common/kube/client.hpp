#pragma once
#include "common/json/json.hpp"
#include "common/kube/list_decoder.hpp"
#include "common/kube/object.hpp"
#include "common/kube/session.hpp"

#include <functional>
#include <optional>
#include <string>

namespace kube {

/// Which objects of a kind; all where nothing is said.
struct Selection {
  std::string namespace_name;
  std::string labels;  ///< a label selector: "app=valkey,!canary"
  std::string fields;  ///< a field selector: "metadata.name=cache"
  bool operator==(Selection const&) const = default;
};

/// One page of a list.
struct Page {
  std::size_t limit = 0;         ///< of objects; 0 for all
  std::string continue_token;    ///< where the page before ended
  std::string resource_version;  ///< at least as new as this; empty for the newest there is
};

/// What has to be true of an object for it to be deleted.
struct Precondition {
  std::string uid;
  std::string resource_version;
};

/// What becomes of fields that we apply and that somebody else has set to something else.
enum class Contested { Taken, Left };

enum class Propagation { Background, Foreground, Orphan };

/// How a watch begins (API concepts, "Efficient detection of changes").
struct WatchFrom {
  std::string resource_version;
  bool list_first = false;  ///< streams what there is before what changes
  std::chrono::seconds timeout{300};
  Limit head{std::chrono::minutes{3}};  ///< a proxy may hold it back until there is an event
};

/// What an operator asks of an API server. What the server refuses is an Error of the class that
/// its Status says, and says what was being attempted.
class Client {
 public:
  /// Writes are made in the name of `field_manager`.
  Client(Session& session, std::string field_manager);

  /// The gate is asked right before each write is sent, and each time that it is sent again.
  void guard_writes(net::Gate gate) { gate_ = std::move(gate); }

  Task<json::value> get(Resource const& resource, ObjectRef const& object,
                        std::string const& subresource = "");

  /// Hands out the objects of one page, each valid only during the call.
  Task<ListMetadata> list(Resource resource, Selection selection, Page page,
                          ElementParser::Sink sink);

  /// Conflict when there is one of that name.
  Task<json::value> create(Resource const& resource, ObjectRef const& object,
                           json::value const& whole);

  /// Replaces all of an object; Conflict when its resourceVersion is not the newest.
  Task<json::value> replace(Resource const& resource, ObjectRef const& object,
                            json::value const& whole);

  /// Server-side apply: the fields in `wanted` are ours from now on, and those that we had and that
  /// are missing in it are gone. Where contested fields are left to others, nothing is applied if
  /// there are any: Conflict, which names them. Conflict also if `wanted` has a uid and the object
  /// of that name has another.
  Task<json::value> apply(Resource const& resource, ObjectRef const& object,
                          json::value const& wanted, std::string const& subresource = "",
                          Contested contested = Contested::Taken);

  /// RFC 6902. Conflict when a `test` fails: somebody else wrote first.
  Task<json::value> json_patch(Resource const& resource, ObjectRef const& object, json::array steps,
                               std::string const& subresource = "");

  /// RFC 7386. With metadata.resourceVersion in it, Conflict when that is not the newest.
  Task<json::value> merge_patch(Resource const& resource, ObjectRef const& object,
                                json::value const& changes, std::string const& subresource = "");

  /// Conflict when `precondition` is not true; NotFound when there is no such object.
  Task<> remove(Resource resource, ObjectRef object, Precondition precondition,
                Propagation propagation = Propagation::Background);

  /// Deletes a pod unless that would violate a PodDisruptionBudget: then it is Transient.
  Task<> evict(ObjectRef pod, Precondition precondition);

  /// The answer to a watch, whatever its status.
  Task<net::Incoming> watch(Resource const& resource, Selection const& selection,
                            WatchFrom const& from);

 private:
  Task<json::value> write(std::string doing, net::Request request);
  std::string target(Resource const& resource, ObjectRef const& object,
                     std::string_view subresource = "") const;

  Session& session_;
  std::string field_manager_;
  net::Gate gate_;
};

}  // namespace kube
