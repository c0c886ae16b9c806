// The store under kills, full disks, other files in its place; and merging.

#include "harness/experiment/store/result_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string_view>
#include <utility>

#include "sim/base/prng.h"
#include "tests/harness/experiment/results/experiment_blocks.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using testing_support::AllBlocks;
using testing_support::GetFile;
using testing_support::MakeBlock;
using testing_support::MakeExact;
using testing_support::PutFile;
using testing_support::SmallExperiment;
using testing_support::TempFolder;

using Mode = ResultStore::Mode;

/// Statements by another program.
void Sql(const std::string& path, const char* statements) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(handle, statements, nullptr, nullptr, &message),
            SQLITE_OK)
      << message;
  sqlite3_close(handle);
}

class ResultStoreTest : public ::testing::Test {
 protected:
  /// Everything in a store, as digests in its order.
  static std::vector<std::string> Contents(const std::string& path) {
    std::vector<std::string> contents;
    auto store = ResultStore::Open(path, Mode::kRead);
    if (!store) return {store.error().message};
    const auto keys = store->Experiments();
    if (!keys) return {keys.error().message};
    for (const ExperimentKey key : *keys) {
      contents.push_back(store->DigestOf(key));
      const auto done =
          store->Visit(key, {[&](const BlockResult& block) -> Result<void> {
                               contents.push_back(DigestOf(block));
                               return {};
                             },
                             [&](const ExactCell& cell) -> Result<void> {
                               contents.push_back(DigestOf(cell));
                               return {};
                             }});
      if (!done) contents.push_back(done.error().message);
    }
    return contents;
  }

  static void Fill(const std::string& path, const ExperimentInfo& info,
                   const std::vector<BlockResult>& blocks, bool exact) {
    auto store = ResultStore::Open(path, Mode::kWrite);
    ASSERT_TRUE(store) << store.error().message;
    const auto key = store->Register(info);
    ASSERT_TRUE(key) << key.error().message;
    const auto added = store->AddBlocks(*key, blocks);
    ASSERT_TRUE(added) << added.error().message;
    if (exact) {
      ASSERT_TRUE(store->AddExact(*key, {MakeExact()}));
    }
  }

  static std::string WhyNot(const std::string& path, Mode mode) {
    const auto store = ResultStore::Open(path, mode);
    return store ? "" : FormatError(store.error());
  }

  /// Every trial of the first group in blocks of its own.
  static ExperimentInfo ManyBlocks() {
    ExperimentInfo info = SmallExperiment();
    info.groups.resize(1);
    info.groups[0].cells[0].exact = false;
    info.groups[0].trials = 4000;
    return info;
  }

  /// In another process: adds the blocks that are missing, and says `.` after
  /// each; at an error, what it is. The caller reads from the descriptor.
  struct Writer {
    pid_t process = -1;
    int output = -1;

    /// At most `count` bytes, or all there are.
    [[nodiscard]] std::string Read(std::size_t count) const {
      std::string text(count, '\0');
      std::size_t got = 0;
      while (got < count) {
        const ssize_t more = read(output, text.data() + got, count - got);
        if (more <= 0) break;
        got += static_cast<std::size_t>(more);
      }
      text.resize(got);
      return text;
    }
    void Wait() const {
      close(output);
      waitpid(process, nullptr, 0);
    }
  };
  static Writer StartWriter(const std::string& path, const ExperimentInfo& info,
                            rlim_t file_size = RLIM_INFINITY) {
    int ends[2];
    REBISECT_CHECK(pipe(ends) == 0);
    const pid_t child = fork();
    REBISECT_CHECK(child >= 0);
    if (child == 0) {
      close(ends[0]);
      const rlimit limit{file_size, file_size};
      std::signal(SIGXFSZ, SIG_IGN);
      setrlimit(RLIMIT_FSIZE, &limit);
      const std::string error = AddMissing(path, info, ends[1]);
      (void)!write(ends[1], error.data(), error.size());
      _exit(0);
    }
    close(ends[1]);
    return {child, ends[0]};
  }

  static std::string AddMissing(const std::string& path,
                                const ExperimentInfo& info, int output) {
    auto store = ResultStore::Open(path, Mode::kWrite);
    if (!store) return store.error().message;
    const auto key = store->Register(info);
    if (!key) return key.error().message;
    const auto parts = store->PartsOf(*key);
    if (!parts) return parts.error().message;
    for (std::size_t b = 0; b < parts->blocks[0].size(); ++b) {
      if (parts->blocks[0][b]) continue;
      const auto done = store->AddBlocks(*key, {MakeBlock(info, 0, b)});
      if (!done) return done.error().message;
      (void)!write(output, ".", 1);
    }
    return "";
  }

