#include "test/support/folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>

namespace fs = std::filesystem;

Folder::Folder() {
  auto name = (fs::temp_directory_path() / "test-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  root_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::string Folder::path(std::string_view name) const { return (root_ / name).string(); }

std::string Folder::write(std::string_view name, std::string_view content) const {
  auto const file = root_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream{file, std::ios::binary | std::ios::trunc} << content;
  REQUIRE(fs::file_size(file) == content.size());
  return file.string();
}

std::string Folder::write_program(std::string_view name, std::string_view content) const {
  auto file = write(name, content);
  fs::permissions(file, fs::perms::owner_all);
  return file;
}

std::string Folder::replace(std::string_view name, std::string_view content) const {
  fs::rename(write(std::string{name} + ".new", content), root_ / name);
  return path(name);
}
