#include "test/property/generators.hpp"

#include "common/json/mapping.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace {

using rc::Gen;
namespace gen = rc::gen;

/// At nominal size numbers cover their whole range; most mistakes are made at its edges.
template <class T>
Gen<T> number() {
  using Range = std::numeric_limits<T>;
  auto edge = gen::element(Range::lowest(), T{0}, T{1}, Range::max());
  return gen::oneOf(std::move(edge), gen::resize(rc::kNominalSize, gen::arbitrary<T>()));
}

Gen<double> fraction() {
  auto edge = gen::element(-0.0, 4.0, 2147483647.0, 2147483648.0, 9223372036854775808.0,
                           18446744073709551616.0, 1e300, 5e-324);
  return gen::oneOf(std::move(edge), gen::arbitrary<double>());
}

Gen<std::string> key() {
  auto known = gen::elementOf(std::vector<std::string>{
      "shards", "bytes", "image", "tag", "strategy", "labels", "flags", "extraImages", "ports"});
  return gen::oneOf(std::move(known), text());
}

Gen<json::value> scalar() {
  auto const as_value = [](auto const& value) { return json::value(value); };
  auto const names = std::vector<std::string>{"Rolling", "OnDelete"};
  return gen::oneOf(gen::just(json::value{}), gen::map<bool>(as_value),
                    gen::map(number<std::int64_t>(), as_value),
                    gen::map(number<std::uint64_t>(), as_value),
                    gen::map(number<std::int32_t>(),
                             [](std::int64_t edge) -> json::value {
                               return edge < 0 ? edge - 1 : edge + 1;  // just beyond an int32
                             }),
                    gen::map(fraction(), as_value), gen::map(text(), as_value),
                    gen::map(gen::elementOf(names), as_value));
}

Gen<json::value> value_of_depth(int depth, Gen<json::value> const& leaf) {
  if (depth == 0) return leaf;
  auto list = gen::map(gen::container<std::vector<json::value>>(value_of_depth(depth - 1, leaf)),
                       [](std::vector<json::value> const& items) -> json::value {
                         return json::array(items.begin(), items.end());
                       });
  auto object = gen::map(
      gen::container<std::map<std::string, json::value>>(key(), value_of_depth(depth - 1, leaf)),
      [](std::map<std::string, json::value> const& members) -> json::value {
        return json::object(members.begin(), members.end());
      });
  return gen::oneOf(leaf, std::move(list), std::move(object));
}

template <class T>
Gen<std::optional<T>> optional(Gen<T> present) {
  return gen::map(gen::maybe(std::move(present)), [](rc::Maybe<T> const& maybe) {
    return maybe ? std::optional<T>{*maybe} : std::nullopt;
  });
}

/// Every value inside of `document`.
std::vector<json::value*> places_in(json::value& document) {
  std::vector<json::value*> places;
  auto const add = [&places](json::value& place) {
    places.push_back(&place);
    std::ranges::copy(places_in(place), std::back_inserter(places));
  };
  if (auto* const list = document.if_array()) std::ranges::for_each(*list, add);
  if (auto* const object = document.if_object())
    for (auto& member : *object) add(member.value());
  return places;
}

}  // namespace

Gen<std::string> text() {
  auto const as_char = [](int byte) { return static_cast<char>(byte); };
  auto edge = gen::element('\0', '\n', '"', '\\', '\x7f', '\x80', '\xff');
  return gen::container<std::string>(
      gen::oneOf(std::move(edge), gen::map(gen::inRange(0, 256), as_char)));
}

Gen<json::value> value_with_any_double() {
  using Range = std::numeric_limits<double>;
  auto odd = gen::map(gen::element(Range::quiet_NaN(), Range::infinity(), -Range::infinity()),
                      [](double value) { return json::value(value); });
  return gen::resize(8, value_of_depth(3, gen::oneOf(scalar(), std::move(odd))));
}

Gen<json::value> almost_a_spec() {
  auto const with_one_replaced = [](sample::Spec const& spec, std::size_t at,
                                    json::value const& replacement) {
    auto document = mapping::encode(spec);
    auto const places = places_in(document);
    *places[at % places.size()] = replacement;
    return document;
  };
  return gen::apply(with_one_replaced, gen::arbitrary<sample::Spec>(), number<std::size_t>(),
                    gen::arbitrary<json::value>());
}

Gen<json::value> rc::Arbitrary<json::value>::arbitrary() {
  return gen::resize(8, value_of_depth(3, scalar()));
}

Gen<sample::Image> rc::Arbitrary<sample::Image>::arbitrary() {
  using sample::Image;
  return gen::build<Image>(gen::set(&Image::repository, text()), gen::set(&Image::tag, text()),
                           gen::set(&Image::allow_downgrade));
}

Gen<sample::Spec> rc::Arbitrary<sample::Spec>::arbitrary() {
  using sample::Spec;
  return gen::build<Spec>(
      gen::set(&Spec::shards, number<std::int32_t>()),
      gen::set(&Spec::bytes, number<std::uint64_t>()),
      gen::set(&Spec::offset, number<std::int64_t>()), gen::set(&Spec::image),
      gen::set(&Spec::labels, gen::container<std::map<std::string, std::string>>(key(), text())),
      gen::set(&Spec::flags),
      gen::set(&Spec::strategy,
               gen::element(sample::Strategy::Rolling, sample::Strategy::OnDelete)),
      gen::set(&Spec::storage_class, optional(text())), gen::set(&Spec::extra_images),
      gen::set(&Spec::ports, gen::container<std::vector<std::optional<std::int32_t>>>(
                                 optional(number<std::int32_t>()))),
      gen::set(&Spec::metrics, optional(gen::arbitrary<sample::Image>())),
      gen::set(&Spec::affinity));
}
