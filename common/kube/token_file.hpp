#pragma once
#include "common/file.hpp"
#include "common/kube/credentials.hpp"

#include <string_view>

namespace kube {

/// "Bearer …" (RFC 6750).
Secret bearer_header(std::string_view token);

/// A token that somebody replaces, as the kubelet does long before it expires. It is read again
/// when its file changes, at the latest after 60 s (client-go transport/token_source.go), and once
/// it was refused. While it can't be read the last one stays.
class TokenFileCredentials final : public Credentials {
 public:
  TokenFileCredentials(TokenFile file, Clock& clock);

  Task<Credential> current() override;
  Task<bool> refused(std::uint64_t generation) override;

 private:
  Result<> look();
  Result<Secret> read();
  void take(std::string_view token);

  TokenFile file_;
  Clock& clock_;
  FileStamp stamp_;
  Clock::Instant read_at_ = Clock::Instant::min();
  Credential credential_;
  bool complained_ = false;
  std::uint64_t tried_again_ = 0;  ///< the generation that was given a second chance
};

}  // namespace kube