  static std::size_t BlocksIn(const std::string& path) {
    auto store = ResultStore::Open(path, Mode::kRead);
    if (!store) return 0;  // killed before the tables were there
    const auto keys = store->Experiments();
    EXPECT_TRUE(keys);
    if (!keys || keys->empty()) return 0;
    const auto parts = store->PartsOf(keys->front());
    EXPECT_TRUE(parts);
    return parts ? parts->Blocks() : 0;
  }

  TempFolder folder_;
  const std::string path_ = folder_ / "s.sqlite";
};

TEST_F(ResultStoreTest, KeepsWhatItIsGiven) {
  const ExperimentInfo info = SmallExperiment();
  Fill(path_, info, AllBlocks(info), true);
  auto store = ResultStore::Open(path_, Mode::kRead);
  ASSERT_TRUE(store);
  const auto keys = store->Experiments();
  ASSERT_TRUE(keys && keys->size() == 1);
  EXPECT_EQ(store->InfoOf(keys->front()), info);
  const auto total = store->TotalOf(keys->front());
  ASSERT_TRUE(total) << total.error().message;
  EXPECT_TRUE(total->Complete());
  EXPECT_EQ(total->groups[0].cells[0].exact, MakeExact());
  EXPECT_EQ(total->groups[0].trials, 100U);
  // The same as adding the blocks up by hand.
  std::uint64_t right = 0;
  Int128 squares = 0;
  for (std::size_t b = 0; b < 3; ++b) {
    const BlockResult block = MakeBlock(info, 0, b);
    right += block.cells[2].outcomes[0];
    squares += block.pairs[PairIndex(0, 2, 3)].cost_ms.squares;
  }
  EXPECT_EQ(total->groups[0].cells[2].outcomes[0], right);
  EXPECT_TRUE(total->groups[0].pairs[PairIndex(0, 2, 3)].cost_ms.squares ==
              squares);
  EXPECT_EQ(CountOf(total->groups[0].cells[1].quantities[3]), 100U);
}

TEST_F(ResultStoreTest, TheLargestSumsAreKept) {
  ExperimentInfo info = SmallExperiment();
  info.groups.resize(1);
  info.groups[0].cells.resize(2);
  info.groups[0].cells[0].exact = false;
  info.block_trials = info.groups[0].trials = kMaxBlock;
  const auto none = static_cast<std::int64_t>(0);
  BlockResult block;
  block.cells.resize(2);
  for (std::size_t c = 0; c < 2; ++c) {
    block.cells[c].outcomes[c] = kMaxBlock;
    for (const std::size_t q : {0, 3}) {
      block.cells[c].quantities[q] = {
          {c == 0 ? kMaxQuantity : none, kMaxBlock}};
    }
  }
  block.pairs.resize(1);
  block.pairs[0].right.only_first = kMaxBlock;
  DifferenceSums sums;
  sums.Add(-kMaxQuantity);
  for (int doubled = 0; doubled < 22; ++doubled) sums.Add(DifferenceSums(sums));
  block.pairs[0].tests = block.pairs[0].cost_ms = sums;
  Fill(path_, info, {block}, false);
  EXPECT_EQ(Contents(path_),
            (std::vector<std::string>{info.Digest(), DigestOf(block)}));
}

TEST_F(ResultStoreTest, ABlockIsNeverThereTwice) {
  const ExperimentInfo info = SmallExperiment();
  Fill(path_, info, {MakeBlock(info, 0, 1)}, true);
  const auto before = Contents(path_);
  Fill(path_, info, {MakeBlock(info, 0, 1)}, true);
  EXPECT_EQ(Contents(path_), before);

  // With other figures: nothing of the call is stored.
  ExperimentInfo other = info;
  other.seed = 2;
  BlockResult wrong = MakeBlock(other, 0, 1);
  auto store = ResultStore::Open(path_, Mode::kWrite);
  ASSERT_TRUE(store);
  const auto key = store->Register(info);
  ASSERT_TRUE(key);
  const auto added = store->AddBlocks(*key, {MakeBlock(info, 0, 0), wrong});
  ASSERT_FALSE(added);
  EXPECT_THAT(
      FormatError(added.error()),
      HasSubstr("s.sqlite: error: block 2 of group 1 of experiment " +
                info.Digest().substr(0, 12) + " is stored with other figures"));
  EXPECT_EQ(Contents(path_), before);
}

