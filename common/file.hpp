#pragma once
#include "common/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

/// What tells one version of a file from the next. Kubernetes replaces mounted files by moving a
/// link, which shows as another inode; others write in place.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified = 0;  ///< nanoseconds since 1970
  bool operator==(FileStamp const&) const = default;
};

struct StampedFile {
  std::string content;
  FileStamp stamp;  ///< taken before the content was read: a change in between shows next time
};

/// The stamp of what `path` now leads to.
Result<FileStamp> stamp_of(std::string const& path);

/// All of a small file, which has to be a regular one or a pipe that somebody writes to. Blocks;
/// for a pipe at most 10 s at a time. A file of more than `most` bytes is Invalid, a missing one
/// NotFound, and every error names the path: "/x/y: No such file or directory".
Result<StampedFile> read_stamped(std::string const& path, std::size_t most);
Result<std::string> read_file(std::string const& path, std::size_t most);
