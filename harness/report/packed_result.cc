#include "harness/report/packed_result.h"

#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/text/json_text.h"

namespace rebisect {

/// Takes the events of a parser; what is open lies on a stack, so that depth
/// costs no recursion.
class PackingReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  PackingReader(ResultPacker& packer, bool thin)
      : packer_(packer), thin_(thin) {}

  [[nodiscard]] PackedResult Take() { return std::move(result_); }
  [[nodiscard]] std::size_t column() const { return column_; }
  [[nodiscard]] const std::string& fault() const { return fault_; }

  bool null() override { return Add("null"); }
  bool boolean(bool value) override { return Add(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override {
    return Add(std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return Add(std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return Add(text);
  }
  bool string(string_t& value) override {
    if (open_.size() == 1) {
      if (open_.back().name == "schema") result_.schema = value;
      if (open_.back().name == "recording" || open_.back().name == "name") {
        result_.name = value;
      }
    }
    return Add(QuotedForScript(PrintableLines(value)));
  }
  bool binary(binary_t&) override { return Refuse("binary data"); }

  bool start_object(std::size_t) override { return Open(true); }
  bool key(string_t& name) override {
    open_.back().name = name;
    return true;
  }
  bool end_object() override {
    Level level = Close();
    if (IsPassed(level)) Drop(level, "journal", &journals_left_out_);
    if (open_.empty() && journals_left_out_ > 0) {
      level.members.emplace_back("journals_left_out", "true");
    }
    if (comparisons_left_out_ > 0 && In("groups")) {
      level.members.emplace_back(
          "comparisons_left_out",
          std::to_string(std::exchange(comparisons_left_out_, 0)));
    }
    if (thin_ && In("comparisons") && ValueOf(level, "first") != "1") {
      ++comparisons_left_out_;
      return true;
    }
    std::string names;
    std::string packed;
    for (const auto& [name, value] : level.members) {
      names += (names.empty() ? "" : ",") + QuotedForScript(name);
      packed += ',' + value;
    }
    return Add('[' + std::to_string(packer_.ShapeOf(names)) + packed + ']');
  }

  bool start_array(std::size_t) override {
    return open_.empty() ? Refuse("a list") : Open(false);
  }
  bool end_array() override {
    const Level level = Close();
    std::string packed = "[-1";
    for (const auto& [name, value] : level.members) packed += ',' + value;
    return Add(packed + ']');
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    if (fault_.empty()) fault_ = "the text is cut short or damaged";
    column_ = position;
    return false;
  }

 private:
  struct Level {
    bool object = true;
    std::string name{};  ///< of the member that comes next
    std::vector<std::pair<std::string, std::string>> members{};
  };

  bool Refuse(const std::string& what) {
    fault_ = what;
    return false;
  }

  bool Open(bool object) {
    if (open_.size() >= kMaxResultDepth) return Refuse("nested too deeply");
    open_.push_back({object});
    return true;
  }

  Level Close() {
    Level level = std::move(open_.back());
    open_.pop_back();
    return level;
  }

  bool Add(std::string value) {
    if (open_.empty()) {
      if (value.front() != '[') return Refuse("a single value");
      result_.json = std::move(value);
      return true;
    }
    Level& level = open_.back();
    level.members.emplace_back(level.object ? level.name : std::string(),
                               std::move(value));
    return true;
  }

  /// Whether what was closed is an item of a list of this name.
  [[nodiscard]] bool In(std::string_view list) const {
    return open_.size() >= 2 && !open_.back().object &&
           open_[open_.size() - 2].name == list;
  }

  [[nodiscard]] static std::string_view ValueOf(const Level& level,
                                                std::string_view name) {
    for (const auto& member : level.members) {
      if (member.first == name) return member.second;
    }
    return {};
  }

  [[nodiscard]] bool IsPassed(const Level& level) const {
    return result_.schema == "rebisect.test/1" && In("results") &&
           ValueOf(level, "status") == "\"passed\"";
  }

  static void Drop(Level& level, std::string_view name, std::size_t* dropped) {
    for (auto member = level.members.begin(); member != level.members.end();
         ++member) {
      if (member->first != name) continue;
      level.members.erase(member);
      ++*dropped;
      return;
    }
  }

  ResultPacker& packer_;
  bool thin_;
  std::vector<Level> open_;
  std::size_t comparisons_left_out_ = 0;
  std::size_t journals_left_out_ = 0;
  PackedResult result_;
  std::size_t column_ = 0;
  std::string fault_;
};

namespace {

std::size_t CountComparisons(std::string_view text) {
  constexpr std::string_view kMember = "\"both_right\"";
  std::size_t count = 0;
  for (std::size_t at = text.find(kMember); at != std::string_view::npos;
       at = text.find(kMember, at + kMember.size())) {
    ++count;
  }
  return count;
}

}  // namespace

std::size_t ResultPacker::ShapeOf(const std::string& names) {
  const auto [at, is_new] = numbers_.emplace(names, shapes_.size());
  if (is_new) shapes_.push_back(names);
  return at->second;
}

std::string ResultPacker::Shapes() const {
  std::string text = "[";
  for (const std::string& names : shapes_) {
    text += (text.size() > 1 ? ",[" : "[") + names + ']';
  }
  return text + ']';
}

Result<PackedResult> ResultPacker::Pack(const ResultText& result) {
  PackingReader reader(*this, CountComparisons(result.json) > kMaxComparisons);
  if (nlohmann::json::sax_parse(result.json, &reader)) return reader.Take();
  Position where = result.where;
  where.column = static_cast<int>(reader.column());
  return Fail(ErrorCode::kInput,
              "this is no result (" + reader.fault() +
                  "); a report is made of what commands print with --format "
                  "json, an object a line",
              where);
}

std::string QuotedForScript(const std::string& text) {
  const std::string quoted = JsonText(nlohmann::json(text));
  std::string safe;
  safe.reserve(quoted.size());
  for (const char c : quoted) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace rebisect
