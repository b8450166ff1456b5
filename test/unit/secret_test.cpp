#include "common/secret.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <concepts>
#include <fmt/format.h>
#include <ostream>

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_FREE_HOOK
#endif
#endif

template <class T>
concept Streamable = requires(std::ostream& out, T const& value) { out << value; };
static_assert(!std::convertible_to<Secret, std::string_view>);
static_assert(!std::constructible_from<std::string, Secret>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!Streamable<Secret>);

SCENARIO("a secret is told only to those who ask for it") {
  CHECK(Secret{"open sesame"}.reveal() == "open sesame");
  CHECK(Secret{""}.reveal().empty());
}

SCENARIO("whoever makes a secret keeps no copy") {
  std::string text = "open sesame";
  auto const* const memory = text.data();
  auto const length = text.size();
  Secret const secret{std::move(text)};
  CHECK(std::all_of(memory, memory + length, [](char byte) { return byte == '\0'; }));
}

SCENARIO("secrets are equal when their texts are") {
  CHECK(Secret{"same"} == Secret{"same"});
  CHECK(Secret{""} == Secret{""});
  CHECK(Secret{"same"} != Secret{"sane"});
  CHECK(Secret{"same"} != Secret{"same "});
}

#ifdef HAS_FREE_HOOK
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizers' own name.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(void const volatile*,
                                                                           std::size_t),
                                                         void (*freed)(void const volatile*));
namespace {

// The hook takes no argument of ours.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
char const* watched = nullptr;
bool was_wiped = false;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void check_if_wiped(void const volatile* memory) {
  if (memory != watched || !watched) return;
  was_wiped = std::string_view{watched, 11} == std::string_view{"\0\0\0\0\0\0\0\0\0\0\0", 11};
}

}  // namespace

SCENARIO("a secret's memory is wiped before it is freed") {
  static auto const hooks = __sanitizer_install_malloc_and_free_hooks(
      [](void const volatile*, std::size_t) {}, check_if_wiped);
  REQUIRE(hooks > 0);
  was_wiped = false;
  {
    Secret const secret{"open sesame"};
    watched = secret.reveal().data();
  }
  watched = nullptr;
  CHECK(was_wiped);
}
#endif
