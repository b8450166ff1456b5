#include "test/property/generators.hpp"

namespace {

using rc::Gen;
namespace gen = rc::gen;

Gen<std::string> key() {
  auto known = gen::elementOf(std::vector<std::string>{
      "shards", "bytes", "image", "tag", "strategy", "labels", "flags", "extraImages", "ports"});
  return gen::oneOf(std::move(known), gen::string<std::string>());
}

Gen<json::value> scalar() {
  auto const as_value = [](auto const& value) { return json::value(value); };
  auto const names = std::vector<std::string>{"Rolling", "OnDelete"};
  return gen::oneOf(gen::just(json::value{}), gen::map<bool>(as_value),
                    gen::map<std::int64_t>(as_value), gen::map<std::uint64_t>(as_value),
                    gen::map<double>(as_value), gen::map<std::string>(as_value),
                    gen::map(gen::elementOf(names), as_value));
}

Gen<json::value> value_of_depth(int depth) {
  if (depth == 0) return scalar();
  auto list = gen::map(gen::container<std::vector<json::value>>(value_of_depth(depth - 1)),
                       [](std::vector<json::value> const& items) -> json::value {
                         return json::array(items.begin(), items.end());
                       });
  auto object =
      gen::map(gen::container<std::map<std::string, json::value>>(key(), value_of_depth(depth - 1)),
               [](std::map<std::string, json::value> const& members) -> json::value {
                 return json::object(members.begin(), members.end());
               });
  return gen::oneOf(scalar(), std::move(list), std::move(object));
}

template <class T>
Gen<std::optional<T>> optional() {
  return gen::map<rc::Maybe<T>>(
      [](rc::Maybe<T> const& maybe) { return maybe ? std::optional<T>{*maybe} : std::nullopt; });
}

}  // namespace

Gen<json::value> rc::Arbitrary<json::value>::arbitrary() {
  return gen::resize(8, value_of_depth(3));
}

Gen<sample::Image> rc::Arbitrary<sample::Image>::arbitrary() {
  return gen::build<sample::Image>(gen::set(&sample::Image::repository),
                                   gen::set(&sample::Image::tag),
                                   gen::set(&sample::Image::allow_downgrade));
}

Gen<sample::Spec> rc::Arbitrary<sample::Spec>::arbitrary() {
  using sample::Spec;
  return gen::build<Spec>(
      gen::set(&Spec::shards), gen::set(&Spec::bytes), gen::set(&Spec::offset),
      gen::set(&Spec::image), gen::set(&Spec::labels), gen::set(&Spec::flags),
      gen::set(&Spec::strategy,
               gen::element(sample::Strategy::Rolling, sample::Strategy::OnDelete)),
      gen::set(&Spec::storage_class, optional<std::string>()), gen::set(&Spec::extra_images),
      gen::set(&Spec::ports,
               gen::container<std::vector<std::optional<std::int32_t>>>(optional<std::int32_t>())),
      gen::set(&Spec::metrics, optional<sample::Image>()), gen::set(&Spec::affinity));
}
