#include "common/kube/exec_credentials.hpp"

#include "common/ascii.hpp"
#include "common/async/backoff.hpp"
#include "common/async/subprocess.hpp"
#include "common/async/within.hpp"
#include "common/json/mapping.hpp"
#include "common/json/secret.hpp"
#include "common/kube/timestamp.hpp"
#include "common/kube/token_file.hpp"
#include "common/utf8.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/describe/class.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace kube {
namespace {

constexpr std::chrono::seconds leeway{10};
constexpr std::chrono::seconds patience{60};
constexpr Backoff between_failures{.first = std::chrono::seconds{2},
                                   .most = std::chrono::seconds{30}};

struct ExecStatus {
  std::string expiration_timestamp;
  std::optional<Secret> token;
  std::optional<Secret> client_certificate_data;
  std::optional<Secret> client_key_data;
};
BOOST_DESCRIBE_STRUCT(ExecStatus, (),
                      (expiration_timestamp, token, client_certificate_data, client_key_data))

struct ExecCredential {
  std::string kind;
  std::string api_version;
  std::optional<ExecStatus> status;
};
BOOST_DESCRIBE_STRUCT(ExecCredential, (), (kind, api_version, status))

/// A text for people, without what would move the cursor.
std::string readable(std::string_view text) {
  auto clean = utf8::repaired(text);
  while (clean.ends_with('\n')) clean.pop_back();
  for (char& byte : clean)
    if (static_cast<unsigned char>(byte) < 0x20 && byte != '\n' && byte != '\t') byte = '?';
  return clean;
}

bool same(std::optional<net::Identity> const& one, std::optional<net::Identity> const& other) {
  if (!one || !other) return one.has_value() == other.has_value();
  return one->certificates == other->certificates && one->key == other->key;
}

}  // namespace

Result<PluginAnswer> parse_exec_credential(std::string_view text, std::string_view api_version) {
  boost::system::error_code failure;
  auto const document = json::parse(text, failure);
  if (failure) return permanent("it did not write JSON");
  TRY(auto told, mapping::decode<ExecCredential>(document));
  if (told.kind != "ExecCredential" || told.api_version != api_version)
    return permanent("it did not write an ExecCredential of " + std::string{api_version});
  if (!told.status) return permanent("it wrote no status");
  auto& [expiration, token, certificate, key] = *told.status;
  if (certificate.has_value() != key.has_value())
    return permanent("it wrote a certificate or a key, but not both");
  if (!token && !certificate) return permanent("it wrote neither a token nor a certificate");
  if (token && !ascii::is_visible(token->reveal()))
    return permanent("it wrote a token that is not one word");
  PluginAnswer answer;
  answer.token = std::move(token);
  if (certificate && key) answer.identity = net::Identity{*std::move(certificate), *std::move(key)};
  if (!expiration.empty()) {
    auto const moment = parse_timestamp(expiration);
    if (!moment) return permanent("its expirationTimestamp is not a time of RFC 3339");
    answer.expires = *moment;
  }
  return answer;
}

/// Marks that the plugin runs; the end wakes those who wait for it.
class ExecCredentials::Run {
 public:
  explicit Run(ExecCredentials& credentials) : credentials_{credentials} {
    credentials_.is_running_ = true;
  }
  Run(Run const&) = delete;
  Run& operator=(Run const&) = delete;
  ~Run() {
    credentials_.is_running_ = false;
    for (auto* const timer : credentials_.waiting_) timer->cancel();
  }

 private:
  ExecCredentials& credentials_;
};

ExecCredentials::ExecCredentials(ExecPlugin plugin, Clock& clock, Environment const& environment)
    : plugin_{std::move(plugin)}, clock_{clock}, environment_{environment} {
  json::object spec{{"interactive", false}};
  if (plugin_.cluster) spec["cluster"] = *plugin_.cluster;
  for (auto const& [name, value] : plugin_.variables) environment_[name] = value;
  environment_["KUBERNETES_EXEC_INFO"] = json::serialize(json::object{
      {"kind", "ExecCredential"}, {"apiVersion", plugin_.api_version}, {"spec", std::move(spec)}});
}

