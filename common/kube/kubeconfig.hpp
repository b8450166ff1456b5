#pragma once
#include "common/json/mapping.hpp"
#include "common/json/secret.hpp"
#include "common/result.hpp"
#include "common/secret.hpp"

#include <boost/describe/class.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The file that kubectl reads, as it is written (client-go tools/clientcmd/api/v1/types.go), and
/// what several of them say together. Nothing here looks at files or judges values.
namespace kube {

struct Extension {
  std::string name;
  json::value extension;
};
BOOST_DESCRIBE_STRUCT(Extension, (), (name, extension))

struct ClusterEntry {
  std::string server;
  std::string tls_server_name;
  bool insecure_skip_tls_verify = false;
  std::string certificate_authority;
  std::string certificate_authority_data;
  std::string proxy_url;
  bool disable_compression = false;
  std::vector<Extension> extensions;
};
BOOST_DESCRIBE_STRUCT(ClusterEntry, (),
                      (server, tls_server_name, insecure_skip_tls_verify, certificate_authority,
                       certificate_authority_data, proxy_url, disable_compression, extensions))

struct ExecVariable {
  std::string name;
  std::optional<Secret> value;
};
BOOST_DESCRIBE_STRUCT(ExecVariable, (), (name, value))

struct ExecEntry {
  std::string command;
  std::vector<std::string> args;
  std::vector<ExecVariable> env;
  std::string api_version;
  std::string install_hint;
  bool provide_cluster_info = false;
  std::string interactive_mode;
};
BOOST_DESCRIBE_STRUCT(ExecEntry, (),
                      (command, args, env, api_version, install_hint, provide_cluster_info,
                       interactive_mode))

struct UserEntry {
  std::string client_certificate;
  std::string client_certificate_data;
  std::string client_key;
  std::optional<Secret> client_key_data;
  std::optional<Secret> token;
  std::string token_file;
  std::string as;
  std::string as_uid;
  std::vector<std::string> as_groups;
  std::map<std::string, std::vector<std::string>> as_user_extra;
  std::string username;
  std::optional<Secret> password;
  json::value auth_provider;
  std::optional<ExecEntry> exec;
};
BOOST_DESCRIBE_STRUCT(UserEntry, (),
                      (client_certificate, client_certificate_data, client_key, client_key_data,
                       token, token_file, as, as_uid, as_groups, as_user_extra, username, password,
                       auth_provider, exec))

struct ContextEntry {
  std::string cluster;
  std::string user;
  std::string namespace_;
};
BOOST_DESCRIBE_STRUCT(ContextEntry, (), (cluster, user, namespace_))

/// An entry and the file that it is from: its relative paths begin there.
template <class Entry>
struct Located {
  Entry entry;
  std::string file;
};

template <class Entry>
using ByName = std::map<std::string, Located<Entry>, std::less<>>;

/// What one or several files say.
struct Kubeconfig {
  ByName<ClusterEntry> clusters;
  ByName<UserEntry> users;
  ByName<ContextEntry> contexts;
  std::string current_context;
  std::vector<std::string> files;
};

/// Parses one file. An empty one is an empty configuration; a name that stands in a list twice is
/// an error, as for kubectl. Errors begin with "kubeconfig" and the file's name.
Result<Kubeconfig> parse_kubeconfig(std::string_view text, std::string const& file);

/// Adds what `later` says to what came before. Of entries with one name the first wins as a whole,
/// and so does the first current context (client-go ClientConfigLoadingRules.Load).
void merge(Kubeconfig& earlier, Kubeconfig later);

}  // namespace kube

template <>
struct mapping::Keys<kube::ClusterEntry> : mapping::KebabCase {};

template <>
struct mapping::Keys<kube::UserEntry> {
  static std::string of(std::string_view member) {
    return member == "token_file" ? "tokenFile" : KebabCase::of(member);
  }
};
