#include "common/kube/packed.hpp"

#include "test/support/sample.hpp"

#include <catch2/catch_test_macros.hpp>

using kube::pack;
using kube::unpack;
using sample::Image;
using sample::Spec;
using sample::Strategy;
using namespace std::string_literals;

namespace {

template <class T>
bool refused(std::string_view bytes) {
  auto const unpacked = unpack<T>(bytes);
  return !unpacked && unpacked.error() == Error{Fault::Permanent, "what was packed is damaged"};
}

json::value lists_in_each_other(std::size_t count) {
  json::value list = nullptr;
  for (std::size_t made = 0; made < count; ++made) list = json::array{std::move(list)};
  return list;
}

}  // namespace

TEST_CASE("a struct is packed as its members' values, one after the other") {
  CHECK(pack(Image{.repository = "ab", .tag = "", .allow_downgrade = true}) == "\2ab\0\1"s);
}

TEST_CASE("what is small takes few bytes") {
  CHECK(pack(true) == "\1");
  CHECK(pack(std::uint64_t{127}) == "\x7f");
  CHECK(pack(std::uint64_t{128}) == "\x80\1");
  CHECK(pack(std::int32_t{0}) == "\0"s);
  CHECK(pack(std::int32_t{-1}) == "\1");
  CHECK(pack(std::int32_t{1}) == "\2");
  CHECK(pack(std::int64_t{-64}) == "\x7f");
  CHECK(pack(std::numeric_limits<std::uint64_t>::max()).size() == 10);
  CHECK(pack(std::numeric_limits<std::int64_t>::min()).size() == 10);
  CHECK(pack(Strategy::OnDelete) == "\1");
  CHECK(pack(std::optional<std::string>{}) == "\0"s);
  CHECK(pack(std::optional<std::string>{"a"}) == "\1\1a");
  CHECK(pack(std::vector{false, true}) == "\2\0\1"s);
  CHECK(pack(std::map<std::string, std::int32_t>{{"a", 1}, {"b", 2}}) == "\2\1a\2\1b\4");
}

TEST_CASE("a default that was changed to nothing stays nothing") {
  Spec emptied;
  emptied.labels.clear();
  emptied.image.tag.clear();
  CHECK(unpack<Spec>(pack(emptied)).value() == emptied);
}

TEST_CASE("a view of text is unpacked as a view of the packed bytes") {
  auto const packed = pack("text"s);
  auto const view = unpack<std::string_view>(packed).value();
  CHECK(view == "text");
  CHECK(view.data() == packed.data() + 1);
}

TEST_CASE("JSON of any kind is packed exactly") {
  json::object const value{{"null", nullptr},
                           {"bool", true},
                           {"signed", std::int64_t{5}},
                           {"unsigned", std::uint64_t{5}},
                           {"double", 0.1},
                           {"text", "a\0b"s},
                           {"list", json::array{1, json::object{}, json::array{}}}};
  auto const unpacked = unpack<json::value>(pack(json::value(value))).value();
  CHECK(unpacked == value);
  CHECK(unpacked.get_object().if_contains("signed")->is_int64());
  CHECK(unpacked.get_object().if_contains("unsigned")->is_uint64());
  CHECK(unpacked.get_object().if_contains("double")->is_double());
}

TEST_CASE("JSON is unpacked up to a depth") {
  auto const deepest = lists_in_each_other(64);
  CHECK(unpack<json::value>(pack(deepest)).value() == deepest);
  CHECK(refused<json::value>(pack(lists_in_each_other(65))));
}

TEST_CASE("what was not packed is refused") {
  CHECK(refused<bool>(""));
  CHECK(refused<bool>("\2"));
  CHECK(refused<bool>("\1\1"));
  CHECK(refused<Strategy>("\2"));
  CHECK(refused<Strategy>(pack(static_cast<Strategy>(7))));
  CHECK(refused<std::int32_t>(pack(std::int64_t{1} << 31U)));
  CHECK(refused<std::int32_t>(pack(-(std::int64_t{1} << 31U) - 1)));
  CHECK(refused<std::uint64_t>("\x80"));
  CHECK(refused<std::uint64_t>("\xff\xff\xff\xff\xff\xff\xff\xff\xff\2"));
  CHECK(refused<std::uint64_t>("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\1"));
  CHECK(refused<std::string>("\2a"));
  CHECK(refused<std::string_view>("\2a"));
  CHECK(refused<std::vector<bool>>("\3\1\1"));
  CHECK(refused<std::map<std::string, bool>>("\x7f\1a\1"));
  CHECK(refused<json::value>("\x7f"));
  CHECK(refused<json::value>(pack(json::value{{"a", 1}}).substr(0, 2)));
}

TEST_CASE("what was packed is refused if it ends early, wherever that is") {
  Spec spec;
  spec.ports = {1, std::nullopt, -300};
  spec.metrics.emplace();
  spec.flags["a"] = {true, false};
  spec.affinity = {{"a", json::array{1, 2U, 0.5, "x", nullptr, true, json::object{}}}};
  auto packed = pack(spec);
  CHECK(unpack<Spec>(packed).value() == spec);
  while (!packed.empty()) {
    packed.pop_back();
    CHECK(refused<Spec>(packed));
  }
}
