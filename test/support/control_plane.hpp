#pragma once
#include "test/support/api_server.hpp"
#include "test/support/process.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The etcd and kube-apiserver that this program runs beside: what `local-cluster exec` gives it.
/// What a test breaks is mended when its ControlPlane ends.
class ControlPlane {
 public:
  enum class Component { Etcd, KubeApiServer };

  static bool is_here();

  ControlPlane();
  ControlPlane(ControlPlane const&) = delete;
  ControlPlane& operator=(ControlPlane const&) = delete;
  ~ControlPlane();

  /// As its administrator reaches it.
  ApiServer const& api_server() const { return api_server_; }
  static std::string kubeconfig();

  /// What kubectl printed, which has to succeed.
  static std::string kubectl(std::vector<std::string> arguments, std::string_view input = {});
  static Ended try_kubectl(std::vector<std::string> arguments, std::string_view input = {});

  /// Empty if nobody does.
  static std::string lease_holder(std::string const& space, std::string const& name);

  /// How often clients whose user agent begins like this have asked for what, as the API server's
  /// audit log says: {"watch pods", 1}, {"patch leases.coordination.k8s.io", 7}.
  static std::map<std::string, int> requests(std::string const& user_agent);

  void stop(Component component);
  void kill(Component component);
  void pause(Component component);

  /// On return it works.
  void start(Component component);
  static void restart(Component component);

  /// Makes etcd forget every revision but the last. Lists and watches of the past still come out
  /// of the API server's cache, until that is restarted.
  static void compact();

  /// Restarts the API server with a certificate by the other of the authorities that
  /// api_server().authority holds.
  static void rotate_authority();

  /// The two, each alone. At first the API server's certificate is by the first.
  static std::string first_authority();
  static std::string next_authority();

 private:
  ApiServer api_server_;
  std::set<Component> broken_;
};

/// A namespace that is there as long as the object. No controller empties it: what is made in it
/// stays, but nothing new can be made.
class Namespace {
 public:
  Namespace();
  Namespace(Namespace const&) = delete;
  Namespace& operator=(Namespace const&) = delete;
  ~Namespace();

  std::string const& name() const { return name_; }

 private:
  std::string name_;
};