TEST_F(ResultStoreTest, WhatContradictsItselfIsNotStored) {
  const ExperimentInfo info = SmallExperiment();
  const BlockResult good = MakeBlock(info, 0, 0);
  EXPECT_EQ(FaultOf(good, info), "");
  std::vector<BlockResult> bad(7, good);
  bad[0].block = 3;
  ++bad[1].cells[0].outcomes[1];
  bad[2].cells[1].quantities[0].back().count += 1;
  ++bad[3].pairs[0].right.neither;
  bad[4].pairs[1].tests.sum += 1;
  bad[5].cells[2].calibration.bins[0].count = 1;
  bad[6].cells.pop_back();
  auto store = ResultStore::Open(path_, Mode::kWrite);
  ASSERT_TRUE(store);
  const auto key = store->Register(info);
  ASSERT_TRUE(key);
  for (const BlockResult& block : bad) {
    const auto added = store->AddBlocks(*key, {block});
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, ErrorCode::kInternal);
    // Its digest tells it from the good one.
    EXPECT_NE(DigestOf(block), DigestOf(good));
  }
  EXPECT_EQ(Contents(path_), std::vector<std::string>{info.Digest()});
}

TEST_F(ResultStoreTest, AKilledWriterLosesNothingThatItWasToldIsStored) {
  const ExperimentInfo info = ManyBlocks();
  Prng prng(7, 0, 0);
  std::size_t known = 0;
  for (int round = 0; round < 20; ++round) {
    const Writer writer = StartWriter(path_, info);
    const std::size_t told = writer.Read(prng.Below(4)).size();
    usleep(prng.Below(4000));
    kill(writer.process, SIGKILL);
    writer.Wait();
    const std::size_t stored = BlocksIn(path_);
    EXPECT_GE(stored, known + told) << "round " << round;
    known = stored;
  }
  const Writer last = StartWriter(path_, info);
  EXPECT_EQ(last.Read(1000), std::string(100 - known, '.'));
  last.Wait();
  const std::string whole = folder_ / "whole.sqlite";
  Fill(whole, info, AllBlocks(info), false);
  EXPECT_EQ(Contents(path_), Contents(whole));
}

