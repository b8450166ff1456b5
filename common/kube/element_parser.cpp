#include "common/kube/element_parser.hpp"

#include "common/kube/value_builder.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/system/errc.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace kube {
namespace {

constexpr std::string_view whitespace = " \t\r\n";

}  // namespace

/// Passes what the parser finds to the builder of the element or envelope that it belongs to.
class ElementParser::Handler {
 public:
  using error_code = boost::system::error_code;

  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  Handler(Framing framing, Sink sink, std::size_t bytes)
      : framing_{framing}, sink_{std::move(sink)}, element_{bytes}, envelope_{bytes} {}

  std::optional<json::value> take_envelope() { return std::exchange(whole_, std::nullopt); }

  bool on_document_begin(error_code&) {
    depth_ = 0;
    return true;
  }
  static bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& failure) {
    ++depth_;
    return current().begin_object(failure);
  }
  bool on_object_end(std::size_t, error_code&) {
    --depth_;
    current().end_object();
    return hand_out_if_complete();
  }
  bool on_array_begin(error_code& failure) {
    ++depth_;
    bool const fits = current().begin_list(failure);
    if (depth_ == items_depth && items_next_) in_items_ = true;
    return fits;
  }
  bool on_array_end(std::size_t, error_code&) {
    if (depth_ == items_depth) in_items_ = false;
    --depth_;
    current().end_list();
    return hand_out_if_complete();
  }
  bool on_key_part(std::string_view text, std::size_t, error_code& failure) {
    return current().add_part(text, failure);
  }
  bool on_key(std::string_view text, std::size_t, error_code& failure) {
    bool const fits = current().add_key(text, failure);
    if (depth_ == 1) items_next_ = framing_ == Framing::List && envelope_.key() == "items";
    return fits;
  }
  bool on_string_part(std::string_view text, std::size_t, error_code& failure) {
    return current().add_part(text, failure);
  }
  bool on_string(std::string_view text, std::size_t, error_code& failure) {
    return current().add_string(text, failure) && hand_out_if_complete();
  }
  bool on_number_part(std::string_view text, error_code& failure) {
    number_ += text;
    return number_.size() <= longest_number || out_of_range(failure);
  }
  bool on_int64(std::int64_t number, std::string_view, error_code& failure) {
    number_.clear();
    return add(number, failure);
  }
  bool on_uint64(std::uint64_t number, std::string_view, error_code& failure) {
    number_.clear();
    return add(number, failure);
  }
  /// What the parser makes of the digits depends on where a chunk has cut them.
  bool on_double(double nearly, std::string_view text, error_code& failure) {
    if (!on_number_part(text, failure)) return false;
    double number = std::abs(nearly) < 1 ? 0 : HUGE_VAL;  // if it is beyond what a double can be
    std::from_chars(number_.data(), number_.data() + number_.size(), number);
    number_.clear();
    return std::isfinite(number) ? add(number, failure) : out_of_range(failure);
  }
  bool on_bool(bool truth, error_code& failure) { return add(truth, failure); }
  bool on_null(error_code& failure) { return add(nullptr, failure); }
  static bool on_comment_part(std::string_view, error_code&) { return true; }
  static bool on_comment(std::string_view, error_code&) { return true; }

 private:
  static constexpr std::size_t items_depth = 2;
  static constexpr std::size_t longest_number = 1024;  // characters

  static bool out_of_range(error_code& failure) {
    failure = make_error_code(boost::system::errc::result_out_of_range);
    return false;
  }

  ValueBuilder& current() {
    return framing_ == Framing::Stream || in_items_ ? element_ : envelope_;
  }

  bool add(auto scalar, error_code& failure) {
    return current().add(scalar, failure) && hand_out_if_complete();
  }

  bool hand_out_if_complete() {
    if (framing_ == Framing::Stream ? depth_ == 0 : in_items_ && depth_ == items_depth)
      element_.hand_out(sink_);
    else if (depth_ == 0)
      envelope_.hand_out(
          [this](json::value const& document) { whole_.emplace(document, json::storage_ptr{}); });
    return true;
  }

  Framing framing_;
  Sink sink_;
  ValueBuilder element_;
  ValueBuilder envelope_;
  std::string number_;  // that is being read
  std::size_t depth_ = 0;
  bool items_next_ = false;  // the last key was that of the items
  bool in_items_ = false;
  std::optional<json::value> whole_;
};

class ElementParser::Parser {
 public:
  Parser(Framing framing, Sink sink, ElementLimits limits)
      : framing_{framing}, parser_{options(limits), framing, std::move(sink), limits.bytes} {}

  Result<> feed(std::string_view bytes) {
    while (!failure_) {
      if (between_)
        bytes.remove_prefix(std::min(bytes.find_first_not_of(whitespace), bytes.size()));
      if (bytes.empty()) return ok;
      if (complete_) return transient("something follows the document");
      between_ = false;
      auto const used = parser_.write_some(true, bytes.data(), bytes.size(), failure_);
      bytes.remove_prefix(used);
      if (!failure_ && parser_.done()) end_document();
    }
    return transient("reading JSON: " + failure_.message());
  }

  std::optional<json::value> take_envelope() { return parser_.handler().take_envelope(); }

 private:
  static json::parse_options options(ElementLimits const& limits) {
    json::parse_options options;
    options.max_depth = limits.depth;
    return options;
  }

  void end_document() {
    between_ = true;
    complete_ = framing_ == Framing::List;
    parser_.reset();
  }

  Framing framing_;
  bool between_ = true;
  bool complete_ = false;
  boost::system::error_code failure_;
  json::basic_parser<Handler> parser_;
};

ElementParser::ElementParser(Framing framing, Sink sink, ElementLimits limits)
    : parser_{std::make_unique<Parser>(framing, std::move(sink), limits)} {}

ElementParser::~ElementParser() = default;

Result<> ElementParser::feed(std::string_view bytes) { return parser_->feed(bytes); }

Result<json::value> ElementParser::take_envelope() {
  auto envelope = parser_->take_envelope();
  if (!envelope) return transient("the document was cut short");
  return *std::move(envelope);
}

}  // namespace kube
