#include "common/kube/credentials.hpp"

#include "common/base64.hpp"
#include "common/kube/exec_credentials.hpp"
#include "common/kube/token_file.hpp"

#include <utility>

namespace kube {
namespace {

/// Never changes.
class FixedCredentials final : public Credentials {
 public:
  explicit FixedCredentials(std::optional<Secret> authorization) {
    credential_.authorization = std::move(authorization);
  }
  Task<Credential> current() override { co_return credential_; }
  Task<bool> refused(std::uint64_t) override { co_return false; }

 private:
  Credential credential_;
};

/// RFC 7617.
Secret basic(BasicAccount const& account) {
  auto text = account.user + ":";
  text += account.password.reveal();
  Secret const both{std::move(text)};
  return Secret{"Basic " + base64::encoded(both.reveal())};
}

struct Maker {
  Clock& clock;
  Environment const& environment;

  using Made = std::unique_ptr<Credentials>;
  Made operator()(std::monostate) const { return std::make_unique<FixedCredentials>(std::nullopt); }
  Made operator()(BearerToken const& bearer) const {
    return std::make_unique<FixedCredentials>(bearer_header(bearer.token.reveal()));
  }
  Made operator()(BasicAccount const& account) const {
    return std::make_unique<FixedCredentials>(basic(account));
  }
  Made operator()(TokenFile const& file) const {
    return std::make_unique<TokenFileCredentials>(file, clock);
  }
  Made operator()(ExecPlugin const& plugin) const {
    return std::make_unique<ExecCredentials>(plugin, clock, environment);
  }
};

}  // namespace

std::unique_ptr<Credentials> credentials_for(Login const& login, Clock& clock,
                                             Environment const& environment) {
  return std::visit(Maker{clock, environment}, login);
}

}  // namespace kube
