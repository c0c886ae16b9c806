#pragma once

// Sources: dag_text_write.cc: the writer.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"
#include "sim/io/streamed_input.h"

namespace rebisect {

/// A text and what errors call it. Borrowed.
struct NamedText {
  std::string name;
  std::string_view text;
  /// Instead of `text`, one that is still being unpacked.
  StreamedInput* streamed = nullptr;
};

struct DagOptions {
  /// A parent with no line becomes a boundary commit with the date of its
  /// oldest child, instead of an error.
  bool allow_missing = false;
  /// Told now and then how many commits were read. May be empty.
  std::function<void(std::size_t)> progress{};
};

struct DagResult {
  CommitGraph graph;
  std::vector<std::string> notes;   ///< for people; what was passed over
  std::size_t missing_parents = 0;  ///< made up, with allow_missing
};

/// Reads commit graphs from text, a commit a line, in any order:
///
///     <oid> <committer time> <parent oid>...   as git log --format='%H %ct %P'
///     - <oid> <committer time>                 parents not known (boundary)
///     <oid> <name>                             a ref (refs/..., HEAD)
///     # comment
///
/// Ids are 40 hexadecimal digits, times decimal seconds since 1970, perhaps
/// negative; blanks may be repeated, lines may end in CR LF. Several texts
/// are joined: then one may hold again what another holds, in the same
/// words, and a full line replaces the boundary line of another text. Commits
/// get their numbers in the order of their lines (CommitGraph::Build).
/// A name whose commit has no line is left out, with a note.
/// O(bytes); about 20 ns a line and 90 bytes of memory a commit beside the
/// graph.
/// Errors, with file, line and column: kInput for lines of no known form, a
/// commit with two lines, a parent without one, a name that stands for two
/// commits, a cycle (notes: the line of each commit in it), no commit at all;
/// kUnsupported for SHA-256 ids; before all of them what is wrong with a text
/// that was being unpacked.
[[nodiscard]] Result<DagResult> ReadDag(std::span<const NamedText> texts,
                                        const DagOptions& options = {});

/// The graph in that form, oldest commits first (as `git log --reverse`),
/// then its names. ReadDag makes an equal graph of it, but for labels, for
/// which the form has no place, and for names that are not Printable().
[[nodiscard]] std::string WriteDag(const CommitGraph& graph);

}  // namespace rebisect
