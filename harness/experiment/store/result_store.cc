#include "harness/experiment/store/result_store.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

constexpr std::int64_t kSchemaVersion = 1;
/// "rbis", which tells a store from other SQLite files.
constexpr std::int64_t kApplicationId = 0x72626973;

// Tables with large rows keep their own row ids; the others are sorted by
// their keys.
constexpr const char* kTables = R"sql(
CREATE TABLE experiment(
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  spec_digest TEXT NOT NULL,
  seed TEXT NOT NULL,
  version TEXT NOT NULL,
  block_trials INTEGER NOT NULL
) STRICT;
CREATE TABLE graph(
  experiment INTEGER NOT NULL REFERENCES experiment(id),
  graph INTEGER NOT NULL,
  digest TEXT NOT NULL,
  commits INTEGER NOT NULL,
  edges INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY(experiment, graph)
) STRICT, WITHOUT ROWID;
CREATE TABLE trial_group(
  experiment INTEGER NOT NULL REFERENCES experiment(id),
  trial_group INTEGER NOT NULL,
  graph INTEGER NOT NULL,
  truth TEXT NOT NULL,
  noise TEXT NOT NULL,
  budget TEXT NOT NULL,
  trials INTEGER NOT NULL,
  PRIMARY KEY(experiment, trial_group)
) STRICT, WITHOUT ROWID;
CREATE TABLE cell(
  experiment INTEGER NOT NULL REFERENCES experiment(id),
  trial_group INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  select_policy TEXT NOT NULL,
  retry_policy TEXT NOT NULL,
  verdict_policy TEXT NOT NULL,
  exact INTEGER NOT NULL,
  PRIMARY KEY(experiment, trial_group, cell)
) STRICT, WITHOUT ROWID;
CREATE TABLE block(
  experiment INTEGER NOT NULL REFERENCES experiment(id),
  trial_group INTEGER NOT NULL,
  block INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY(experiment, trial_group, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE cell_block(
  experiment INTEGER NOT NULL REFERENCES experiment(id),
  trial_group INTEGER NOT NULL,
  block INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  "right" INTEGER NOT NULL,
  wrong INTEGER NOT NULL,
  unnamed INTEGER NOT NULL,
  only_skipped INTEGER NOT NULL,
  aborted INTEGER NOT NULL,
  over_budget INTEGER NOT NULL,
  tests BLOB NOT NULL,
  runs BLOB NOT NULL,
  builds BLOB NOT NULL,
  cost_ms BLOB NOT NULL,
  calibration BLOB NOT NULL,
  UNIQUE(experiment, trial_group, block, cell)
) STRICT;
CREATE TABLE pair_block(
  experiment INTEGER NOT NULL REFERENCES experiment(id),
  trial_group INTEGER NOT NULL,
  block INTEGER NOT NULL,
  first_cell INTEGER NOT NULL,
  second_cell INTEGER NOT NULL,
  both_right INTEGER NOT NULL,
  only_first INTEGER NOT NULL,
  only_second INTEGER NOT NULL,
  neither INTEGER NOT NULL,
  tests_sum INTEGER NOT NULL,
  tests_squares_high INTEGER NOT NULL,
  tests_squares_low INTEGER NOT NULL,
  cost_ms_sum INTEGER NOT NULL,
  cost_ms_squares_high INTEGER NOT NULL,
  cost_ms_squares_low INTEGER NOT NULL,
  PRIMARY KEY(experiment, trial_group, block, first_cell, second_cell)
) STRICT, WITHOUT ROWID;
CREATE TABLE exact_cell(
  experiment INTEGER NOT NULL REFERENCES experiment(id),
  trial_group INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  "right" REAL NOT NULL,
  wrong REAL NOT NULL,
  unnamed REAL NOT NULL,
  only_skipped REAL NOT NULL,
  aborted REAL NOT NULL,
  over_budget REAL NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY(experiment, trial_group, cell)
) STRICT, WITHOUT ROWID;
CREATE TABLE exact_cost(
  experiment INTEGER NOT NULL REFERENCES experiment(id),
  trial_group INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  quantity TEXT NOT NULL,
  mean REAL NOT NULL,
  p50 INTEGER NOT NULL,
  p95 INTEGER NOT NULL,
  max INTEGER NOT NULL,
  PRIMARY KEY(experiment, trial_group, cell, quantity)
) STRICT, WITHOUT ROWID;
)sql";

std::size_t SetIn(const std::vector<std::vector<bool>>& flags) {
  std::size_t count = 0;
  for (const std::vector<bool>& row : flags) {
    count += static_cast<std::size_t>(std::count(row.begin(), row.end(), true));
  }
  return count;
}

}  // namespace

