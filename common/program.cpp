#include "common/program.hpp"

#include "common/logging.hpp"
#include "common/version.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <fmt/ranges.h>
#include <memory>
#include <optional>
#include <unistd.h>
#include <vector>

namespace {

/// Whoever reads what this process writes may go away without taking it along.
void survive_closed_pipes() { (void)std::signal(SIGPIPE, SIG_IGN); }

/// Otherwise the next socket would become standard error, and a peer would be sent the log.
void open_standard_streams() {
  for (int const stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0) (void)open("/dev/null", O_RDWR);  // takes the least free number
}

/// Says the same whichever version of CLI11 there is; its own wording has changed several times.
class Help : public CLI::FormatterBase {
 public:
  std::string make_help(CLI::App const* flags, std::string name,
                        CLI::AppFormatMode) const override {
    auto text =
        fmt::format("{}\n\nUsage: {} [OPTIONS]\n\nOptions:\n", flags->get_description(), name);
    for (auto const* const option : flags->get_options()) {
      auto const value = option->get_type_name();
      text += fmt::format("  {}{}{}\n      {}\n", option->get_name(false, true),
                          value.empty() ? "" : " ", value, option->get_description());
    }
    return text;
  }
};

Result<> take_log_level(std::string const& wanted) {
  auto const level = logging::level_named(wanted);
  if (!level) return invalid("must be debug, info, warning or error");
  logging::set_level(*level);
  return ok;
}

/// What CLI11 asks of a check: why not, or nothing.
std::string complaint(Flag::Take const& take, std::string const& given) {
  auto const taken = take(given);
  return taken ? std::string{} : taken.error().message;
}

void add(CLI::App& flags, Flag const& flag) {
  auto const when_left_out = [take = flag.target](std::string const& given) {
    if (given.empty()) (void)take("true");
  };
  auto* const option =
      flags.add_option_function<std::string>(flag.name, when_left_out, flag.meaning)
          ->check([take = flag.target](std::string const& given) { return complaint(take, given); })
          ->type_name(flag.value)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  if (flag.value.empty()) option->expected(0, 1);
}

int refuse(CLI::App const& flags, std::string_view mistake) {
  auto const text = fmt::format("{}: {}\n`{} --help` lists all flags.\n", flags.get_name(), mistake,
                                flags.get_name());
  (void)std::fputs(text.c_str(), stderr);  // fmt::print would throw when nobody can read it
  return 2;
}

/// The exit status when the flags leave nothing to do.
std::optional<int> parse(CLI::App& flags, std::span<char const* const> arguments) {
  for (std::string_view const argument : arguments)  // CLI11 would take the next one as its value
    if (argument.starts_with("--") && argument.ends_with('='))
      return refuse(flags, fmt::format("{} needs a value", argument));
  try {
    flags.parse(static_cast<int>(arguments.size()), arguments.data());
    return std::nullopt;
  } catch (CLI::Success const& asked_for_text) {
    return flags.exit(asked_for_text);
  } catch (CLI::ExtrasError const&) {
    return refuse(flags, fmt::format("no such flag: {}", fmt::join(flags.remaining(), " ")));
  } catch (CLI::ParseError const& mistake) {
    return refuse(flags, mistake.what());
  }
}

int finish(Result<> const& outcome) {
  if (outcome || outcome.error().fault == Fault::Cancelled) {
    logging::info("stopped");
    return 0;
  }
  logging::error("failed", {{"message", outcome.error().message}});
  return 1;
}

Result<> run_to_end(Program const& program) {
  asio::io_context loop{1};
  Result<> outcome = permanent("the work was abandoned");
  asio::co_spawn(loop, guarded(program.work()),
                 [&](std::exception_ptr const& escaped, Result<> ended) {
                   outcome = outcome_of(escaped, std::move(ended));
                 });
  // Said by the loop once the work waits, so that whoever reads it may send a signal.
  asio::post(loop, [&] {
    logging::info(
        "started",
        {{"program", program.name}, {"version", version::number}, {"commit", version::commit}});
  });
  loop.run();
  return outcome;
}

}  // namespace

int Program::run(std::span<char const* const> arguments) const noexcept {
  try {
    survive_closed_pipes();
    open_standard_streams();
    CLI::App parser{std::string{purpose}, std::string{name}};
    parser.formatter(std::make_shared<Help>());
    parser.set_help_flag("-h,--help", "Print this help");
    parser.set_version_flag("--version", version::line(name), "Print the version");
    add(parser, {.name = "--log-level",
                 .value = "LEVEL",
                 .meaning = "The least level that is logged: debug, info (the default), warning or "
                            "error",
                 .target = take_log_level});
    for (auto const& flag : flags) add(parser, flag);
    if (auto const status = parse(parser, arguments)) return *status;
    return finish(run_to_end(*this));
  } catch (std::exception const& unexpected) {
    return finish(permanent(std::string{"unexpected exception: "} + unexpected.what()));
  }
}
