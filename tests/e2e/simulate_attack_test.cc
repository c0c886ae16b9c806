// A run that is killed, interrupted, or out of room, at whatever moment: the
// store opens, the same command goes on, and the results are those of a run
// that nobody disturbed. None of this depends on when things happen: moments
// only choose what is attacked.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "harness/experiment/store/result_store.h"
#include "sim/base/prng.h"
#include "tests/e2e/child.h"
#include "tests/harness/testing/program.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using testing_support::Child;
using testing_support::GetFile;
using testing_support::ProcessResult;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProcess;
using testing_support::RunProgram;
using testing_support::TempFolder;

constexpr int kKilled = 128 + SIGKILL;

/// Many small blocks, by trees, sessions and policies that are asked.
std::string Experiment(std::uint64_t trials) {
  return "rebisect: experiment/1\nname: attacked\nblock-trials: 8\ntrials: " +
         std::to_string(trials) +
         "\ngraphs: {generate: kernel, commits: 80, seed: 3}\n"
         "truths: [every, none]\n"
         "noise: {name: v, false-bad: 0.05, false-good: 0.02}\n"
         "select: [git, random, facf]\n";
}

class SimulateAttackTest : public ::testing::Test {
 protected:
  /// Makes an experiment that takes more than a second in this build (results
  /// are written every half second), and runs it undisturbed.
  void SetUp() override {
    for (std::uint64_t trials = 500; trials <= 128'000; trials *= 2) {
      PutFile(experiment_, Experiment(trials));
      std::filesystem::remove(whole_);
      const auto begin = steady_clock::now();
      Complete(whole_, {"-j", "1"});
      took_ = duration_cast<microseconds>(steady_clock::now() - begin);
      if (took_ > std::chrono::milliseconds(1200)) break;
    }
    expected_ = Export(whole_);
    ASSERT_THAT(expected_, HasSubstr("\"complete\":true"));
  }

