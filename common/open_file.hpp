#pragma once
#include <unistd.h>
#include <utility>

/// A file descriptor that is closed at the end unless it was taken; one below 0 is none.
class OpenFile {
 public:
  explicit OpenFile(int number = -1) : number_{number} {}
  OpenFile(OpenFile&& other) noexcept : number_{other.take()} {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }

  int get() const { return number_; }
  int take() { return std::exchange(number_, -1); }

 private:
  int number_;
};
