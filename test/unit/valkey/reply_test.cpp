#include "common/valkey/reply.hpp"

#include "common/valkey/printable.hpp"

#include <catch2/catch_test_macros.hpp>

using valkey::ErrorReply;
using valkey::List;
using valkey::Map;
using valkey::Reply;

namespace {

Reply text(std::string content) { return {std::move(content)}; }

Error error_of(auto const& result) {
  REQUIRE_FALSE(result);
  return result.error();
}

std::string message_of(auto const& result) {
  auto const error = error_of(result);
  CHECK(error.fault == Fault::Transient);
  return error.message;
}

}  // namespace

SCENARIO("a reply is read as what it is") {
  CHECK(valkey::text_of(text("a")).value() == "a");
  CHECK(valkey::boolean_of({true}).value());
  CHECK(valkey::integer_of({std::int64_t{7}}).value() == 7);
  CHECK(valkey::integer_of(text("-7")).value() == -7);
  CHECK(valkey::number_of({0.5}).value() == 0.5);
  CHECK(valkey::number_of({std::int64_t{2}}).value() == 2);
  CHECK(valkey::list_of({List{text("a")}}).value().size() == 1);
  CHECK(valkey::accepted(text("OK")));
}

SCENARIO("a reply that is something else says so") {
  CHECK(message_of(valkey::text_of({List{}})) == "expected text, got a list");
  CHECK(message_of(valkey::text_of({})) == "expected text, got null");
  CHECK(message_of(valkey::boolean_of({1.5})) == "expected a boolean, got a double");
  CHECK(message_of(valkey::integer_of(text("7x"))) == "expected an integer, got text");
  CHECK(message_of(valkey::number_of({Map{}})) == "expected a number, got a map");
  CHECK(message_of(valkey::list_of({valkey::BigNumber{"1"}})) ==
        "expected a list, got a big number");
  CHECK(message_of(valkey::map_of({true})) == "expected a map, got a boolean");
  CHECK(message_of(valkey::map_of({List{text("a")}})) == "expected a map, got a list");
  CHECK(message_of(valkey::accepted({std::int64_t{1}})) == "expected OK, got an integer");
}

SCENARIO("a refusal is the error that it stands for, whatever was expected") {
  Reply const refused{ErrorReply{"NOPERM no"}};
  Error const expected{Fault::Permanent, "NOPERM no"};
  CHECK(error_of(valkey::text_of(refused)) == expected);
  CHECK(error_of(valkey::integer_of(refused)) == expected);
  CHECK(error_of(valkey::list_of(refused)) == expected);
  CHECK(error_of(valkey::map_of(refused)) == expected);
  CHECK(error_of(valkey::accepted(refused)) == expected);
}

SCENARIO("maps are read by name, flat lists among them") {
  List const flat{text("proto"), {std::int64_t{3}}, {true},       text("x"),
                  text("role"),  text("primary"),   text("role"), text("replica")};
  for (Reply const& reply : {Reply{Map{flat}}, Reply{flat}}) {
    auto const map = valkey::map_of(reply).value();
    CHECK(map.size() == 4);
    CHECK(map.integer("proto").value() == 3);
    CHECK(map.text("role").value() == "primary");
    CHECK(map.find("x") == nullptr);
    CHECK(map.text("id").error() == Error{Fault::NotFound, "there is no id"});
    CHECK(map.integer("role").error() == Error{Fault::Transient, "expected an integer, got text"});
  }
}

SCENARIO("a refusal is classified by its code, and never by what else it says") {
  auto const fault = [](std::string refusal) { return from(ErrorReply{std::move(refusal)}).fault; };
  for (auto const* const passing :
       {"LOADING Valkey is loading the dataset in memory", "BUSY Valkey is busy running a script.",
        "MASTERDOWN Link with PRIMARY is down", "CLUSTERDOWN The cluster is down", "TRYAGAIN x",
        "NOREPLICAS Not enough good replicas to write.", "OOM command not allowed", "LOADING",
        "ERR max number of clients + cluster connections reached"})
    CHECK(fault(passing) == Fault::Transient);
  for (auto const* const outdated :
       {"MOVED 1 10.0.0.1:6379", "ASK 1 10.0.0.1:6379", "READONLY You can't write",
        "ERR Unknown node x", "ERR Slot 5 is already busy",
        "ERR You should send CLUSTER FAILOVER to a replica"})
    CHECK(fault(outdated) == Fault::Conflict);
  for (auto const* const lasting :
       {"NOAUTH HELLO must be called with the client already authenticated",
        "WRONGPASS invalid username-password pair or user is disabled.", "NOPERM User op has no",
        "NOPROTO unsupported protocol version", "CROSSSLOT Keys", "MISCONF x", "ERR LOADING",
        "SOMETHING new", "LOADINGX", "", " LOADING"})
    CHECK(fault(lasting) == Fault::Permanent);
}

SCENARIO("a refusal tells nothing of the arguments that a server repeats", "[H46]") {
  CHECK(from(ErrorReply{"ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'op' "
                        "'s3cret'"})
            .message == "ERR unknown command 'HELLO'");
}

SCENARIO("what a server says is shown in visible letters, and not at any length") {
  using valkey::printable;
  CHECK(printable("ERR it's 5 > 3 {ok}") == "ERR it's 5 > 3 {ok}");
  CHECK(printable("a\nb\x1b[2J\\\x7f\xc3\xa4") == R"(a\x0ab\x1b[2J\x5c\x7f\xc3\xa4)");
  CHECK(printable(std::string(256, 'x')) == std::string(256, 'x'));
  CHECK(printable(std::string(257, 'x')) == std::string(253, 'x') + "...");
  auto const escapes = printable(std::string(1000, '\n'));
  CHECK(escapes.size() == 255);
  CHECK(escapes.ends_with(R"(\x0a\x0a...)"));
  CHECK(from(ErrorReply{"ERR " + std::string(1000, 'x')}).message.size() == 256);
}
