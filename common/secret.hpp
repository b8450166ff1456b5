#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Overwrites memory before giving it back.
template <class T>
struct Cleansing {
  using value_type = T;

  Cleansing() = default;
  template <class U>
  explicit(false) Cleansing(Cleansing<U> const&) {}

  T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
  void deallocate(T* memory, std::size_t count);
  bool operator==(Cleansing const&) const = default;
};

/// A password or token. It cannot be printed, formatted or logged, and leaves no copy in freed
/// memory.
class Secret {
 public:
  /// Wipes `text`, so that the caller keeps no copy either.
  explicit Secret(std::string&& text);

  /// The text itself, for the peer that asks for it and for nobody else.
  std::string_view reveal() const { return {text_.data(), text_.size()}; }

  /// Takes as long for a wrong guess as for the right one of the same length.
  bool operator==(Secret const& other) const;

 private:
  std::vector<char, Cleansing<char>> text_;
};
