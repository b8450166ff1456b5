#include "common/kube/value_builder.hpp"

#include <boost/system/errc.hpp>

namespace kube {

ValueBuilder::ValueBuilder(std::size_t limit) : limit_{limit} { start(); }

/// The resource is made anew each time: releasing one leaves it with blocks twice as large as the
/// last, for ever. The others would stay as large as the largest value has made them.
void ValueBuilder::start() {
  if (!stack_ || used_ > unusual_size) {
    stack_ = std::make_unique<json::value_stack>();
    part_ = {};
    key_ = {};
  }
  stack_->reset();
  memory_.emplace(ordinary_memory_.data(), ordinary_memory_.size());
  stack_->reset(&*memory_);
  used_ = 0;
}

bool ValueBuilder::begin_object(error_code& failure) { return begin(next_place_, failure); }

void ValueBuilder::end_object() {
  if (ends_skipped()) return;
  stack_->push_object(open_.back().count);
  open_.pop_back();
  count_value();
}

bool ValueBuilder::begin_list(error_code& failure) { return begin(Place::Anywhere, failure); }

void ValueBuilder::end_list() {
  if (ends_skipped()) return;
  stack_->push_array(open_.back().count);
  open_.pop_back();
  count_value();
}

bool ValueBuilder::add_part(std::string_view text, error_code& failure) {
  if (skipping_) return true;
  part_ += text;
  return fits(text.size(), failure);
}

bool ValueBuilder::add_key(std::string_view text, error_code& failure) {
  key_.clear();
  if (skipping_) return true;
  key_.swap(part_);
  key_ += text;
  if (!fits(sizeof(json::value) + text.size(), failure)) return false;
  skipping_ = is_left_out(key_);  // but counted: parts of it were, before it was known
  if (skipping_) return true;
  next_place_ = place_of(key_);
  stack_->push_key(key_);
  return true;
}

bool ValueBuilder::add_string(std::string_view text, error_code& failure) {
  if (skips()) return true;
  if (!fits(sizeof(json::value) + text.size(), failure)) return false;
  if (part_.empty()) {
    stack_->push_string(text);
  } else {
    part_ += text;
    stack_->push_string(part_);
    part_.clear();
  }
  count_value();
  return true;
}

void ValueBuilder::hand_out(std::function<void(json::value const&)> const& sink) {
  {
    auto const value = stack_->release();
    sink(value);
  }
  start();
}

bool ValueBuilder::is_left_out(std::string_view key) const {
  switch (place()) {
    case Place::Metadata:
      return key == "managedFields";
    case Place::Annotations:
      return key == "kubectl.kubernetes.io/last-applied-configuration";
    case Place::Anywhere:
      break;
  }
  return false;
}

ValueBuilder::Place ValueBuilder::place_of(std::string_view key) const {
  if (key == "metadata") return Place::Metadata;
  return place() == Place::Metadata && key == "annotations" ? Place::Annotations : Place::Anywhere;
}

bool ValueBuilder::fits(std::size_t bytes, error_code& failure) {
  used_ += bytes;
  if (used_ <= limit_) return true;
  failure = make_error_code(boost::system::errc::message_size);
  return false;
}

bool ValueBuilder::begin(Place place, error_code& failure) {
  next_place_ = Place::Anywhere;
  if (skipping_) {
    ++skipped_depth_;
    return true;
  }
  open_.push_back({.place = place, .count = 0});
  return fits(sizeof(json::value), failure);
}

/// Whether the scalar at hand is left out.
bool ValueBuilder::skips() {
  if (!skipping_) {
    next_place_ = Place::Anywhere;
    return false;
  }
  skipping_ = skipped_depth_ > 0;
  return true;
}

/// Whether the object or list that ends is left out.
bool ValueBuilder::ends_skipped() {
  if (!skipping_) return false;
  --skipped_depth_;
  skipping_ = skipped_depth_ > 0;
  return true;
}

void ValueBuilder::count_value() {
  if (!open_.empty()) ++open_.back().count;
}

}  // namespace kube
