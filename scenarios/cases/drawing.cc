#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scenarios/cases/scenario.h"
#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

std::string Quoted(string_view text) {
  constexpr std::size_t kMax = 60;
  return "'" + std::string(text.substr(0, kMax)) +
         (text.size() > kMax ? "...'" : "'");
}

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) ||
         c == '_';
}

/// `n16` is the 16th of a row of commits called n.
struct NumberedName {
  string_view row{};
  std::uint64_t number = 0;
};

/// Nothing for a name that does not end in a number, or in one that is not
/// written plainly, as `n016`.
std::optional<NumberedName> TakeApart(string_view name) {
  std::size_t digits = name.size();
  while (digits > 0 && IsDigit(name[digits - 1])) --digits;
  const string_view number = name.substr(digits);
  if (number.empty() || (number.size() > 1 && number[0] == '0')) return {};
  NumberedName taken{name.substr(0, digits), 0};
  const char* const end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, taken.number);
  if (error != std::errc() || stop != end) return {};
  return taken;
}

/// The commits as they are named, and then in order.
class DrawingReader {
 public:
  explicit DrawingReader(const Position& where) : where_(where) {}

  Result<void> Chain(string_view chain) {
    std::uint32_t last = kNone;
    for (std::size_t at = 0; at <= chain.size();) {
      const std::size_t dash = std::min(chain.find('-', at), chain.size());
      auto linked = Link(Trim(chain.substr(at, dash - at)), chain, last);
      if (!linked) return linked;
      at = dash + 1;
    }
    return {};
  }

  Result<Drawing> Finish() {
    if (commits_.empty()) {
      return rebisect::Fail(ErrorCode::kInput,
                            "the drawing has no commit; write chains, such as "
                            "'a-b-c, b-d'",
                            where_);
    }
    const std::vector<std::uint32_t> order = ParentsFirst();
    if (order.size() < commits_.size()) return Cycle(order);
    std::vector<std::uint32_t> place(commits_.size());
    Drawing drawing(commits_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      drawing[i] = std::move(commits_[order[i]]);
      for (std::uint32_t& parent : drawing[i].parents) parent = place[parent];
    }
    return drawing;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> Fail(std::string message) const {
    return rebisect::Fail(ErrorCode::kInput, std::move(message), where_);
  }

  /// A part of a chain: a name, or `n0..n16`. `last` is what comes before it
  /// and becomes what comes before the next one.
  Result<void> Link(string_view part, string_view chain, std::uint32_t& last) {
    const std::size_t dots = part.find("..");
    if (dots == string_view::npos) return Name(part, chain, last);
    const string_view from = part.substr(0, dots);
    const string_view to = part.substr(dots + 2);
    const auto first = TakeApart(from);
    const auto final = TakeApart(to);
    if (!first || !final || first->row != final->row ||
        first->number > final->number) {
      return Fail(Quoted(part) +
                  " is no row of commits; write it as 'n0..n16', with one name "
                  "and rising numbers");
    }
    if (final->number - first->number >= kMaxDrawing) return TooLarge();
    const std::string row(first->row);
    const std::uint64_t steps = final->number - first->number;
    for (std::uint64_t i = 0; i <= steps; ++i) {
      auto named = Name(row + std::to_string(first->number + i), chain, last);
      if (!named) return named;
    }
    return {};
  }

  Result<void> Name(string_view name, string_view chain, std::uint32_t& last) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) {
          return IsNameCharacter(c);
        })) {
      return Fail("a commit cannot be called " + Quoted(name) + " in " +
                  Quoted(chain) +
                  "; write chains, such as 'a-b-c', of names of letters, "
                  "digits and '_'");
    }
    const auto index = static_cast<std::uint32_t>(commits_.size());
    const auto [found, fresh] = index_.emplace(std::string(name), index);
    if (fresh) {
      if (commits_.size() == kMaxDrawing) return TooLarge();
      commits_.push_back({std::string(name), {}});
    }
    const std::uint32_t here = found->second;
    if (last != kNone) {
      if (!edges_.emplace(last, here).second) {
        return Fail(Quoted(commits_[last].name) + " is twice a parent of " +
                    Quoted(name) + "; name it once");
      }
      commits_[here].parents.push_back(last);
    }
    last = here;
    return {};
  }

  [[nodiscard]] tl::unexpected<Error> TooLarge() const {
    return Fail("the drawing has more than " + std::to_string(kMaxDrawing) +
                " commits; take a generator, a DAG file or a repository");
  }

  /// All but those of cycles and what descends from them.
  [[nodiscard]] std::vector<std::uint32_t> ParentsFirst() const {
    std::vector<std::vector<std::uint32_t>> children(commits_.size());
    std::vector<std::size_t> missing(commits_.size());
    std::priority_queue<std::uint32_t, std::vector<std::uint32_t>,
                        std::greater<>>
        ready;
    for (std::uint32_t i = 0; i < commits_.size(); ++i) {
      missing[i] = commits_[i].parents.size();
      if (missing[i] == 0) ready.push(i);
      for (const std::uint32_t parent : commits_[i].parents) {
        children[parent].push_back(i);
      }
    }
    std::vector<std::uint32_t> order;
    order.reserve(commits_.size());
    while (!ready.empty()) {
      const std::uint32_t next = ready.top();
      ready.pop();
      order.push_back(next);
      for (const std::uint32_t child : children[next]) {
        if (--missing[child] == 0) ready.push(child);
      }
    }
    return order;
  }

  /// Names a commit that would be its own ancestor.
  [[nodiscard]] tl::unexpected<Error> Cycle(
      const std::vector<std::uint32_t>& sorted) const {
    std::vector<bool> done(commits_.size(), false);
    for (const std::uint32_t commit : sorted) done[commit] = true;
    // Each commit that is left has a parent that is left.
    auto at = static_cast<std::uint32_t>(
        std::find(done.begin(), done.end(), false) - done.begin());
    std::vector<bool> seen(commits_.size(), false);
    while (!seen[at]) {
      seen[at] = true;
      const auto& parents = commits_[at].parents;
      const auto left =
          std::find_if(parents.begin(), parents.end(),
                       [&done](std::uint32_t parent) { return !done[parent]; });
      REBISECT_CHECK(left != parents.end());
      at = *left;
    }
    return Fail(Quoted(commits_[at].name) +
                " would be its own ancestor; in 'a-b' a is the parent of b");
  }

  const Position& where_;
  Drawing commits_{};  // as first named; parents by that index
  std::unordered_map<std::string, std::uint32_t> index_{};
  std::set<std::pair<std::uint32_t, std::uint32_t>> edges_{};
};