  [[nodiscard]] std::vector<std::string> Simulate(
      const std::string& store, const std::vector<std::string>& more) const {
    std::vector<std::string> words{REBISECT_PROGRAM, "simulate", experiment_,
                                   "--store", store};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  /// A run to its end.
  void Complete(const std::string& store,
                const std::vector<std::string>& more = {}) const {
    Child child(Simulate(store, more), errors_);
    EXPECT_EQ(child.Wait(), 0) << Said();
  }

  [[nodiscard]] std::string Said() const { return GetFile(errors_); }

  static std::string Export(const std::string& store) {
    const ProgramRun run =
        RunProgram({"results", "export", store, "--format", "json"});
    EXPECT_EQ(run.exit_code, 0) << run.errors;
    return run.out;
  }

  /// Blocks that are stored; none when there is no store yet.
  static std::size_t Stored(const std::string& path) {
    auto store = ResultStore::Open(path, ResultStore::Mode::kRead);
    if (!store) return 0;
    const auto keys = store->Experiments();
    EXPECT_TRUE(keys.has_value());
    if (!keys || keys->empty()) return 0;
    const auto parts = store->PartsOf(keys->front());
    EXPECT_TRUE(parts.has_value());
    return parts ? parts->Blocks() : 0;
  }

  TempFolder folder_;
  const std::string experiment_ = folder_ / "e.yaml";
  const std::string store_ = folder_ / "s.sqlite";
  const std::string whole_ = folder_ / "whole.sqlite";
  const std::string errors_ = folder_ / "errors";
  std::string expected_;
  microseconds took_{};
};

TEST_F(SimulateAttackTest, KilledTwentyTimes) {
  Prng prng(4, 0, 0);
  const std::string journal = store_ + "-journal";
  int kills = 0;
  std::size_t known = 0;
  for (int round = 0; kills < 20; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_LT(round, 200) << "the runs end before they are killed";
    Child child(Simulate(store_, {"-j", round % 3 == 0 ? "2" : "1"}), errors_);
    // At any moment; and every other time, at the next one at which something
    // is written.
    usleep(prng.Below(static_cast<std::uint32_t>(took_.count())));
    if (round % 2 == 1) {
      while (!child.Ended() && !std::filesystem::exists(journal)) usleep(100);
      usleep(prng.Below(20'000));
    }
    child.Signal(SIGKILL);
    const int code = child.Wait();
    ASSERT_THAT(code, AnyOf(0, kKilled)) << Said();
    if (code == 0) {
      EXPECT_EQ(Export(store_), expected_);
      std::filesystem::remove(store_);
      known = 0;
      continue;
    }
    // Half of the killed stores are first seen by the run that goes on.
    if (++kills % 2 == 0) continue;
    const std::size_t stored = Stored(store_);
    EXPECT_GE(stored, known);
    known = stored;
  }
  Complete(store_);
  EXPECT_EQ(Export(store_), expected_);
  EXPECT_FALSE(std::filesystem::exists(journal));
}

TEST_F(SimulateAttackTest, InterruptedRunsGoOn) {
  int interrupted = 0;
  for (const int signal : {SIGINT, SIGTERM}) {
    SCOPED_TRACE(signal);
    std::filesystem::remove(store_);
    Child child(Simulate(store_, {"-j", "1"}), errors_);
    // Once something is stored it has begun for sure, and listens.
    while (!child.Ended() && Stored(store_) == 0) usleep(2000);
    child.Signal(signal);
    const int code = child.Wait();
    ASSERT_THAT(code, AnyOf(0, 130)) << Said();
    if (code == 130) {
      ++interrupted;
      EXPECT_THAT(Said(), HasSubstr("the same command goes on from there"));
      EXPECT_GT(Stored(store_), 0U);
    }
    Complete(store_);
    EXPECT_EQ(Export(store_), expected_);
  }
  if (interrupted == 0) GTEST_SKIP() << "the runs end before the signal comes";
}

TEST_F(SimulateAttackTest, FilesThatMayNotGrow) {
  const auto size = static_cast<rlim_t>(std::filesystem::file_size(whole_));
  std::size_t known = 0;
  // A run in parts may leave a store of some pages more or less.
  for (const rlim_t limit : {rlim_t{2000}, size / 4, size / 2, size / 4 * 3}) {
    SCOPED_TRACE(limit);
    {
      Child child(Simulate(store_, {}), errors_, limit);
      EXPECT_EQ(child.Wait(), 2);
    }
    EXPECT_THAT(Said(), HasSubstr("s.sqlite: error: "));
    EXPECT_THAT(Said(), HasSubstr("what was stored before is safe"));
    const std::size_t stored = Stored(store_);
    EXPECT_GE(stored, known);
    known = stored;
  }
  Complete(store_);
  EXPECT_EQ(Export(store_), expected_);
}

TEST_F(SimulateAttackTest, AFullDisk) {
  // A small file system that nobody else sees, and that ends with the shell.
  const std::string kScript = R"sh(
    set -u
    program=$1 experiment=$2 folder=$3 size=$4
    mkdir "$folder/disk" &&
      mount -t tmpfs -o "size=$size" tmpfs "$folder/disk" || exit 77
    store=$folder/disk/s.sqlite
    "$program" simulate "$experiment" --store "$store"
    echo "full: $?"
    "$program" results list "$store" | grep -c ' of '
    mount -o remount,size=64m "$folder/disk" || exit 77
    "$program" simulate "$experiment" --store "$store" >"$folder/shown" 2>&1
    echo "resumed: $?"
    "$program" results export "$store" --format json >"$folder/exported"
  )sh";
  const std::uintmax_t size = std::filesystem::file_size(whole_) / 2;
  const ProcessResult run = RunProcess(
      {"unshare", "--map-root-user", "--mount", "sh", "-c", kScript, "sh",
       REBISECT_PROGRAM, experiment_, folder_.path(), std::to_string(size)});
  if (run.exit_code != 0) {
    GTEST_SKIP() << "no file system can be mounted here: " << run.err;
  }
  // Whether anything was stored before depends on how large blocks are: the
  // file may be empty, or have no more than its tables. It opens either way.
  EXPECT_THAT(run.out,
              AnyOf("full: 2\n0\nresumed: 0\n", "full: 2\n1\nresumed: 0\n"))
      << run.err;
  EXPECT_THAT(run.err, HasSubstr("the disk is full; what was stored before is "
                                 "safe"));
  EXPECT_EQ(GetFile(folder_ / "exported"), expected_);
}

TEST_F(SimulateAttackTest, TwoProcessesMayShareAStore) {
  {
    Child one(Simulate(store_, {"-j", "1", "--shard", "1/2"}), errors_);
    Child other(Simulate(store_, {"-j", "1", "--shard", "2/2"}),
                folder_ / "other");
    EXPECT_EQ(one.Wait(), 0) << Said();
    EXPECT_EQ(other.Wait(), 0) << GetFile(folder_ / "other");
  }
  EXPECT_EQ(Export(store_), expected_);
  // CheckUnique the same work at a time: nothing is there twice.
  std::filesystem::remove(store_);
  {
    Child one(Simulate(store_, {"-j", "1"}), errors_);
    Child other(Simulate(store_, {"-j", "1"}), folder_ / "other");
    EXPECT_EQ(one.Wait(), 0) << Said();
    EXPECT_EQ(other.Wait(), 0) << GetFile(folder_ / "other");
  }
  EXPECT_EQ(Export(store_), expected_);
}

}  // namespace
}  // namespace rebisect
