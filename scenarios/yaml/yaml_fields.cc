#include "scenarios/yaml/yaml_fields.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <utility>

#include "sim/base/text.h"

namespace rebisect {

using std::string_view;

namespace {}  // namespace

YamlFields::YamlFields(const YamlNode& node, string_view what)
    : node_(node), what_(what) {
  if (node.kind != YamlNode::Kind::kMap) {
    Fail(node.where,
         std::string(what) + " has to be a mapping of `key: value`");
  }
}

const YamlNode* YamlFields::Node(string_view key) {
  known_.push_back(key);
  if (error_.has_value()) return nullptr;
  return node_.Find(key);
}

const YamlNode* YamlFields::Scalar(string_view key) {
  const YamlNode* const node = Node(key);
  if (node == nullptr) return nullptr;
  if (node->kind != YamlNode::Kind::kScalar) {
    Fail(node->where,
         "'" + std::string(key) + "' has to be one value, not " +
             (node->kind == YamlNode::Kind::kNull ? "nothing; leave the key out"
                                                  : "a list or a mapping"));
    return nullptr;
  }
  return node;
}

void YamlFields::Text(string_view key, std::string* value) {
  if (const YamlNode* const node = Scalar(key)) *value = node->scalar;
}

void YamlFields::Flag(string_view key, bool* value) {
  const YamlNode* const node = Scalar(key);
  if (node == nullptr) return;
  if (node->scalar != "true" && node->scalar != "false") {
    Fail(node->where, "'" + std::string(key) +
                          "' has to be true or false, not '" + node->scalar +
                          "'");
    return;
  }
  *value = node->scalar == "true";
}

void YamlFields::Int(string_view key, std::optional<int>* value) {
  const YamlNode* const node = Scalar(key);
  if (node == nullptr) return;
  *value = ToInt(node->scalar);
  if (!value->has_value()) {
    Fail(node->where, "'" + std::string(key) +
                          "' has to be a whole number, not '" + node->scalar +
                          "'");
  }
}

void YamlFields::Number(string_view key, std::optional<double>* value) {
  const YamlNode* const node = Scalar(key);
  if (node == nullptr) return;
  *value = ToDouble(node->scalar);
  if (!value->has_value()) {
    Fail(node->where, "'" + std::string(key) +
                          "' has to be a finite number, not '" + node->scalar +
                          "'");
  }
}

void YamlFields::Whole(string_view key, std::uint64_t low, std::uint64_t high,
                       std::optional<std::uint64_t>* value) {
  std::string text;
  Text(key, &text);
  const YamlNode* const node = Node(key);
  if (node == nullptr) return;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number >= low && number <= high) {
    *value = number;
    return;
  }
  Fail(node->where, Quote(key) + " has to be a whole number from " +
                        std::to_string(low) + " to " + std::to_string(high) +
                        ", not " + Quote(text));
}

void YamlFields::Share(string_view key, double* value) {
  std::optional<double> number;
  Number(key, &number);
  if (!number) return;
  if (*number < 0 || *number > 1) {
    Fail(node_.PlaceOf(key), Quote(key) + " has to be a number from 0 to 1");
    return;
  }
  *value = *number;
}

void YamlFields::Texts(string_view key, std::vector<std::string>* value) {
  const YamlNode* const node = Node(key);
  if (node == nullptr) return;
  if (node->kind == YamlNode::Kind::kScalar) {
    value->push_back(node->scalar);
    return;
  }
  if (node->kind != YamlNode::Kind::kSequence) {
    Fail(node->where, "'" + std::string(key) + "' has to be a list");
    return;
  }
  std::vector<std::string> texts;
  for (const YamlNode& item : node->items) {
    if (item.kind != YamlNode::Kind::kScalar) {
      Fail(item.where, "'" + std::string(key) + "' has to be a list of texts");
      return;
    }
    texts.push_back(item.scalar);
  }
  value->insert(value->end(), std::make_move_iterator(texts.begin()),
                std::make_move_iterator(texts.end()));
}

void YamlFields::TextMap(string_view key,
                         std::map<std::string, std::string>* value) {
  const YamlNode* const node = Node(key);
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::kMap) {
    Fail(node->where, "'" + std::string(key) + "' has to be a mapping");
    return;
  }
  for (std::size_t i = 0; i < node->keys.size(); ++i) {
    if (node->items[i].kind != YamlNode::Kind::kScalar) {
      Fail(node->items[i].where,
           "'" + std::string(key) + "' has to map texts to texts");
      return;
    }
    (*value)[node->keys[i].scalar] = node->items[i].scalar;
  }
}

void YamlFields::Fail(const Position& where, std::string message) {
  Fail(Error{ErrorCode::kInput, std::move(message), where, {}});
}

void YamlFields::Fail(Error error) {
  if (!error_.has_value()) error_ = std::move(error);
}

Result<void> YamlFields::Finish() {
  if (error_.has_value()) return tl::unexpected<Error>(*error_);
  const std::set<string_view> known(known_.begin(), known_.end());
  for (const YamlNode& key : node_.keys) {
    if (known.count(key.scalar) > 0) continue;
    return rebisect::Fail(ErrorCode::kInput,
                          "unknown key '" + key.scalar + "' in " +
                              std::string(what_) +
                              SuggestWord(key.scalar, known_),
                          key.where);
  }
  return {};
}

/// Errors: a key that is not among those that go with `kind`.
Result<void> OnlyKeys(const YamlNode& node, string_view kind,
                      std::initializer_list<string_view> others) {
  for (const YamlNode& key : node.keys) {
    if (key.scalar == kind) continue;
    if (std::find(others.begin(), others.end(), key.scalar) != others.end()) {
      continue;
    }
    return Fail(ErrorCode::kInput,
                Quote(key.scalar) + " does not go with " + Quote(kind) +
                    "; leave it out",
                key.where);
  }
  return {};
}

}  // namespace rebisect
