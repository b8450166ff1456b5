#include "test/support/captured_errors.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <sys/mman.h>
#include <unistd.h>

RedirectedErrors::RedirectedErrors(int file) : original_{dup(STDERR_FILENO)} {
  REQUIRE(original_ >= 0);
  REQUIRE(dup2(file, STDERR_FILENO) == STDERR_FILENO);
}

RedirectedErrors::~RedirectedErrors() {
  dup2(original_, STDERR_FILENO);
  close(original_);
}

CapturedErrors::CapturedErrors() : file_{memfd_create("errors", 0)}, redirected_{file_} {}

CapturedErrors::~CapturedErrors() { close(file_); }

std::string CapturedErrors::text() const {
  std::array<char, 65536> buffer{};
  auto const length = pread(file_, buffer.data(), buffer.size(), 0);
  REQUIRE(length >= 0);
  REQUIRE(static_cast<std::size_t>(length) < buffer.size());
  return {buffer.data(), static_cast<std::size_t>(length)};
}
