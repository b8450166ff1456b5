#pragma once
#include "common/secret.hpp"
#include "common/valkey/reply.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace valkey {

/// A command as it is sent: an array of bulk strings. Wiped when it goes, for a password may be
/// among its words.
class Command {
 public:
  explicit Command(std::initializer_list<std::string_view> words);
  explicit Command(std::span<std::string_view const> words);

  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char, Cleansing<char>> bytes_;
};

/// What a server may send: more is an error. The largest answers known are some MB (CLUSTER SLOTS),
/// and 9 deep (COMMAND).
struct ReplyLimits {
  std::size_t line = std::size_t{64} << 10;    ///< bytes of anything that is no bulk
  std::size_t bulk = std::size_t{16} << 20;    ///< bytes of one text
  std::size_t memory = std::size_t{32} << 20;  ///< bytes of all that one parser reads, in memory
  std::size_t elements = 200'000;              ///< of one list; of a map, keys and values together
  std::size_t depth = 16;
};

/// Reads replies of RESP2 and RESP3 from bytes, however they are cut. Pushes and attributes are
/// passed over. Memory is taken for what has arrived, never for what is announced.
class ReplyParser {
 public:
  explicit ReplyParser(ReplyLimits limits = {}) : limits_{limits} {}

  /// Transient when this is not RESP, or too much of it; it stays so.
  Result<> put(std::string_view bytes);

  /// The replies that are complete, in order; they may be taken away.
  std::vector<Reply>& replies() { return replies_; }

  /// Whether part of a reply is here.
  bool is_midway() const { return bulk_ || !line_.empty() || !open_.empty(); }

 private:
  struct Bulk {
    char type = '$';
    std::size_t length = 0;
    std::string text;  ///< grows to the length and the line's end
  };
  struct Aggregate {
    char type = '*';
    std::size_t wanted = 0;
    List elements;
  };

  Result<> read(std::string_view bytes);
  Result<std::size_t> read_line(std::string_view bytes);
  Result<std::size_t> read_bulk(Bulk& bulk, std::string_view bytes);
  Result<> understand(char type, std::string_view rest);
  Result<> begin_bulk(char type, std::string_view length);
  Result<> end_bulk(Bulk bulk);
  Result<> begin_aggregate(char type, std::string_view count);
  Result<> deliver(Reply reply);
  Result<> append(Aggregate& aggregate, Reply reply);
  Result<> spend(std::size_t bytes);

  ReplyLimits limits_;
  std::optional<Error> failure_;
  std::size_t spent_ = 0;
  std::string line_;
  std::optional<Bulk> bulk_;
  std::vector<Aggregate> open_;  ///< the innermost stands last
  std::vector<Reply> replies_;
};

}  // namespace valkey
