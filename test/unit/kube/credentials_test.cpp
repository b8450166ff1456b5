#include "common/kube/credentials.hpp"

#include "test/support/captured_errors.hpp"
#include "test/support/folder.hpp"
#include "test/support/manual_clock.hpp"
#include "test/support/run.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

namespace {

using kube::Credentials;

std::string header(Credentials& credentials) {
  auto const credential = run(credentials.current());
  if (!credential) return credential.error().message;
  auto const& value = credential->authorization;
  return value ? std::string{value->reveal()} : "none";
}

bool is_worth_another_try(Credentials& credentials) {
  return run(credentials.refused(run(credentials.current()).value().generation)).value();
}

}  // namespace

SCENARIO("some credentials never change, and need no second try") {
  ManualClock clock;
  auto const nobody = kube::credentials_for({}, clock, {});
  CHECK(header(*nobody) == "none");
  CHECK(!is_worth_another_try(*nobody));
  auto const bearer = kube::credentials_for(kube::BearerToken{Secret{"abc"}}, clock, {});
  CHECK(header(*bearer) == "Bearer abc");
  CHECK(!is_worth_another_try(*bearer));
  auto const basic =
      kube::credentials_for(kube::BasicAccount{"Aladdin", Secret{"open sesame"}}, clock, {});
  CHECK(header(*basic) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

SCENARIO("a token file is read when it changes") {
  Folder const folder;
  ManualClock clock;
  auto const file = folder.write("token", "one\n");
  auto const credentials = kube::credentials_for(kube::TokenFile{file, std::nullopt}, clock, {});
  CHECK(header(*credentials) == "Bearer one");
  auto const before = run(credentials->current()).value().generation;

  WHEN("another file takes its place") {
    folder.replace("token", "two");
    CHECK(header(*credentials) == "Bearer two");
    CHECK(run(credentials->current()).value().generation > before);
  }
  WHEN("it is written anew without looking different") {
    auto const written = std::filesystem::last_write_time(file);
    folder.write("token", "two\n");
    std::filesystem::last_write_time(file, written);
    CHECK(header(*credentials) == "Bearer one");
    THEN("that shows after a minute") {
      clock.advance(std::chrono::seconds{59});
      CHECK(header(*credentials) == "Bearer one");
      clock.advance(std::chrono::seconds{1});
      CHECK(header(*credentials) == "Bearer two");
    }
    THEN("that shows after a refusal") {
      CHECK(is_worth_another_try(*credentials));
      CHECK(header(*credentials) == "Bearer two");
    }
  }
  WHEN("the server refuses a token that stays") {
    CHECK(is_worth_another_try(*credentials));
    CHECK(!is_worth_another_try(*credentials));
    THEN("the next token has another chance") {
      folder.replace("token", "two");
      CHECK(header(*credentials) == "Bearer two");
      CHECK(run(credentials->refused(before)).value());
      CHECK(is_worth_another_try(*credentials));
      CHECK(!is_worth_another_try(*credentials));
    }
  }
}

SCENARIO("while a token file cannot be read the last token stays") {
  Folder const folder;
  ManualClock clock;
  auto const file = folder.write("token", "hidden1");
  auto const credentials = kube::credentials_for(kube::TokenFile{file, std::nullopt}, clock, {});
  CHECK(header(*credentials) == "Bearer hidden1");
  CapturedErrors const errors;
  auto const complaints = [&] {
    auto const text = errors.text();
    CHECK(!text.contains("hidden"));
    return std::ranges::count(text, '\n');
  };
  folder.replace("token", " \n");
  CHECK(header(*credentials) == "Bearer hidden1");
  CHECK(complaints() == 1);
  CHECK(errors.text().contains("is empty"));
  std::filesystem::remove(file);
  CHECK(header(*credentials) == "Bearer hidden1");
  CHECK(complaints() == 1);
  folder.write("token", "hidden2");
  CHECK(header(*credentials) == "Bearer hidden2");
  folder.replace("token", "hidden2\r\nX-Other: header");
  CHECK(header(*credentials) == "Bearer hidden2");
  CHECK(complaints() == 2);
}

SCENARIO("without any token there is an error that says where it should be") {
  Folder const folder;
  ManualClock clock;
  auto const file = folder.path("token");
  CHECK(header(*kube::credentials_for(kube::TokenFile{file, std::nullopt}, clock, {})) ==
        "the token: " + file + ": No such file or directory");
  CapturedErrors const errors;
  auto const credentials = kube::credentials_for(kube::TokenFile{file, Secret{"abc"}}, clock, {});
  CHECK(header(*credentials) == "Bearer abc");
  folder.write("token", "def");
  CHECK(header(*credentials) == "Bearer def");
}