TEST_F(ResultStoreTest, AFullDiskIsAnErrorAndTheStoreOpensAgain) {
  const ExperimentInfo info = ManyBlocks();
  std::size_t known = 0;
  for (const rlim_t size : {4096, 70'000, 100'000, 130'000}) {
    const Writer writer = StartWriter(path_, info, size);
    const std::string said = writer.Read(1000);
    writer.Wait();
    EXPECT_THAT(said, HasSubstr("what was stored before is safe")) << size;
    known += std::min(said.find_first_not_of('.'), said.size());
    EXPECT_EQ(BlocksIn(path_), known) << size;
  }
  EXPECT_GT(known, 0U);
  const Writer last = StartWriter(path_, info);
  EXPECT_EQ(last.Read(1000), std::string(100 - known, '.'));
  last.Wait();
}

TEST_F(ResultStoreTest, OtherFilesAreRefused) {
  EXPECT_THAT(WhyNot(folder_ / "none.sqlite", Mode::kRead),
              HasSubstr("none.sqlite: error: there is no such store; "));
  EXPECT_THAT(WhyNot(folder_ / "no/such/folder.sqlite", Mode::kWrite),
              HasSubstr("cannot be opened"));
  EXPECT_THAT(WhyNot(folder_.path(), Mode::kWrite),
              HasSubstr("this is a folder"));
  EXPECT_THAT(WhyNot("/dev/null", Mode::kWrite), HasSubstr("no regular file"));
  for (const std::size_t size : {1, 99, 4096, 10'000}) {
    PutFile(folder_ / "text", std::string(size, 'x'));
    for (const Mode mode : {Mode::kRead, Mode::kWrite}) {
      EXPECT_THAT(WhyNot(folder_ / "text", mode),
                  HasSubstr("text: error: this is no result store"))
          << size;
    }
    EXPECT_TRUE(GetFile(folder_ / "text") == std::string(size, 'x')) << size;
  }
  PutFile(folder_ / "empty", "");
  EXPECT_THAT(WhyNot(folder_ / "empty", Mode::kRead),
              HasSubstr("the store is empty"));
  EXPECT_EQ(WhyNot(folder_ / "empty", Mode::kWrite), "");
  Sql(folder_ / "other", "CREATE TABLE t(a)");
  for (const Mode mode : {Mode::kRead, Mode::kWrite}) {
    EXPECT_THAT(WhyNot(folder_ / "other", mode),
                HasSubstr("this SQLite file is no result store"));
  }
}

TEST_F(ResultStoreTest, AnotherSchemaVersionIsRefused) {
  const ExperimentInfo info = SmallExperiment();
  Fill(path_, info, {}, false);
  Sql(path_, "PRAGMA user_version=2");
  for (const Mode mode : {Mode::kRead, Mode::kWrite}) {
    EXPECT_THAT(WhyNot(path_, mode),
                HasSubstr("s.sqlite: error: the store has schema version 2, "
                          "and this rebisect knows version 1; "));
  }
}

TEST_F(ResultStoreTest, ATruncatedStoreIsAnErrorWhereverItEnds) {
  const ExperimentInfo info = SmallExperiment();
  Fill(path_, info, AllBlocks(info), true);
  const std::string whole = GetFile(path_);
  const auto contents = Contents(path_);
  for (std::size_t size = 1; size < whole.size(); size += 1777) {
    PutFile(path_, whole.substr(0, size));
    const auto now = Contents(path_);
    ASSERT_FALSE(now.empty());
    EXPECT_NE(now, contents) << size;
    EXPECT_THAT(now.back(), HasSubstr(" ")) << size;  // a message
  }
}

TEST_F(ResultStoreTest, ChangesByOthersAreNoticed) {
  const ExperimentInfo info = SmallExperiment();
  for (const char* change :
       {"UPDATE cell_block SET \"right\"=\"right\"+1, wrong=wrong-1 WHERE "
        "cell=0 AND block=0 AND trial_group=0",
        "UPDATE cell_block SET tests=x'80' WHERE cell=1",
        "UPDATE cell_block SET tests=x'' WHERE cell=1",
        "UPDATE pair_block SET tests_squares_low=tests_squares_low+1",
        "DELETE FROM pair_block WHERE first_cell=1",
        "DELETE FROM cell_block WHERE cell=1",
        "UPDATE block SET block=7 WHERE block=2",
        "UPDATE block SET trial_group=-1 WHERE block=2",
        "UPDATE experiment SET seed='2'",
        "UPDATE experiment SET block_trials=0",
        "UPDATE trial_group SET graph=9", "DELETE FROM trial_group",
        "UPDATE cell SET retry_policy='x'", "UPDATE exact_cell SET wrong=.3",
        "UPDATE exact_cost SET mean=mean+1e-9",
        "UPDATE exact_cell SET cell=1"}) {
    const std::string path = folder_ / "changed.sqlite";
    std::filesystem::remove(path);
    Fill(path, info, AllBlocks(info), true);
    Sql(path, change);
    const auto contents = Contents(path);
    ASSERT_FALSE(contents.empty());
    EXPECT_THAT(contents.back(),
                HasSubstr("the store was changed by something else: "))
        << change;
  }
}

TEST_F(ResultStoreTest, AWriterInTheWayIsNamed) {
  const ExperimentInfo info = SmallExperiment();
  Fill(path_, info, {}, false);
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
  sqlite3_exec(handle, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr);
  EXPECT_THAT(WhyNot(path_, Mode::kRead),
              HasSubstr("another process is using the store"));
  sqlite3_close(handle);
}

/// While any store is opened: before its first statement that reads the
/// version, another process makes a store of the same name, unless a lock
/// forbids it.
class MadeByAnother {
 public:
  MadeByAnother(std::string made, std::string path)
      : made_(std::move(made)), path_(std::move(path)) {
    active_ = this;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(Watch));
  }
  ~MadeByAnother() {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(Watch));
    active_ = nullptr;
  }
  MadeByAnother(const MadeByAnother&) = delete;
  MadeByAnother& operator=(const MadeByAnother&) = delete;

  [[nodiscard]] bool Tried() const { return tried_; }

 private:
  static int Watch(sqlite3* handle, char** /*message*/, const void* /*api*/) {
    return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, Before, nullptr);
  }

  static int Before(unsigned /*event*/, void* /*context*/, void* /*statement*/,
                    void* text) {
    const std::string_view sql(static_cast<const char*>(text));
    if (active_->tried_ || sql.find("user_version") == std::string_view::npos) {
      return 0;
    }
    active_->tried_ = true;
    sqlite3* from = nullptr;
    sqlite3* to = nullptr;
    sqlite3_open(active_->made_.c_str(), &from);
    sqlite3_open(active_->path_.c_str(), &to);
    sqlite3_backup* copy = sqlite3_backup_init(to, "main", from, "main");
    sqlite3_backup_step(copy, -1);
    sqlite3_backup_finish(copy);
    sqlite3_close(to);
    sqlite3_close(from);
    return 0;
  }

  static inline MadeByAnother* active_ = nullptr;
  std::string made_;
  std::string path_;
  bool tried_ = false;
};

