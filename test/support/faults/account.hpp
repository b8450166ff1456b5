#pragma once
#include "test/support/control_plane.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace faults {

class Wire;

/// A service account that at first may do nothing; each change is in force when the call returns.
class Account {
 public:
  Account(ControlPlane const& control_plane, Namespace const& space, std::string name);
  Account(Account const&) = delete;
  Account& operator=(Account const&) = delete;
  ~Account();

  /// A token, good for ten minutes unless it is revoked.
  std::string const& token() const { return token_; }

  /// The API server takes the token no more. Takes up to ten seconds where it was used before.
  void revoke_token() const;

  /// Within the namespace; verbs are separated by commas.
  void grant(std::string const& verbs, std::string const& resource);
  void revoke_rights() const;

  /// Every request is answered with 429, for up to a minute: API priority and fairness have one
  /// seat for the account, and it is taken.
  void throttle();
  void unthrottle();

 private:
  bool may() const;
  ApiServer server() const;
  void take_seat();
  bool is_answered_with(std::string_view status) const;

  ControlPlane const& control_plane_;
  std::string space_;
  std::string name_;
  std::string token_;
  std::string verb_;
  std::string resource_;
  std::unique_ptr<Wire> seat_;
};

}  // namespace faults
