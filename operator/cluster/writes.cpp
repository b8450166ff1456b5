#include "operator/cluster/writes.hpp"

#include "common/async/task_group.hpp"

#include <iterator>

namespace cluster {
namespace {

using kube::Contested;

/// Such an object, or even its kind: that answer names no object.
bool is_missing(Error const& why) {
  return why.fault == Fault::NotFound || why.fault == Fault::Permanent;
}

/// Who has to act on it: a conflict is over when the next pass looks again.
void note_failure(Error why, Written& made) {
  bool const is_for_people = why.fault == Fault::Invalid || why.fault == Fault::Permanent;
  if (is_for_people)
    made.problems.push_back({Trouble::ObjectRefused, std::move(why.message)});
  else
    made.failures.push_back(std::move(why));
}

/// Whoever has another uid by now is not meant.
json::object about(json::object whole, std::string const& uid) {
  auto* const metadata = whole.if_contains("metadata");
  auto* const members = metadata ? metadata->if_object() : nullptr;
  if (members && !uid.empty()) (*members)["uid"] = uid;
  return whole;
}

Task<> apply(Apply wanted, Writer const& writer, Written& made) {
  bool const exists = !wanted.uid.empty();
  auto digest = digest_of(wanted.whole);
  auto answer = co_await writer.client.apply(wanted.kind, wanted.ref,
                                             about(std::move(wanted.whole), wanted.uid), "",
                                             exists ? Contested::Taken : Contested::Left);
  if (answer) {
    writer.wrote(wanted.kind.plural, version_of(*answer));
    ++made.changes;
    made.applied.insert_or_assign(
        ChildKey{wanted.kind.plural, wanted.ref.name},
        Written::Object{.digest = std::move(digest), .object = *std::move(answer)});
    co_return ok;
  }
  auto why = std::move(answer).error();
  if (why.fault == Fault::Cancelled) co_return Failure{std::move(why)};
  if (wanted.kind == kube::kinds::certificate && is_missing(why))
    made.problems.push_back(
        {Trouble::CertificateMissing, why.message + ": is cert-manager installed?"});
  else if (!exists && why.fault == Fault::Conflict)
    made.problems.push_back({Trouble::ObjectInTheWay, why.message});
  else
    note_failure(std::move(why), made);
  co_return ok;
}

Task<> noted(Task<> change, Written& made) {
  auto done = co_await std::move(change);
  if (done) {
    ++made.changes;
    co_return ok;
  }
  auto why = std::move(done).error();
  if (why.fault == Fault::Cancelled) co_return Failure{std::move(why)};
  if (why.fault != Fault::NotFound) note_failure(std::move(why), made);
  co_return ok;
}

Task<> change(Patch wanted, Writer const& writer) {
  CO_TRY(auto const changed,
         co_await writer.client.merge_patch(wanted.kind, wanted.ref, std::move(wanted.changes)));
  writer.wrote(wanted.kind.plural, version_of(changed));
  co_return ok;
}

Task<> fetch(kube::ObjectRef secret, kube::Client& client, SecretObjects& found) {
  auto const object = co_await client.get(kube::kinds::secret, secret);
  if (!object && object.error().fault == Fault::NotFound) co_return ok;
  CO_TRY(object);
  CO_TRY(auto known, read_secret(*object));
  found.emplace(secret.name, std::move(known));
  co_return ok;
}

}  // namespace

std::string version_of(json::value const& object) {
  auto const* const whole = object.if_object();
  auto const* const metadata = whole ? whole->if_contains("metadata") : nullptr;
  if (!metadata) return "";
  auto const known = mapping::decode<kube::Metadata>(*metadata);
  return known ? known->resource_version : "";
}

Task<Written> apply_all(std::vector<Apply> objects, Writer const& writer) {
  Written made;
  CO_TRY(co_await together([&](TaskGroup& group) {
    for (auto& one : objects) group.spawn(apply(std::move(one), writer, made));
  }));
  co_return made;
}

Task<Written> change_all(std::vector<Remove> removals, std::vector<Patch> patches,
                         Writer const& writer) {
  Written made;
  CO_TRY(co_await together([&](TaskGroup& group) {
    for (auto& [kind, ref, uid] : removals)
      group.spawn(noted(
          writer.client.remove(kind, std::move(ref), {.uid = uid, .resource_version = {}}), made));
    for (auto& patch : patches) group.spawn(noted(change(std::move(patch), writer), made));
  }));
  co_return made;
}

Task<SecretObjects> fetch_secrets(std::string namespace_name, std::vector<std::string> names,
                                  kube::Client& client) {
  SecretObjects found;
  CO_TRY(co_await together([&](TaskGroup& group) {
    for (auto& name : names) group.spawn(fetch({namespace_name, std::move(name)}, client, found));
  }));
  co_return found;
}

Task<std::optional<CertificateObject>> fetch_certificate(kube::ObjectRef certificate,
                                                         kube::Client& client) {
  auto const object = co_await client.get(kube::kinds::certificate, certificate);
  if (!object && is_missing(object.error())) co_return std::nullopt;
  CO_TRY(object);
  CO_TRY(auto known, mapping::decode<CertificateObject>(*object));
  co_return known;
}

}  // namespace cluster
