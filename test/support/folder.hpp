#pragma once
#include <filesystem>
#include <string>
#include <string_view>

/// A folder of its own for one test, gone with all that is in it when the test ends.
class Folder {
 public:
  Folder();
  Folder(Folder const&) = delete;
  Folder& operator=(Folder const&) = delete;
  ~Folder();

  /// The path of `name`, which may not exist.
  std::string path(std::string_view name) const;

  /// Writes a file, and the folders it needs, and tells its path.
  std::string write(std::string_view name, std::string_view content) const;

  /// The same for a program, which begins with #!.
  std::string write_program(std::string_view name, std::string_view content) const;

  /// Replaces a file the way a mounted Secret is: by another file under the same name.
  std::string replace(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path root_;
};
