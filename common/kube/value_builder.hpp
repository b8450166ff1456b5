#pragma once
#include "common/json/json.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value_stack.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kube {

/// Makes one value after another out of its parts, in memory that it uses again, and leaves out
/// the parts of an object's metadata that nobody reads. What returns bool says whether to go on.
class ValueBuilder {
 public:
  using error_code = boost::system::error_code;

  /// At most so many bytes for one value; what needs more fails with message_size.
  explicit ValueBuilder(std::size_t limit);
  ValueBuilder(ValueBuilder const&) = delete;
  ValueBuilder& operator=(ValueBuilder const&) = delete;
  ~ValueBuilder() = default;

  bool begin_object(error_code& failure);
  void end_object();
  bool begin_list(error_code& failure);
  void end_list();

  /// Text that belongs to the key or string that follows.
  bool add_part(std::string_view text, error_code& failure);
  /// The last of a key.
  bool add_key(std::string_view text, error_code& failure);
  /// The last of a string.
  bool add_string(std::string_view text, error_code& failure);
  bool add(auto scalar, error_code& failure) {
    if (skips()) return true;
    push(scalar);
    count_value();
    return fits(sizeof(json::value), failure);
  }

  /// The key that was added last, unless it stands in what is left out.
  std::string_view key() const { return key_; }

  /// Gives the one complete value away for the duration of a call, its copies of the same memory
  /// too.
  void hand_out(std::function<void(json::value const&)> const& sink);

 private:
  /// What a value's object or list is.
  enum class Place { Anywhere, Metadata, Annotations };
  struct Open {
    Place place;
    std::size_t count;  // of values or members kept
  };

  Place place() const { return open_.empty() ? Place::Anywhere : open_.back().place; }
  bool is_left_out(std::string_view key) const;
  Place place_of(std::string_view key) const;
  bool fits(std::size_t bytes, error_code& failure);
  bool begin(Place place, error_code& failure);
  bool skips();
  bool ends_skipped();
  void count_value();
  void start();

  void push(std::int64_t number) { stack_->push_int64(number); }
  void push(std::uint64_t number) { stack_->push_uint64(number); }
  void push(double number) { stack_->push_double(number); }
  void push(bool truth) { stack_->push_bool(truth); }
  void push(std::nullptr_t) { stack_->push_null(); }

  static constexpr std::size_t ordinary_size = 16384;
  static constexpr std::size_t unusual_size = std::size_t{256} << 10;

  std::size_t limit_;
  std::size_t used_ = 0;
  std::vector<Open> open_;
  Place next_place_ = Place::Anywhere;
  std::string part_;
  std::string key_;
  bool skipping_ = false;
  std::size_t skipped_depth_ = 0;
  std::array<unsigned char, ordinary_size> ordinary_memory_;
  std::optional<json::monotonic_resource> memory_;
  std::unique_ptr<json::value_stack> stack_;
};

}  // namespace kube
