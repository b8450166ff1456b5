#include "operator/cluster/lifecycle.hpp"

#include "operator/cluster/actions.hpp"

#include <algorithm>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using cluster::Event;
using cluster::Row;
using cluster::State;

template <class Enumeration>
std::vector<Enumeration> all() {
  std::vector<Enumeration> values;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enumeration>>(
      [&](auto enumerator) { values.push_back(enumerator.value); });
  return values;
}

std::vector<Row> rows(State state, Event event) {
  std::vector<Row> found;
  for (auto const& row : cluster::table())
    if (row.state == state && row.event == event) found.push_back(row);
  return found;
}

}  // namespace

SCENARIO("whatever is seen in whatever state, the table says what follows") {
  for (auto const state : all<State>())
    for (auto const event : all<Event>()) {
      INFO(static_cast<int>(state) << " " << static_cast<int>(event));
      auto const found = rows(state, event);
      REQUIRE_FALSE(found.empty());
      CHECK(found.back().guard == cluster::guards::always);
      for (auto const& row : found)
        CHECK((row.guard == cluster::guards::always) == (&row == &found.back()));
    }
}

SCENARIO("who is settled runs, and nothing that is not leads there") {
  for (auto const& row : cluster::table()) {
    if (row.event == Event::Settled) CHECK(row.next == State::Running);
    bool const is_trouble = row.event != Event::Settled && row.event != Event::SettingsBehind;
    if (is_trouble) CHECK(row.next != State::Running);
  }
}