std::size_t StoredParts::Blocks() const { return SetIn(blocks); }
std::size_t StoredParts::ExactCells() const { return SetIn(exact); }

Result<ResultStore> ResultStore::Open(const std::string& path, Mode mode) {
  REBISECT_ASSIGN_OR_RETURN(auto database,
                            Database::Open(path, mode == Mode::kWrite));
  ResultStore store(std::move(database), mode);
  REBISECT_RETURN_IF_ERROR(store.Prepare());
  return store;
}

tl::unexpected<Error> ResultStore::Damaged(const std::string& what) const {
  return Fail(ErrorCode::kInput,
              "the store was changed by something else: " + what +
                  "; run the experiment into a new store",
              {path(), 0, 0});
}

Result<void> ResultStore::Prepare() {
  // A rollback journal, not a write-ahead log: the store is one file, which
  // may lie on a network file system and may be copied between runs. FULL: a
  // transaction is on the disk before its call returns, and neither a kill
  // nor a power cut leaves half of one; what follows a full disk is the
  // rollback, which needs no room.
  //
  // What the file is, is read in one transaction: another process may be
  // making it.
  auto done = database_.Execute("PRAGMA synchronous=FULL; BEGIN");
  if (!done) return done;
  REBISECT_ASSIGN_OR_RETURN(const auto application,
                            database_.Integer("PRAGMA application_id"));
  REBISECT_ASSIGN_OR_RETURN(const auto version,
                            database_.Integer("PRAGMA user_version"));
  REBISECT_ASSIGN_OR_RETURN(
      const auto tables,
      database_.Integer("SELECT count(*) FROM sqlite_schema"));
  done = database_.Execute("COMMIT");
  if (!done) return done;
  const Position where{path(), 0, 0};
  if (tables == 0 && application == 0 && version == 0) {
    // Nothing yet: a new file, or one whose maker was stopped at once.
    if (mode_ == Mode::kWrite) return MakeTables();
    return Fail(ErrorCode::kInput,
                "the store is empty; `rebisect simulate --store` fills one",
                where);
  }
  if (application != kApplicationId) {
    return Fail(ErrorCode::kInput,
                "this SQLite file is no result store; give one that `rebisect "
                "simulate --store` made, or the name of a new file",
                where);
  }
  if (version != kSchemaVersion) {
    return Fail(ErrorCode::kInput,
                "the store has schema version " + std::to_string(version) +
                    ", and this rebisect knows version " +
                    std::to_string(kSchemaVersion) +
                    "; use the rebisect that made it, or a new store",
                where);
  }
  if (mode_ == Mode::kWrite && database_.ReadOnly()) {
    return Fail(ErrorCode::kPermission,
                "the store may not be written; see to the permissions of the "
                "file, or give another",
                where);
  }
  return {};
}

Result<void> ResultStore::MakeTables() {
  return InTransaction([this]() -> Result<void> {
    // Another process may have been first.
    REBISECT_ASSIGN_OR_RETURN(
        const auto tables,
        database_.Integer("SELECT count(*) FROM sqlite_schema"));
    if (tables > 0) return {};
    return database_.Execute(
        std::string(kTables) +
        "PRAGMA application_id=" + std::to_string(kApplicationId) +
        ";PRAGMA user_version=" + std::to_string(kSchemaVersion));
  });
}

