#pragma once

#include <span>
#include <string_view>

namespace rebisect::fuzz {

/// A reader under attack.
struct FuzzTarget {
  std::string_view name;
  /// Gives the bytes to the reader, and ends the program with a message where
  /// something that the reader promises does not hold.
  void (*run)(std::string_view bytes);
};

/// All of them, by name. tests/fuzz/targets.txt says what each begins with.
[[nodiscard]] std::span<const FuzzTarget> FuzzTargets();

// records.cc
void FuzzSyzkaller(std::string_view bytes);
void FuzzGitLog(std::string_view bytes);
void FuzzTranscript(std::string_view bytes);
void FuzzRecording(std::string_view bytes);
void FuzzReplay(std::string_view bytes);
// tables.cc
void FuzzCsv(std::string_view bytes);
void FuzzJsonl(std::string_view bytes);
void FuzzTruth(std::string_view bytes);
// suites.cc
void FuzzSuite(std::string_view bytes);
void FuzzDrawing(std::string_view bytes);
void FuzzTool(std::string_view bytes);
// experiments.cc
void FuzzExperiment(std::string_view bytes);
void FuzzManifest(std::string_view bytes);
void FuzzNoise(std::string_view bytes);
// rules.cc
void FuzzGate(std::string_view bytes);
void FuzzPathRules(std::string_view bytes);
void FuzzRules(std::string_view bytes);
void FuzzExpression(std::string_view bytes);
void FuzzPolicy(std::string_view bytes);
// words.cc
void FuzzWords(std::string_view bytes);
void FuzzPathspec(std::string_view bytes);
void FuzzCommit(std::string_view bytes);
// graphs.cc
void FuzzDag(std::string_view bytes);
void FuzzGzip(std::string_view bytes);
void FuzzCommitGraph(std::string_view bytes);
void FuzzCommitGraphChain(std::string_view bytes);
// repository.cc
void FuzzRepository(std::string_view bytes);
// store.cc
void FuzzStore(std::string_view bytes);
void FuzzStoreRows(std::string_view bytes);
// drive.cc
void FuzzDrive(std::string_view bytes);
// results.cc
void FuzzResults(std::string_view bytes);
// programs.cc
void FuzzExecVerdict(std::string_view bytes);
void FuzzExecSelection(std::string_view bytes);

}  // namespace rebisect::fuzz
