#include "common/kube/retry.hpp"

#include <catch2/catch_test_macros.hpp>

using kube::delay_before_retry;
using namespace std::chrono_literals;

TEST_CASE("a busy server is asked again when it says") {
  for (std::string_view const method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
    CHECK(delay_before_retry({method, 429, 7s}, 0) == 7s);
  CHECK_FALSE(delay_before_retry({"GET", 429, std::nullopt}, 0));
  CHECK(delay_before_retry({"GET", 429, 0s}, 0) == 1s);
}

TEST_CASE("a broken server is asked again, but told nothing twice") {
  for (unsigned const status : {500U, 502U, 503U, 504U}) {
    CHECK(delay_before_retry({"GET", status, 2s}, 0) == 2s);
    CHECK_FALSE(delay_before_retry({"GET", status, std::nullopt}, 0));
    for (std::string_view const method : {"POST", "PUT", "PATCH", "DELETE"})
      CHECK_FALSE(delay_before_retry({method, status, 2s}, 0));
  }
}

TEST_CASE("a question whose answer was lost is asked again, a write is not") {
  CHECK(delay_before_retry({"GET", std::nullopt, std::nullopt}, 0) == 1s);
  for (std::string_view const method : {"POST", "PUT", "PATCH", "DELETE"})
    CHECK_FALSE(delay_before_retry({method, std::nullopt, std::nullopt}, 0));
}

TEST_CASE("an answer is an answer") {
  for (unsigned const status : {200U, 201U, 400U, 401U, 403U, 404U, 409U, 410U, 422U})
    CHECK_FALSE(delay_before_retry({"GET", status, 1s}, 0));
}

TEST_CASE("a request is sent ten times at most") {
  CHECK(delay_before_retry({"GET", 429, 1s}, 8) == 1s);
  CHECK_FALSE(delay_before_retry({"GET", 429, 1s}, 9));
}