Result<void> ResultStore::InTransaction(
    const std::function<Result<void>()>& body) {
  if (database_.InTransaction()) return body();
  // A writer takes its lock at once, so that it waits where it may wait.
  auto done =
      database_.Execute(mode_ == Mode::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
  if (!done) return done;
  done = body();
  if (done) done = database_.Execute("COMMIT");
  // What fails may have ended the transaction already.
  if (!done && database_.InTransaction()) {
    (void)database_.Execute("ROLLBACK");
  }
  return done;
}

Result<ExperimentKey> ResultStore::Register(const ExperimentInfo& experiment) {
  REBISECT_CHECK(mode_ == Mode::kWrite && FaultOf(experiment).empty());
  const Known known{experiment, experiment.Digest()};
  std::int64_t row = 0;
  REBISECT_RETURN_IF_ERROR(InTransaction([&]() -> Result<void> {
    REBISECT_ASSIGN_OR_RETURN(
        auto find,
        database_.Prepare("SELECT id FROM experiment WHERE digest=?"));
    find.Begin(known.digest);
    REBISECT_ASSIGN_OR_RETURN(const auto found, find.Next());
    if (found) {
      row = find.Integer(0);
      return {};
    }
    REBISECT_ASSIGN_OR_RETURN(
        const auto next,
        database_.Integer("SELECT coalesce(max(id), 0) + 1 FROM experiment"));
    row = next;
    return InsertExperiment(row, known);
  }));
  const auto key = static_cast<ExperimentKey>(row);
  known_.insert_or_assign(key, known);
  return key;
}

Result<void> ResultStore::InsertExperiment(std::int64_t row,
                                           const Known& known) {
  const ExperimentInfo& info = known.info;
  REBISECT_ASSIGN_OR_RETURN(
      auto experiment,
      database_.Prepare(
          "INSERT INTO experiment VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
  const std::string spec_digest = info.SpecDigest();
  const std::string seed = std::to_string(info.seed);
  auto done =
      experiment.Run(row, known.digest, info.name, info.spec, spec_digest, seed,
                     info.version, StoredCount(info.block_trials));
  auto graph = database_.Prepare("INSERT INTO graph VALUES(?, ?, ?, ?, ?, ?)");
  auto group =
      database_.Prepare("INSERT INTO trial_group VALUES(?, ?, ?, ?, ?, ?, ?)");
  auto cell = database_.Prepare("INSERT INTO cell VALUES(?, ?, ?, ?, ?, ?, ?)");
  REBISECT_RETURN_IF_ERROR(graph);
  REBISECT_RETURN_IF_ERROR(group);
  REBISECT_RETURN_IF_ERROR(cell);
  for (std::size_t i = 0; done && i < info.graphs.size(); ++i) {
    const GraphInfo& one = info.graphs[i];
    done = graph->Run(row, StoredCount(i), one.digest, StoredCount(one.commits),
                      StoredCount(one.edges), one.source);
  }
  for (std::size_t i = 0; done && i < info.groups.size(); ++i) {
    const GroupInfo& one = info.groups[i];
    done = group->Run(row, StoredCount(i), StoredCount(one.graph), one.truth,
                      one.noise, one.budget, StoredCount(one.trials));
    for (std::size_t c = 0; done && c < one.cells.size(); ++c) {
      const CellInfo& policies = one.cells[c];
      done = cell->Run(row, StoredCount(i), StoredCount(c), policies.select,
                       policies.retry, policies.verdict,
                       StoredCount(policies.exact ? 1 : 0));
    }
  }
  return done;
}

Result<std::vector<ExperimentKey>> ResultStore::Experiments() {
  std::vector<std::pair<std::string, std::int64_t>> rows;
  std::vector<ExperimentKey> keys;
  REBISECT_RETURN_IF_ERROR(InTransaction([&]() -> Result<void> {
    REBISECT_ASSIGN_OR_RETURN(
        auto all, database_.Prepare("SELECT digest, id FROM experiment"));
    auto row = all.Next();
    for (; row && *row; row = all.Next()) {
      rows.emplace_back(all.Bytes(0), all.Integer(1));
    }
    REBISECT_RETURN_IF_ERROR(row);
    std::sort(rows.begin(), rows.end());
    for (const auto& [digest, id] : rows) {
      const auto key = static_cast<ExperimentKey>(id);
      keys.push_back(key);
      if (known_.count(key) != 0) continue;
      REBISECT_ASSIGN_OR_RETURN(auto info, ReadExperiment(id));
      if (info.Digest() != digest || !FaultOf(info).empty()) {
        return Damaged("experiment " + digest.substr(0, 12) +
                       " is not what its digest is of");
      }
      known_.insert_or_assign(key, Known{std::move(info), digest});
    }
    return {};
  }));
  return keys;
}

Result<ExperimentInfo> ResultStore::ReadExperiment(std::int64_t row) {
  ExperimentInfo info;
  auto experiment = database_.Prepare(
      "SELECT name, spec, seed, version, block_trials FROM experiment "
      "WHERE id=?");
  auto graphs = database_.Prepare(
      "SELECT digest, commits, edges, source FROM graph WHERE experiment=? "
      "ORDER BY graph");
  REBISECT_RETURN_IF_ERROR(experiment);
  REBISECT_RETURN_IF_ERROR(graphs);
  experiment->Begin(row);
  auto next = experiment->Next();
  REBISECT_RETURN_IF_ERROR(next);
  info.name = experiment->Bytes(0);
  info.spec = experiment->Bytes(1);
  const std::string seed = experiment->Bytes(2);
  // What is no number fails with the digest.
  std::from_chars(seed.data(), seed.data() + seed.size(), info.seed);
  info.version = experiment->Bytes(3);
  info.block_trials = CountStored(experiment->Integer(4));
  graphs->Begin(row);
  for (next = graphs->Next(); next && *next; next = graphs->Next()) {
    info.graphs.push_back({graphs->Bytes(0), CountStored(graphs->Integer(1)),
                           CountStored(graphs->Integer(2)), graphs->Bytes(3)});
  }
  REBISECT_RETURN_IF_ERROR(next);
  REBISECT_RETURN_IF_ERROR(ReadGroups(row, info));
  return info;
}

Result<void> ResultStore::ReadGroups(std::int64_t row,
                                     ExperimentInfo& experiment) {
  auto groups = database_.Prepare(
      "SELECT graph, truth, noise, budget, trials FROM trial_group "
      "WHERE experiment=? ORDER BY trial_group");
  auto cells = database_.Prepare(
      "SELECT trial_group, select_policy, retry_policy, verdict_policy, exact "
      "FROM cell WHERE experiment=? ORDER BY trial_group, cell");
  REBISECT_RETURN_IF_ERROR(groups);
  REBISECT_RETURN_IF_ERROR(cells);
  groups->Begin(row);
  auto next = groups->Next();
  for (; next && *next; next = groups->Next()) {
    experiment.groups.push_back({static_cast<std::size_t>(groups->Integer(0)),
                                 groups->Bytes(1),
                                 groups->Bytes(2),
                                 groups->Bytes(3),
                                 CountStored(groups->Integer(4)),
                                 {}});
  }
  REBISECT_RETURN_IF_ERROR(next);
  cells->Begin(row);
  for (next = cells->Next(); next && *next; next = cells->Next()) {
    const std::uint64_t group = CountStored(cells->Integer(0));
    if (group >= experiment.groups.size()) {
      return Damaged("a cell belongs to no group");
    }
    experiment.groups[group].cells.push_back({cells->Bytes(1), cells->Bytes(2),
                                              cells->Bytes(3),
                                              cells->Integer(4) != 0});
  }
  REBISECT_RETURN_IF_ERROR(next);
  return {};
}

const ExperimentInfo& ResultStore::InfoOf(ExperimentKey key) const {
  return known_.at(key).info;
}

const std::string& ResultStore::DigestOf(ExperimentKey key) const {
  return known_.at(key).digest;
}

Result<StoredParts> ResultStore::PartsOf(ExperimentKey key) {
  const ExperimentInfo& info = InfoOf(key);
  StoredParts parts;
  for (std::size_t i = 0; i < info.groups.size(); ++i) {
    parts.blocks.emplace_back(info.BlocksOf(i), false);
    parts.exact.emplace_back(info.groups[i].cells.size(), false);
  }
  const auto mark = [&](const char* sql,
                        std::vector<std::vector<bool>>& flags) {
    return InTransaction([&]() -> Result<void> {
      REBISECT_ASSIGN_OR_RETURN(auto rows, database_.Prepare(sql));
      rows.Begin(static_cast<std::int64_t>(key));
      auto next = rows.Next();
      for (; next && *next; next = rows.Next()) {
        const std::uint64_t group = CountStored(rows.Integer(0));
        const std::uint64_t part = CountStored(rows.Integer(1));
        if (group >= flags.size() || part >= flags[group].size()) {
          return Damaged("a block or cell that the experiment has not");
        }
        flags[group][part] = true;
      }
      REBISECT_RETURN_IF_ERROR(next);
      return {};
    });
  };
  auto done = mark("SELECT trial_group, block FROM block WHERE experiment=?",
                   parts.blocks);
  if (done) {
    done = mark("SELECT trial_group, cell FROM exact_cell WHERE experiment=?",
                parts.exact);
  }
  REBISECT_RETURN_IF_ERROR(done);
  return parts;
}

}  // namespace rebisect
