#include "webhook/judge.hpp"

#include "common/ascii.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace webhook {
namespace {

/// They delete what is deleted with its namespace or owner, and would try for ever.
constexpr auto cleaners = std::to_array<std::string_view>(
    {"system:serviceaccount:kube-system:namespace-controller",
     "system:serviceaccount:kube-system:generic-garbage-collector"});

/// Without the places in lists, at which the same mistake may stand elsewhere than before.
std::string without_indices(std::string_view field) {
  std::string kept;
  while (!field.empty()) {
    auto const start = field.find('[');
    kept += field.substr(0, start);
    if (start == std::string_view::npos) break;
    auto const end = std::min(field.find(']', start), field.size());
    if (!ascii::is_digits(field.substr(start + 1, end - start - 1)))
      kept += field.substr(start, end - start);
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return kept;
}

/// What is as bad as it was before does not count.
void forgive(Findings& found, Findings const& before) {
  std::erase_if(found, [&](Finding const& finding) {
    return std::ranges::any_of(before, [&](Finding const& old) {
      return finding.message == old.message &&
             without_indices(finding.field) == without_indices(old.field);
    });
  });
}

void append(Findings& all, Findings more) {
  for (auto& finding : more) all.push_back(std::move(finding));
}

json::value const* part(json::value const& object, std::string_view key) {
  auto const* const members = object.if_object();
  return members ? members->if_contains(key) : nullptr;
}

bool is_being_deleted(json::value const& object) {
  auto const* const metadata = part(object, "metadata");
  auto const* const time = metadata ? part(*metadata, "deletionTimestamp") : nullptr;
  return time && !time->is_null();
}

bool has_same_spec(Request const& request) {
  auto const* const before = part(request.old_object, "spec");
  auto const* const after = part(request.object, "spec");
  return (!before && !after) || (before && after && *before == *after);
}

bool passes(Request const& request, Rules const& rules) {
  if (!rules.trusted_user.empty() && request.user == rules.trusted_user) return true;
  if (request.operation == Operation::Delete)
    return std::ranges::find(cleaners, request.user) != cleaners.end() ||
           is_being_deleted(request.old_object);
  return is_being_deleted(request.object) ||
         (request.operation == Operation::Update && has_same_spec(request));
}

/// What a policy has to say, once it is known what is judged.
using Ask = std::move_only_function<Findings(Policy const&)>;

/// By what a policy says of objects of one kind, of their changes and of their deletion.
template <class Object>
Ask asking(std::optional<Object> before, std::optional<Object> after,
           Findings (*Policy::*of)(Object const&),
           Findings (*Policy::*of_change)(Object const&, Object const&),
           Findings (*Policy::*of_deletion)(Object const&) = nullptr) {
  return [=, before = std::move(before), after = std::move(after)](Policy const& policy) {
    if (!after) {
      bool const speaks = before && of_deletion && policy.*of_deletion;
      return speaks ? (policy.*of_deletion)(*before) : Findings{};
    }
    auto found = policy.*of ? (policy.*of)(*after) : Findings{};
    if (!found.empty() && before) forgive(found, (policy.*of)(*before));
    if (before && policy.*of_change) append(found, (policy.*of_change)(*before, *after));
    return found;
  };
}

std::int64_t replicas(json::value const& scale) {
  auto const* const spec = part(scale, "spec");
  auto const* const count = spec ? part(*spec, "replicas") : nullptr;
  std::int64_t number = 0;  // as an API server writes it: left out
  if (count)
    (void)mapping::Codec<std::int64_t>::decode(*count, mapping::Path{""}, number).has_value();
  return number;
}

/// What can't be read any more was stored long ago: it is as good as none.
template <class Object>
std::optional<Object> stored(json::value const& object) {
  if (object.is_null()) return std::nullopt;
  auto decoded = mapping::decode<Object>(object);
  if (!decoded) return std::nullopt;
  return *std::move(decoded);
}

template <class Object>
Result<std::optional<Object>> incoming(json::value const& object) {
  if (object.is_null()) return std::nullopt;
  TRY(auto decoded, mapping::decode<Object>(object));
  return std::optional{std::move(decoded)};
}

Result<Ask> asking(Request const& request) {
  if (request.subject == Subject::Scale)
    return Ask{[before = replicas(request.old_object),
                after = replicas(request.object)](Policy const& policy) {
      return policy.of_scale_change ? policy.of_scale_change(before, after) : Findings{};
    }};
  if (request.subject == Subject::Upgrade) {
    TRY(auto after, incoming<crd::ValkeyUpgrade>(request.object));
    return asking(stored<crd::ValkeyUpgrade>(request.old_object), std::move(after),
                  &Policy::of_upgrade, &Policy::of_upgrade_change);
  }
  TRY(auto after, incoming<crd::ValkeyCluster>(request.object));
  return asking(stored<crd::ValkeyCluster>(request.old_object), std::move(after),
                &Policy::of_cluster, &Policy::of_cluster_change, &Policy::of_cluster_deletion);
}

std::string text(Finding const& finding) {
  auto const cause = cause_of(finding);
  return finding.field + ": " + cause.message;
}

std::string name_of(Request const& request) {
  if (!request.name.empty()) return request.name;
  auto const* const metadata = part(request.object, "metadata");
  for (auto const* const key : {"name", "generateName"})
    if (auto const* const found = metadata ? part(*metadata, key) : nullptr)
      if (auto const* const name = found->if_string(); name && !name->empty())
        return std::string{*name};
  return {};
}

/// Invalid, so that kubectl prints a line per field; Forbidden for what no edit of the object in
/// hand would change.
kube::Status denial(Request const& request, Findings const& found) {
  auto const& kind =
      request.subject == Subject::Upgrade ? crd::valkey_upgrade : crd::valkey_cluster;
  bool const is_deletion = request.operation == Operation::Delete;
  std::string all;
  kube::Status status;
  for (auto const& finding : found) {
    all += (all.empty() ? "" : ", ") + text(finding);
    status.details.causes.push_back(cause_of(finding));
  }
  status.code = is_deletion ? 403 : 422;
  status.reason = is_deletion ? "Forbidden" : "Invalid";
  status.details.name = name_of(request);
  status.details.group = kind.group;
  status.details.kind = kind.kind;
  status.message = fmt::format("{}.{} \"{}\" {}: {}", kind.kind, kind.group, status.details.name,
                               is_deletion ? "must not be deleted" : "is invalid",
                               found.size() > 1 ? "[" + all + "]" : all);
  return status;
}

/// What could not be decoded, by its field: "spec.shards: expected …".
Findings undecodable(Error const& error) {
  auto const colon = error.message.find(": ");
  if (colon == std::string::npos) return {{.field = "document", .message = error.message}};
  return {{.field = error.message.substr(0, colon), .message = error.message.substr(colon + 2)}};
}

}  // namespace

kube::StatusCause cause_of(Finding const& finding) {
  switch (finding.reason) {
    case Reason::Invalid:
      return {.reason = "FieldValueInvalid",
              .message = "Invalid value: " + finding.message,
              .field = finding.field};
    case Reason::Forbidden:
      return {.reason = "FieldValueForbidden",
              .message = "Forbidden: " + finding.message,
              .field = finding.field};
    case Reason::Required:
      return {.reason = "FieldValueRequired",
              .message = "Required value: " + finding.message,
              .field = finding.field};
  }
  return {};
}

Judgement judge(Request const& request, Rules const& rules) {
  Judgement judgement;
  if (passes(request, rules)) return judgement;
  auto& verdict = judgement.verdict;
  Findings denied;
  auto ask = asking(request);
  if (!ask) {
    denied = undecodable(ask.error());
  } else {
    for (auto const& policy : all_policies()) {
      auto const mode = rules.modes.of(policy, request.namespace_name);
      if (mode == Mode::Off) continue;
      auto found = (*ask)(policy);
      if (found.empty()) continue;
      judgement.outcomes.push_back({.policy = policy.name, .mode = mode});
      if (mode == Mode::Deny) {
        append(denied, std::move(found));
        continue;
      }
      std::string all;
      for (auto const& finding : found) {
        auto line = finding.field + ": " + finding.message;
        all += (all.empty() ? "" : "; ") + line;
        if (mode == Mode::Warn) verdict.warnings.push_back(std::move(line));
      }
      if (mode == Mode::Audit) verdict.audit_annotations.emplace(policy.name, std::move(all));
    }
  }
  if (denied.empty()) return judgement;
  verdict.is_allowed = false;
  verdict.status = denial(request, denied);
  std::string names;
  for (auto const& outcome : judgement.outcomes)
    if (outcome.mode == Mode::Deny)
      names += (names.empty() ? "" : ",") + std::string{outcome.policy};
  if (!names.empty()) verdict.audit_annotations.emplace("denied-by", std::move(names));
  return judgement;
}

}  // namespace webhook
