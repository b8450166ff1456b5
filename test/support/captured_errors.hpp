#pragma once
#include <string>

/// Holds back what this process writes to standard error, for as long as it lives.
class CapturedErrors {
 public:
  CapturedErrors();
  CapturedErrors(CapturedErrors const&) = delete;
  CapturedErrors& operator=(CapturedErrors const&) = delete;
  ~CapturedErrors();

  std::string text() const;

 private:
  int original_;
  int file_;
};
