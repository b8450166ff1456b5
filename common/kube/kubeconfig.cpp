#include "common/kube/kubeconfig.hpp"

#include "common/yaml.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kube {
namespace {

struct NamedCluster {
  std::string name;
  ClusterEntry cluster;
};
BOOST_DESCRIBE_STRUCT(NamedCluster, (), (name, cluster))

struct NamedUser {
  std::string name;
  UserEntry user;
};
BOOST_DESCRIBE_STRUCT(NamedUser, (), (name, user))

struct NamedContext {
  std::string name;
  ContextEntry context;
};
BOOST_DESCRIBE_STRUCT(NamedContext, (), (name, context))

struct Document {
  std::string kind = "Config";
  std::vector<NamedCluster> clusters;
  std::vector<NamedUser> users;
  std::vector<NamedContext> contexts;
  std::string current_context;
};
BOOST_DESCRIBE_STRUCT(Document, (), (kind, clusters, users, contexts, current_context))

}  // namespace
}  // namespace kube

template <>
struct mapping::Keys<kube::Document> : mapping::KebabCase {};

namespace kube {
namespace {

template <class Named, class Entry>
Result<> index(std::vector<Named>& list, std::string_view list_name, Entry Named::* entry,
               std::string const& file, ByName<Entry>& target) {
  for (auto& named : list) {
    auto const [place, is_new] =
        target.try_emplace(named.name, Located<Entry>{std::move(named.*entry), file});
    if (!is_new)
      return invalid(std::string{list_name} + ": the name \"" + named.name +
                     "\" stands there twice: remove or rename one entry");
  }
  return ok;
}

Result<Kubeconfig> parse(std::string_view text, std::string const& file) {
  TRY(auto const parsed, yaml::parse(text));
  Kubeconfig config;
  config.files = {file};
  if (parsed.is_null()) return config;
  TRY(auto document, mapping::decode<Document>(parsed));
  if (document.kind != "Config")
    return invalid("its kind is not Config: this is no kubeconfig, give the path of one");
  TRY(index(document.clusters, "clusters", &NamedCluster::cluster, file, config.clusters));
  TRY(index(document.users, "users", &NamedUser::user, file, config.users));
  TRY(index(document.contexts, "contexts", &NamedContext::context, file, config.contexts));
  config.current_context = std::move(document.current_context);
  return config;
}

}  // namespace

Result<Kubeconfig> parse_kubeconfig(std::string_view text, std::string const& file) {
  auto parsed = parse(text, file);
  if (!parsed) return Failure{std::move(parsed).error().during("kubeconfig " + file)};
  return parsed;
}

void merge(Kubeconfig& earlier, Kubeconfig later) {
  earlier.clusters.merge(later.clusters);
  earlier.users.merge(later.users);
  earlier.contexts.merge(later.contexts);
  std::ranges::move(later.files, std::back_inserter(earlier.files));
  if (earlier.current_context.empty()) earlier.current_context = std::move(later.current_context);
}

}  // namespace kube
