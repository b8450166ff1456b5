#pragma once
#include "common/async/clock.hpp"
#include "common/file.hpp"
#include "webhook/judge.hpp"

#include <atomic>
#include <memory>

namespace webhook {

/// The rules of now, which any thread may ask for. They change with the modes file.
class LiveRules {
 public:
  /// Invalid or NotFound when the file can't be used; without one each policy is as it usually is.
  static Result<std::unique_ptr<LiveRules>> create(std::string modes_file,
                                                   std::string trusted_user);

  std::shared_ptr<Rules const> current() const { return current_.load(); }

  /// Looks whether the file has changed. While what it says can't be used, the last good rules
  /// stay.
  void look();

  /// Does so every two seconds.
  Task<> follow(Clock& clock);

 private:
  LiveRules(std::string modes_file, std::string trusted_user)
      : file_{std::move(modes_file)}, trusted_user_{std::move(trusted_user)} {}
  Result<> load();

  std::string file_;
  std::string trusted_user_;
  FileStamp tried_;  ///< the file when it was last read
  std::atomic<std::shared_ptr<Rules const>> current_;
};

}  // namespace webhook
