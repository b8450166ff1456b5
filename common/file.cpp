#include "common/file.hpp"

#include "common/open_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace {

constexpr int patience = 10'000;  // milliseconds

Fault fault_of(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return Fault::NotFound;
    case EACCES:
    case EPERM:
    case ELOOP:
    case ENAMETOOLONG:
      return Fault::Permanent;
    default:
      return Fault::Transient;
  }
}

/// What the last system call, which was about `path`, complained of.
Failure complaint(std::string const& path) {
  auto const code = errno;
  return Failure{Error{fault_of(code), path + ": " + std::generic_category().message(code)}};
}

FileStamp stamp(struct stat const& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .modified = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

/// The rest of `file`, up to `most` bytes. `expected` is a guess that saves copies.
Result<std::string> rest(int file, std::string const& path, std::size_t expected,
                         std::size_t most) {
  std::string content;
  content.resize(std::min(expected, most) + 1);
  std::size_t length = 0;
  while (true) {
    pollfd readable{.fd = file, .events = POLLIN, .revents = 0};
    auto const ready = ::poll(&readable, 1, patience);
    if (ready == 0) return transient(path + ": nobody wrote to this pipe within 10 s");
    if (ready < 0 && errno == EINTR) continue;  // a read would find a pipe at its end
    auto const count = ::read(file, content.data() + length, content.size() - length);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return complaint(path);
    length += static_cast<std::size_t>(count);
    if (length > most) return invalid(path + ": has more than " + std::to_string(most) + " bytes");
    if (count == 0) break;
    if (length == content.size()) content.resize(std::min(2 * length, most) + 1);
  }
  content.resize(length);
  return content;
}

}  // namespace

Result<FileStamp> stamp_of(std::string const& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return complaint(path);
  return stamp(status);
}

Result<StampedFile> read_stamped(std::string const& path, std::size_t most) {
  if (path.contains('\0')) return invalid("a path with a NUL in it");
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() is so declared.
  OpenFile const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  struct stat status{};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return complaint(path);
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
    return invalid(path + ": is neither a regular file nor a pipe");
  auto const expected = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 4096;
  TRY(auto content, rest(file.get(), path, expected, most));
  return StampedFile{std::move(content), stamp(status)};
}

Result<std::string> read_file(std::string const& path, std::size_t most) {
  TRY(auto file, read_stamped(path, most));
  return std::move(file.content);
}
