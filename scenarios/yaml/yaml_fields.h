#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/result.h"

namespace rebisect {

/// Reads the fields of one YAML mapping into variables. The first thing that
/// is wrong is kept and ends the reading; Finish() reports it, or a key that
/// was not asked for. A field that is not there leaves its variable alone.
/// `node` must outlive the object.
class YamlFields {
 public:
  /// `what` names the mapping in messages: "a recording", "a test".
  YamlFields(const YamlNode& node, std::string_view what);

  /// The node of a field, for what is read by other means; nullptr when it is
  /// not there. Marks the key as known.
  const YamlNode* Node(std::string_view key);

  void Text(std::string_view key, std::string* value);
  void Flag(std::string_view key, bool* value);
  void Int(std::string_view key, std::optional<int>* value);
  void Number(std::string_view key, std::optional<double>* value);
  /// A whole number with both ends of its range included.
  void Whole(std::string_view key, std::uint64_t low, std::uint64_t high,
             std::optional<std::uint64_t>* value);
  /// A number from 0 to 1.
  void Share(std::string_view key, double* value);
  /// A list of texts; one text alone stands for a list of one.
  void Texts(std::string_view key, std::vector<std::string>* value);
  void TextMap(std::string_view key, std::map<std::string, std::string>* value);

  /// Keeps the error if it is the first.
  void Fail(const Position& where, std::string message);
  void Fail(Error error);

  /// Errors: the first one kept, else a key that is not known, with the
  /// nearest that is.
  [[nodiscard]] Result<void> Finish();

 private:
  const YamlNode* Scalar(std::string_view key);

  const YamlNode& node_;
  std::string_view what_;
  std::vector<std::string_view> known_;
  std::optional<Error> error_;
};

/// Errors: kInput for a key of the mapping that is neither `kind` nor one of
/// `others`, which go with it.
[[nodiscard]] Result<void> OnlyKeys(
    const YamlNode& node, std::string_view kind,
    std::initializer_list<std::string_view> others);

}  // namespace rebisect
