#include "common/async/subprocess.hpp"

#include "common/async/shielded.hpp"
#include "common/async/task_group.hpp"
#include "common/open_file.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace {

using Descriptor = asio::posix::stream_descriptor;

Failure complaint(std::string const& what, int code) {
  auto const fault = code == ENOENT ? Fault::NotFound : Fault::Transient;
  return Failure{Error{fault, what + ": " + std::generic_category().message(code)}};
}

struct Pipe {
  OpenFile reading;
  OpenFile writing;
};

Result<Pipe> open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return complaint("opening a pipe", errno);
  return Pipe{OpenFile{ends[0]}, OpenFile{ends[1]}};
}

/// How a program is started: reading nothing, writing to us, leading a process group of its own,
/// and with none of our files but standard error, and none of our signals or masks.
class Setup {
 public:
  explicit Setup(int output) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none{};
    sigset_t all{};
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Setup(Setup const&) = delete;
  Setup& operator=(Setup const&) = delete;
  ~Setup() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  posix_spawn_file_actions_t const* files() const { return &files_; }
  posix_spawnattr_t const* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

/// What exec() wants: pointers to texts, and a null at the end.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

Result<pid_t> start(Command const& command, int output) {
  std::vector<std::string> arguments{command.program};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> variables;
  for (auto const& [name, value] : command.environment)
    variables.emplace_back(name).append("=").append(value);
  Setup const setup{output};
  pid_t id = 0;
  auto const failure =
      ::posix_spawn(&id, command.program.c_str(), setup.files(), setup.attributes(),
                    pointers(arguments).data(), pointers(variables).data());
  if (failure != 0) return complaint(command.program, failure);
  return id;
}

/// A running program. It is killed unless it was seen to end.
class Child {
 public:
  Child(pid_t id, OpenFile exit, OpenFile output, asio::any_io_executor const& executor)
      : id_{id}, exit_{executor, exit.take()}, output{executor, output.take()} {}
  Child(Child const&) = delete;
  Child& operator=(Child const&) = delete;
  ~Child() {
    if (id_ <= 0) return;
    kill();
    ::waitpid(id_, nullptr, WNOHANG);
  }

  /// Until it ends its number is its own, and that of its group even longer.
  void kill() const { ::kill(-id_, SIGKILL); }

  Task<> exited() {
    boost::system::error_code failure;
    co_await exit_.async_wait(Descriptor::wait_read,
                              asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return Failure{from(failure)};
    co_return ok;
  }

  /// Its status, once exited() ended.
  Result<int> reap() {
    int status = 0;
    auto const ended = ::waitpid(std::exchange(id_, -1), &status, WNOHANG);
    if (ended <= 0) return transient("somebody else waited for the program");
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t id_;
  Descriptor exit_;

 public:
  Descriptor output;
};

Result<std::unique_ptr<Child>> start(Command const& command,
                                     asio::any_io_executor const& executor) {
  TRY(auto output, open_pipe());
  TRY(auto const id, start(command, output.writing.get()));
  // glibc 2.36 declares pidfd_open() as if it were C++.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  OpenFile exit{static_cast<int>(::syscall(SYS_pidfd_open, id, 0))};
  if (exit.get() < 0) {
    auto failure = complaint("watching " + command.program, errno);
    ::kill(-id, SIGKILL);
    ::waitpid(id, nullptr, 0);
    return failure;
  }
  return std::make_unique<Child>(id, std::move(exit), std::move(output.reading), executor);
}

/// Reads to the end.
Task<> read_all(Descriptor& source, std::string& text) {
  std::array<char, 4096> buffer{};
  while (true) {
    boost::system::error_code failure;
    auto const length = co_await source.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failure));
    if (failure == asio::error::eof) break;
    if (failure) co_return Failure{from(failure)};
    text.append(buffer.data(), length);
    if (text.size() > most_output)
      co_return invalid("the program wrote more than " + std::to_string(most_output) + " bytes");
  }
  co_return ok;
}

}  // namespace

Task<Finished> run_command(Command command) {
  CO_TRY(auto const child, start(command, co_await asio::this_coro::executor));
  Finished finished;
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);  // the end has to be awaited in any case
  auto const outcome = co_await together([&](TaskGroup& group) {
    group.spawn(read_all(child->output, finished.output));
    group.spawn(child->exited());
  });
  child->kill();
  bool is_cancelled = false;
  auto const end = co_await shielded(child->exited(), is_cancelled);
  auto const status = child->reap();
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (is_cancelled) co_return cancelled();
  CO_TRY(outcome);
  CO_TRY(end);
  CO_TRY(finished.status, status);
  co_return finished;
}

Result<std::string> find_program(std::string_view name, Environment const& environment) {
  auto const is_runnable = [](std::string const& path) {
    return ::access(path.c_str(), X_OK) == 0;
  };
  if (name.contains('/')) {
    std::string path{name};
    if (!is_runnable(path)) return complaint(path, errno);
    return path;
  }
  auto folders = value_of("PATH", environment);
  while (!folders.empty() && !name.empty()) {
    auto const end = std::min(folders.find(':'), folders.size());
    auto path = std::string{folders.substr(0, end)} + "/" + std::string{name};
    if (path.starts_with('/') && is_runnable(path)) return path;
    folders.remove_prefix(std::min(end + 1, folders.size()));
  }
  return not_found(std::string{name} + ": no such program in PATH");
}
