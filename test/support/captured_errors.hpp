#pragma once
#include <string>

/// Sends what this process writes to standard error to `file` instead, for as long as it lives.
class RedirectedErrors {
 public:
  explicit RedirectedErrors(int file);
  RedirectedErrors(RedirectedErrors const&) = delete;
  RedirectedErrors& operator=(RedirectedErrors const&) = delete;
  ~RedirectedErrors();

 private:
  int original_;
};

/// Holds back what this process writes to standard error, for as long as it lives.
class CapturedErrors {
 public:
  CapturedErrors();
  CapturedErrors(CapturedErrors const&) = delete;
  CapturedErrors& operator=(CapturedErrors const&) = delete;
  ~CapturedErrors();

  std::string text() const;

 private:
  int file_;
  RedirectedErrors redirected_;
};
