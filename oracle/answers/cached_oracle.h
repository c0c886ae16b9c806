#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "oracle/answers/oracle.h"

namespace rebisect {

/// Keeps what another oracle answers and gives it again after Rewind(), so
/// that several policies meet the same runs and a slow command runs once.
/// The other oracle is asked for what is not kept, and never rewound.
class CachedOracle final : public Oracle {
 public:
  /// REQUIRES: oracle is not null.
  explicit CachedOracle(std::unique_ptr<Oracle> oracle);

  /// Kept answers are cut into as many runs as are asked for. With `rebuild`
  /// the next kept build, or a new one. One search may want more runs of a
  /// build than another one before a rebuild: the runs of the later builds
  /// are given then. Errors are not kept.
  [[nodiscard]] Result<Answer> Ask(const Question& question) override;
  void Rewind() override;

 private:
  /// One answer, and whether a build begins with it.
  struct Piece {
    Answer answer;
    bool builds = false;
  };
  struct Kept {
    std::vector<Piece> pieces{};
    std::size_t piece = 0;  ///< the next to give
    std::size_t run = 0;    ///< of it
    bool begun = false;     ///< this search has had something
  };

  std::unique_ptr<Oracle> oracle_;
  std::map<CommitId, Kept> kept_;
};

}  // namespace rebisect