TEST_F(ResultStoreTest, AnotherProcessMayMakeItAtTheSameTime) {
  const std::string made = folder_ / "made.sqlite";
  Fill(made, SmallExperiment(), {}, false);
  const MadeByAnother another(made, path_);
  auto store = ResultStore::Open(path_, Mode::kWrite);
  EXPECT_TRUE(another.Tried());
  ASSERT_TRUE(store.has_value()) << store.error().message;
  EXPECT_TRUE(store->Experiments().has_value());
}

TEST_F(ResultStoreTest, AStoreWithoutWritePermissionIsReadOnly) {
  const ExperimentInfo info = SmallExperiment();
  Fill(path_, info, AllBlocks(info), true);
  const auto contents = Contents(path_);
  std::filesystem::permissions(path_, std::filesystem::perms(0444));
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0555));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // Permissions do not bind root.
    if (geteuid() == 0 && setuid(65534) != 0) _exit(3);
    const bool refused =
        WhyNot(path_, Mode::kWrite).find("may not be written") !=
        std::string::npos;
    const bool made =
        WhyNot(folder_ / "new.sqlite", Mode::kWrite).find("cannot be opened") ==
        std::string::npos;
    _exit((refused ? 0 : 1) + (Contents(path_) == contents ? 0 : 2) +
          (made ? 4 : 0));
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(ResultStoreTest, AnySplitOfTheBlocksMergesToTheSame) {
  const ExperimentInfo info = SmallExperiment();
  const ExperimentInfo second = SmallExperiment(2);
  const auto blocks = AllBlocks(info);
  const std::string whole = folder_ / "whole.sqlite";
  Fill(whole, info, blocks, true);
  Fill(whole, second, AllBlocks(second), false);
  const auto expected = Contents(whole);
  Prng prng(11, 0, 0);
  for (int round = 0; round < 6; ++round) {
    const std::string base = folder_ / ("r" + std::to_string(round) + "-");
    std::vector<std::string> paths;
    for (int part = 0; part < 3; ++part) {
      std::vector<BlockResult> some;
      for (std::size_t i = blocks.size(); i-- > 0;) {
        // Each block in one of the parts, some in several.
        if (i % 3 == static_cast<std::size_t>(part) || prng.Below(3) == 0) {
          some.push_back(blocks[i]);
        }
      }
      paths.push_back(base + std::to_string(part));
      if (prng.Below(2) == 0) Fill(paths.back(), second, {}, false);
      Fill(paths.back(), info, some, part == 1);
    }
    Fill(paths[prng.Below(3)], second, AllBlocks(second), false);
    std::swap(paths[0], paths[prng.Below(3)]);
    const std::string into = round % 2 == 0 ? base + "new" : paths[0];
    const auto merged = MergeStores(into, paths);
    ASSERT_TRUE(merged) << FormatError(merged.error());
    EXPECT_EQ(Contents(into), expected) << round;
    ASSERT_TRUE(MergeStores(into, {whole, into}));
    EXPECT_EQ(Contents(into), expected) << round;
  }
}

TEST_F(ResultStoreTest, AMergeOfOtherFiguresNamesBothStores) {
  const ExperimentInfo info = SmallExperiment();
  ExperimentInfo other = info;
  other.seed = 2;
  Fill(folder_ / "a", info, {MakeBlock(info, 0, 0)}, false);
  Fill(folder_ / "b", info, {MakeBlock(info, 0, 1), MakeBlock(other, 0, 0)},
       false);
  Fill(folder_ / "into", info, {MakeBlock(info, 1, 0)}, false);
  const auto before = Contents(folder_ / "into");
  for (const char* into : {"into", "new"}) {
    const auto merged =
        MergeStores(folder_ / into, {folder_ / "a", folder_ / "b"});
    ASSERT_FALSE(merged);
    EXPECT_THAT(FormatError(merged.error()),
                HasSubstr("b: error: block 1 of group 1 of experiment "));
    EXPECT_THAT(FormatError(merged.error()),
                HasSubstr("note: the other is in " + (folder_ / "a")));
  }
  EXPECT_EQ(Contents(folder_ / "into"), before);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "new"));
  const auto into_b = MergeStores(folder_ / "b", {folder_ / "a"});
  ASSERT_FALSE(into_b);
  EXPECT_THAT(FormatError(into_b.error()),
              HasSubstr("note: the other is in " + (folder_ / "b")));
  PutFile(folder_ / "text", "no store");
  EXPECT_FALSE(MergeStores(folder_ / "new", {folder_ / "a", folder_ / "text"}));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "new"));
}

}  // namespace
}  // namespace rebisect
