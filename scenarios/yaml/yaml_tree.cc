#include "scenarios/yaml/yaml_tree.h"

#include <cstddef>
#include <exception>
#include <istream>
#include <set>
#include <streambuf>
#include <utility>

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace rebisect {
namespace {

using std::string_view;

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxSize = std::size_t{64} << 20U;

// Leaves the parser from inside a handler; yaml-cpp has no other way out.
struct Refusal : std::exception {
  explicit Refusal(Error what_was_wrong) : error(std::move(what_was_wrong)) {}
  Error error;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& file) : file_(file) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Check(mark, "", anchor);
    Add(NodeAt(mark, YamlNode::Kind::kNull));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Refuse(mark, "aliases are not taken here; write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    Check(mark, tag, anchor);
    YamlNode node = NodeAt(mark, YamlNode::Kind::kScalar);
    node.scalar = value;
    node.quoted = tag == "!";  // yaml-cpp's tag of what is not plain
    Add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, YamlNode::Kind::kSequence);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { Close(); }

  YamlNode Take() { return std::move(root_); }

  [[nodiscard]] Position At(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 1, 1};
    return {file_, mark.line + 1, mark.column + 1};
  }

 private:
  struct Level {
    YamlNode node;
    std::set<std::string> seen;  // keys of a map
  };

  [[noreturn]] void Refuse(const YAML::Mark& mark, std::string message) const {
    throw Refusal(Error{ErrorCode::kInput, std::move(message), At(mark), {}});
  }

  void Check(const YAML::Mark& mark, const std::string& tag,
             YAML::anchor_t anchor) const {
    if (anchor != 0) Refuse(mark, "anchors are not taken here; remove '&...'");
    if (!tag.empty() && tag != "?" && tag != "!") {
      Refuse(mark, "tags are not taken here; remove '" + tag + "'");
    }
  }

  [[nodiscard]] YamlNode NodeAt(const YAML::Mark& mark,
                                YamlNode::Kind kind) const {
    YamlNode node;
    node.kind = kind;
    node.where = At(mark);
    return node;
  }

  void Open(const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor, YamlNode::Kind kind) {
    Check(mark, tag, anchor);
    if (levels_.size() >= kMaxDepth) {
      Refuse(mark, "nested deeper than " + std::to_string(kMaxDepth) +
                       " levels; nothing here is");
    }
    levels_.push_back(Level{NodeAt(mark, kind), {}});
  }

  void Close() {
    YamlNode node = std::move(levels_.back().node);
    levels_.pop_back();
    Add(std::move(node));
  }

  void Add(YamlNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    YamlNode& parent = level.node;
    if (parent.kind == YamlNode::Kind::kSequence ||
        parent.keys.size() > parent.items.size()) {
      parent.items.push_back(std::move(node));
      return;
    }
    if (node.kind != YamlNode::Kind::kScalar) {
      throw Refusal(Error{ErrorCode::kInput,
                          "a key has to be text; write `name: value`",
                          node.where,
                          {}});
    }
    if (!level.seen.insert(node.scalar).second) {
      throw Refusal(
          Error{ErrorCode::kInput,
                "the key '" + node.scalar + "' occurs twice; keep one of them",
                node.where,
                {}});
    }
    parent.keys.push_back(std::move(node));
  }

  std::string file_;
  std::vector<Level> levels_;
  YamlNode root_;
};

// yaml-cpp reads from a stream; this one needs no copy of the bytes. Behind
// the last line it has YAML's mark of the end: without it yaml-cpp takes a
// quoted text that is open there, as in a file that was cut, for a whole one.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(string_view bytes) : marked_(!bytes.ends_with('\n')) {
    Give(bytes);
  }

 private:
  int_type underflow() override {
    if (std::exchange(marked_, true)) return traits_type::eof();
    Give("...\n");
    return traits_type::to_int_type(*gptr());
  }

  void Give(string_view bytes) {
    // The get area is never written through.
    char* const begin = const_cast<char*>(bytes.data());
    setg(begin, begin, begin + bytes.size());
  }

  bool marked_;
};

}  // namespace

const YamlNode* YamlNode::Find(string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].scalar == key) return &items[i];
  }
  return nullptr;
}

Result<YamlNode> ReadYaml(string_view bytes, const std::string& file) {
  if (bytes.size() > kMaxSize) {
    return Fail(ErrorCode::kInput,
                "larger than 64 MiB; split it, no recording is that large",
                {file, 1, 1});
  }
  TreeBuilder builder(file);
  try {
    ViewBuffer buffer(bytes);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      return Fail(ErrorCode::kInput, "no YAML document in this file",
                  {file, 1, 1});
    }
    YamlNode root = builder.Take();
    TreeBuilder second(file);
    if (parser.HandleNextDocument(second)) {
      return Fail(ErrorCode::kInput,
                  "a second document follows the first; keep one a file",
                  second.Take().where);
    }
    return root;
  } catch (const Refusal& refusal) {
    return tl::unexpected<Error>(refusal.error);
  } catch (const YAML::Exception& error) {
    return Fail(ErrorCode::kInput, "this is not YAML: " + error.msg,
                builder.At(error.mark));
  } catch (const std::exception& error) {
    return Fail(ErrorCode::kInput,
                std::string("this is not YAML: ") + error.what(), {file, 1, 1});
  }
}

}  // namespace rebisect
