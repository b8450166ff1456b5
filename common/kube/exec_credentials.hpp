#pragma once
#include "common/kube/credentials.hpp"

#include <list>
#include <string>
#include <string_view>

namespace kube {

/// What a plugin told.
struct PluginAnswer {
  std::optional<Secret> token;
  std::optional<net::Identity> identity;
  std::optional<Clock::WallTime> expires;
};

/// Reads an ExecCredential of the version that the plugin was asked for, which needs a token, or a
/// certificate and its key, or all three. Errors quote nothing of it.
Result<PluginAnswer> parse_exec_credential(std::string_view text, std::string_view api_version);

/// Credentials that a program tells (client-go plugin/pkg/client/auth/exec). It runs once for all
/// who wait, again shortly before what it told expires, and once after that was refused. One that
/// fails is left alone for 2 s, then for longer, up to 30 s; its last error is told meanwhile. What
/// it writes to standard error, which may be secret, goes to ours and into no error.
class ExecCredentials final : public Credentials {
 public:
  ExecCredentials(ExecPlugin plugin, Clock& clock, Environment const& environment);

  Task<Credential> current() override;
  Task<bool> refused(std::uint64_t generation) override;

 private:
  class Run;

  Task<> refresh();
  Task<> next_end();
  Task<PluginAnswer> ask();
  void take(PluginAnswer answer);
  bool expires_within(Clock::WallTime::duration time) const;

  ExecPlugin plugin_;
  Clock& clock_;
  Environment environment_;
  Credential credential_;
  std::optional<Clock::WallTime> expires_;
  std::uint64_t refused_ = 0;  ///< the last generation that was refused and told again

  bool is_running_ = false;
  std::uint64_t runs_ended_ = 0;  ///< by themselves rather than cancelled
  Result<> last_outcome_;
  unsigned failures_ = 0;  ///< in a row
  Clock::Instant rests_until_ = Clock::Instant::min();
  std::list<asio::steady_timer*> waiting_;
};

}  // namespace kube
