#include <sqlite3.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "harness/experiment/store/result_store.h"
#include "sim/base/check.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"
#include "tests/harness/experiment/results/experiment_blocks.h"
#include "tests/support/temp_folder.h"

namespace rebisect::fuzz {
namespace {

using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::TempFolder;
using Mode = ResultStore::Mode;

template <class T>
bool Took(const Result<T>& result) {
  if (!result) ExpectSays(result.error());
  return result.has_value();
}

/// All that is done with a store that somebody gave us.
void UseStore(const std::string& path, Mode mode) {
  auto store = ResultStore::Open(path, mode);
  if (!Took(store)) return;
  const auto keys = store->Experiments();
  if (!Took(keys)) return;
  for (const ExperimentKey key : *keys) {
    (void)store->InfoOf(key);
    (void)store->DigestOf(key);
    (void)Took(store->PartsOf(key));
    (void)Took(store->TotalOf(key));
  }
  if (mode == Mode::kRead) return;
  const ExperimentInfo info = testing_support::SmallExperiment();
  const auto key = store->Register(info);
  if (!Took(key)) return;
  (void)Took(store->AddBlocks(*key, {testing_support::MakeBlock(info, 1, 0)}));
}

/// The bytes of a small store.
const std::string& SmallStore() {
  static const std::string bytes = [] {
    const TempFolder folder;
    const std::string path = folder / "small.sqlite";
    {
      auto store = ResultStore::Open(path, Mode::kWrite);
      const ExperimentInfo info = testing_support::SmallExperiment();
      const auto key = store->Register(info);
      REBISECT_CHECK(store->AddBlocks(*key, testing_support::AllBlocks(info)));
      REBISECT_CHECK(store->AddExact(*key, {testing_support::MakeExact()}));
    }
    return GetFile(path);
  }();
  return bytes;
}

/// Nothing but the one file may be touched.
int Authorize(void* /*unused*/, int action, const char* first,
              const char* /*second*/, const char* /*database*/,
              const char* /*trigger*/) {
  if (action == SQLITE_ATTACH || action == SQLITE_DETACH) return SQLITE_DENY;
  if (action != SQLITE_PRAGMA) return SQLITE_OK;
  for (const char* allowed :
       {"user_version", "application_id", "writable_schema"}) {
    if (sqlite3_stricmp(first, allowed) == 0) return SQLITE_OK;
  }
  return SQLITE_DENY;
}

int Stop(void* /*unused*/) { return 1; }

/// Changes a store by statements of SQL, as far as they are any.
void Change(const std::string& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  REBISECT_CHECK(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> owner(handle,
                                                          sqlite3_close);
  sqlite3_exec(handle, "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;",
               nullptr, nullptr, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 1 << 20);
  sqlite3_set_authorizer(handle, Authorize, nullptr);
  sqlite3_progress_handler(handle, 100'000, Stop, nullptr);
  sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
}

}  // namespace

/// A file of SQLite as it is; else changes of single bytes to a small store,
/// three bytes for where and one for what, and how much is left of its end.
void FuzzStore(std::string_view bytes) {
  static const TempFolder folder;
  const std::string path = folder / "store.sqlite";
  std::string file;
  if (bytes.starts_with("SQLite format 3")) {
    file = bytes;
  } else {
    file = SmallStore();
    for (; bytes.size() > 3; bytes.remove_prefix(4)) {
      file[NumberIn(bytes.substr(0, 3)) % file.size()] = bytes[3];
    }
    if (bytes.size() == 3) {
      file.resize(file.size() - NumberIn(bytes) % file.size());
    }
  }
  for (const Mode mode : {Mode::kRead, Mode::kWrite}) {
    PutFile(path, file);
    UseStore(path, mode);
  }
}

/// Statements of SQL that somebody ran on a small store.
void FuzzStoreRows(std::string_view bytes) {
  static const TempFolder folder;
  const std::string path = folder / "store.sqlite";
  PutFile(path, SmallStore());
  Change(path, std::string(bytes));
  UseStore(path, Mode::kRead);
  UseStore(path, Mode::kWrite);
}

}  // namespace rebisect::fuzz