/// Writes chains; commits of a row that follow each other as `n0..n16`.
class ChainWriter {
 public:
  void Begin(const std::string& name) {
    End();
    names_.push_back(name);
  }
  void Append(const std::string& name) { names_.push_back(name); }

  std::vector<std::string> Take() {
    End();
    return std::move(chains_);
  }

 private:
  /// How many names from `from` on are a row.
  [[nodiscard]] std::size_t RowFrom(std::size_t from) const {
    const auto first = TakeApart(names_[from]);
    if (!first) return 1;
    std::size_t count = 1;
    while (from + count < names_.size()) {
      const auto next = TakeApart(names_[from + count]);
      if (!next || next->row != first->row ||
          next->number != first->number + count) {
        break;
      }
      ++count;
    }
    return count;
  }

  void End() {
    if (names_.empty()) return;
    std::string chain;
    for (std::size_t i = 0; i < names_.size();) {
      const std::size_t row = RowFrom(i);
      if (!chain.empty()) chain += '-';
      chain += names_[i];
      if (row > 2) chain += ".." + names_[i + row - 1];
      i += row > 2 ? row : 1;
    }
    chains_.push_back(std::move(chain));
    names_.clear();
  }

  std::vector<std::string> names_{};
  std::vector<std::string> chains_{};
};

}  // namespace

Result<Drawing> ReadDrawing(const std::vector<std::string>& chains,
                            const Position& where) {
  DrawingReader reader(where);
  for (const std::string& text : chains) {
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end =
          std::min(text.find_first_of(",;\n", at), text.size());
      const string_view chain = Trim(string_view(text).substr(at, end - at));
      at = end + 1;
      if (chain.empty()) continue;  // behind the last separator
      REBISECT_RETURN_IF_ERROR(reader.Chain(chain));
    }
  }
  return reader.Finish();
}

std::vector<std::string> ChainsOf(const Drawing& drawing) {
  // A commit is first named behind its first parent, and the rest of its
  // parents follow: so commits are named in their order.
  ChainWriter writer;
  std::uint32_t tail = kNone;
  for (std::uint32_t i = 0; i < drawing.size(); ++i) {
    const auto& [name, parents] = drawing[i];
    if (parents.empty()) writer.Begin(name);
    for (const std::uint32_t parent : parents) {
      if (parent != tail || parent != parents.front()) {
        writer.Begin(drawing[parent].name);
      }
      writer.Append(name);
    }
    tail = i;
  }
  return writer.Take();
}

}  // namespace rebisect
