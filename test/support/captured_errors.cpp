#include "test/support/captured_errors.hpp"

#include <array>
#include <sys/mman.h>
#include <unistd.h>

CapturedErrors::CapturedErrors() : original_{dup(STDERR_FILENO)}, file_{memfd_create("errors", 0)} {
  dup2(file_, STDERR_FILENO);
}

CapturedErrors::~CapturedErrors() {
  dup2(original_, STDERR_FILENO);
  close(original_);
  close(file_);
}

std::string CapturedErrors::text() const {
  std::array<char, 65536> buffer{};
  auto const length = pread(file_, buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<std::size_t>(length)};
}
