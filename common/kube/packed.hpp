#pragma once
#include "common/json/mapping.hpp"

#include <cstdint>
#include <utility>

/// Values as few bytes, to be kept in memory and read again by the same program: those of a
/// described struct in the order of its members, so that no key is written.
namespace kube {

/// Writes one value after another.
class Packer {
 public:
  void add_number(std::uint64_t number);  ///< a byte for each 7 bits
  void add_text(std::string_view text);

  std::string take() { return std::exchange(bytes_, {}); }

 private:
  std::string bytes_;
};

/// Reads what a Packer wrote. When something is not as it was written, that and all that follows
/// reads as zero or empty.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_{bytes} {}

  std::uint64_t take_number();
  std::string_view take_text();  ///< of the bytes that are read
  /// How many values follow, of which each takes a byte at least.
  std::size_t take_count();

  std::string_view rest() const { return rest_; }
  void fail();

  /// All was read, and was as it was written.
  bool is_complete() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

/// How one type is packed, of those that mapping knows. A Secret is not among them: what is packed
/// lies in memory that nobody wipes.
template <class T>
struct Packed;

template <class T>
void pack(T const& source, Packer& target) {
  Packed<T>::pack(source, target);
}

template <class T>
void unpack(Unpacker& source, T& target) {
  Packed<T>::unpack(source, target);
}

template <class T>
std::string pack(T const& source) {
  Packer packer;
  pack(source, packer);
  return packer.take();
}

/// What was packed as a T; any other bytes are some T, or Permanent.
template <class T>
Result<T> unpack(std::string_view bytes) {
  Unpacker unpacker{bytes};
  T target{};
  unpack(unpacker, target);
  if (!unpacker.is_complete()) return permanent("what was packed is damaged");
  return target;
}

template <>
struct Packed<bool> {
  static void pack(bool source, Packer& target) { target.add_number(source ? 1 : 0); }
  static void unpack(Unpacker& source, bool& target) {
    auto const number = source.take_number();
    if (number > 1) source.fail();
    target = number == 1;
  }
};

template <>
struct Packed<std::string> {
  static void pack(std::string const& source, Packer& target) { target.add_text(source); }
  static void unpack(Unpacker& source, std::string& target) { target = source.take_text(); }
};

/// Unpacked, it is a view of the packed bytes.
template <>
struct Packed<std::string_view> {
  static void pack(std::string_view source, Packer& target) { target.add_text(source); }
  static void unpack(Unpacker& source, std::string_view& target) { target = source.take_text(); }
};

/// Exactly, unlike text: which kind of number it is, and every bit of a double.
template <>
struct Packed<json::value> {
  static constexpr std::size_t max_depth = 64;  ///< as ElementLimits; deeper ones do not unpack

  static void pack(json::value const& source, Packer& target);
  static void unpack(Unpacker& source, json::value& target);
};

/// Signed ones with the sign last, so that those near zero are short.
template <class T>
  requires std::integral<T> && (sizeof(T) >= sizeof(int))
struct Packed<T> {
  static void pack(T source, Packer& target) {
    auto const bits = static_cast<std::uint64_t>(source);
    if constexpr (std::is_signed_v<T>)
      target.add_number(source < 0 ? (~bits << 1U) | 1U : bits << 1U);
    else
      target.add_number(bits);
  }
  static void unpack(Unpacker& source, T& target) {
    auto const number = source.take_number();
    if constexpr (std::is_signed_v<T>)
      assign(source, static_cast<std::int64_t>(number & 1U ? ~(number >> 1U) : number >> 1U),
             target);
    else
      assign(source, number, target);
  }

 private:
  static void assign(Unpacker& source, auto number, T& target) {
    if (std::in_range<T>(number))
      target = static_cast<T>(number);
    else
      source.fail();
  }
};

/// As its place among the enumerators.
template <mapping::Enumeration T>
struct Packed<T> {
  static void pack(T source, Packer& target) {
    auto place = count;
    for_each([&](std::size_t at, T enumerator) {
      if (source == enumerator) place = at;
    });
    target.add_number(place);
  }
  static void unpack(Unpacker& source, T& target) {
    auto const place = source.take_number();
    if (place >= count) source.fail();
    for_each([&](std::size_t at, T enumerator) {
      if (place == at) target = enumerator;
    });
  }

 private:
  using Enumerators = boost::describe::describe_enumerators<T>;
  static constexpr std::size_t count = boost::mp11::mp_size<Enumerators>::value;

  static void for_each(auto const& visit) {
    std::size_t at = 0;
    boost::mp11::mp_for_each<Enumerators>([&](auto enumerator) { visit(at++, enumerator.value); });
  }
};

template <mapping::Struct T>
struct Packed<T> {
  static void pack(T const& source, Packer& target) {
    boost::mp11::mp_for_each<Members>(
        [&](auto member) { kube::pack(source.*member.pointer, target); });
  }
  static void unpack(Unpacker& source, T& target) {
    boost::mp11::mp_for_each<Members>(
        [&](auto member) { kube::unpack(source, target.*member.pointer); });
  }

 private:
  using Members = boost::describe::describe_members<T, boost::describe::mod_public |
                                                           boost::describe::mod_inherited>;
  static_assert(!boost::mp11::mp_empty<Members>::value, "each value takes a byte at least");
};

template <class T>
struct Packed<std::optional<T>> {
  static void pack(std::optional<T> const& source, Packer& target) {
    kube::pack(source.has_value(), target);
    if (source) kube::pack(*source, target);
  }
  static void unpack(Unpacker& source, std::optional<T>& target) {
    bool there = false;
    kube::unpack(source, there);
    target.reset();
    if (there) kube::unpack(source, target.emplace());
  }
};

template <class T>
struct Packed<std::vector<T>> {
  static void pack(std::vector<T> const& source, Packer& target) {
    target.add_number(source.size());
    for (T const& item : source) kube::pack(item, target);
  }
  static void unpack(Unpacker& source, std::vector<T>& target) {
    auto const count = source.take_count();
    target.clear();
    target.reserve(count);
    for (std::size_t at = 0; at < count; ++at) {
      T item{};
      kube::unpack(source, item);
      target.push_back(std::move(item));
    }
  }
};

template <class T>
struct Packed<std::map<std::string, T>> {
  static void pack(std::map<std::string, T> const& source, Packer& target) {
    target.add_number(source.size());
    for (auto const& [key, value] : source) {
      target.add_text(key);
      kube::pack(value, target);
    }
  }
  static void unpack(Unpacker& source, std::map<std::string, T>& target) {
    auto const count = source.take_count();
    target.clear();
    for (std::size_t at = 0; at < count; ++at) {
      auto const added = target.try_emplace(target.end(), std::string{source.take_text()});
      kube::unpack(source, added->second);
    }
  }
};

}  // namespace kube
