#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {
namespace {

constexpr FuzzTarget kTargets[] = {
    {"commit", FuzzCommit},
    {"commit-graph", FuzzCommitGraph},
    {"commit-graph-chain", FuzzCommitGraphChain},
    {"csv", FuzzCsv},
    {"dag", FuzzDag},
    {"drawing", FuzzDrawing},
    {"drive", FuzzDrive},
    {"exec-selection", FuzzExecSelection},
    {"exec-verdict", FuzzExecVerdict},
    {"experiment", FuzzExperiment},
    {"expression", FuzzExpression},
    {"gate", FuzzGate},
    {"git-log", FuzzGitLog},
    {"gzip", FuzzGzip},
    {"jsonl", FuzzJsonl},
    {"manifest", FuzzManifest},
    {"noise", FuzzNoise},
    {"path-rules", FuzzPathRules},
    {"pathspec", FuzzPathspec},
    {"policy", FuzzPolicy},
    {"recording", FuzzRecording},
    {"replay", FuzzReplay},
    {"repository", FuzzRepository},
    {"results", FuzzResults},
    {"rules", FuzzRules},
    {"store", FuzzStore},
    {"store-rows", FuzzStoreRows},
    {"suite", FuzzSuite},
    {"syzkaller", FuzzSyzkaller},
    {"tool", FuzzTool},
    {"transcript", FuzzTranscript},
    {"truth", FuzzTruth},
    {"words", FuzzWords},
};

}  // namespace

std::span<const FuzzTarget> FuzzTargets() { return kTargets; }

}  // namespace rebisect::fuzz