bool ExecCredentials::expires_within(Clock::WallTime::duration time) const {
  return expires_ && clock_.wall_time() + time >= *expires_;
}

Task<Credential> ExecCredentials::current() {
  bool const is_known = credential_.generation > 0;
  if (!is_known || expires_within(leeway)) {
    auto const outcome = co_await refresh();
    bool const is_usable = is_known && !expires_within({});
    if (!outcome && !is_usable) co_return Failure{outcome.error()};
  }
  co_return credential_;
}

Task<bool> ExecCredentials::refused(std::uint64_t generation) {
  if (generation != credential_.generation) co_return true;
  if (generation == refused_) co_return false;
  CO_TRY(co_await refresh());
  refused_ = generation;
  co_return generation != credential_.generation;
}

/// Waits until the plugin ended.
Task<> ExecCredentials::next_end() {
  asio::steady_timer timer{co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max()};
  struct Place {
    std::list<asio::steady_timer*>& list;
    std::list<asio::steady_timer*>::iterator at;
    explicit Place(std::list<asio::steady_timer*>& waiting, asio::steady_timer& who)
        : list{waiting}, at{waiting.insert(waiting.end(), &who)} {}
    Place(Place const&) = delete;
    Place& operator=(Place const&) = delete;
    ~Place() { list.erase(at); }
  } const place{waiting_, timer};
  boost::system::error_code woken;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  auto const state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return cancelled();
  co_return ok;
}

/// Asks the plugin, or waits for whoever does; if that one is cancelled the next one asks. One that
/// failed a moment ago is not asked: what it failed of is told again.
Task<> ExecCredentials::refresh() {
  while (is_running_) {
    auto const before = runs_ended_;
    CO_TRY(co_await next_end());
    if (runs_ended_ != before) co_return last_outcome_;
  }
  if (clock_.now() < rests_until_) co_return last_outcome_;
  Run const run{*this};
  auto answer = co_await within(clock_, patience, ask());
  if (!answer && answer.error().fault == Fault::Cancelled) co_return cancelled();
  ++runs_ended_;
  if (answer) {
    take(*std::move(answer));
    failures_ = 0;
    last_outcome_ = ok;
  } else {
    rests_until_ = later(clock_.now(), between_failures.delay(failures_++, 0));
    last_outcome_ = Failure{std::move(answer).error().during(plugin_.origin)};
  }
  co_return last_outcome_;
}

Task<PluginAnswer> ExecCredentials::ask() {
  auto program = find_program(plugin_.command, environment_);
  if (!program) {
    auto const hint = plugin_.install_hint.empty() ? "install it, or mend the path"
                                                   : readable(plugin_.install_hint);
    co_return permanent(program.error().message + ": " + hint);
  }
  auto ended = co_await run_command({*std::move(program), plugin_.arguments, environment_});
  if (!ended) co_return Failure{std::move(ended).error().during(plugin_.command)};
  Secret const output{std::move(ended->output)};
  if (ended->status != 0)
    co_return transient(plugin_.command + ": exited with status " + std::to_string(ended->status) +
                        ": standard error may say why");
  auto answer = parse_exec_credential(output.reveal(), plugin_.api_version);
  if (!answer) co_return Failure{std::move(answer).error().during(plugin_.command)};
  co_return answer;
}

void ExecCredentials::take(PluginAnswer answer) {
  std::optional<Secret> header;
  if (answer.token) header = bearer_header(answer.token->reveal());
  bool const is_new_identity = !same(answer.identity, credential_.identity);
  bool const is_first = credential_.generation == 0;
  if (is_first || is_new_identity || header != credential_.authorization) ++credential_.generation;
  if (is_new_identity) ++credential_.identity_generation;
  credential_.authorization = std::move(header);
  credential_.identity = std::move(answer.identity);
  expires_ = answer.expires;
}

}  // namespace kube
