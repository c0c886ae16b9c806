#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "harness/experiment/store/result_store.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

class Merge {
 public:
  explicit Merge(ResultStore& into) : into_(into) {}

  Result<void> AddAll(ResultStore& from) {
    REBISECT_ASSIGN_OR_RETURN(const auto keys, from.Experiments());
    for (const ExperimentKey key : keys) {
      auto done = AddExperiment(from, key);
      if (!done) return done;
    }
    return {};
  }

 private:
  Result<void> AddExperiment(ResultStore& from, ExperimentKey key) {
    REBISECT_ASSIGN_OR_RETURN(const auto there,
                              into_.Register(from.InfoOf(key)));
    return from.Visit(key, {[&](const BlockResult& block) {
                              return Trace(
                                  {there, false, block.group, block.block},
                                  from, into_.AddBlocks(there, {block}));
                            },
                            [&](const ExactCell& cell) {
                              return Trace({there, true, cell.group, cell.cell},
                                           from, into_.AddExact(there, {cell}));
                            }});
  }

  struct Part {
    ExperimentKey experiment{};
    bool exact = false;
    std::size_t group = 0;
    std::size_t index = 0;

    friend auto operator<=>(const Part&, const Part&) = default;
  };

  /// Remembers where a part came from; says of one that differs which two
  /// stores have it.
  Result<void> Trace(const Part& part, const ResultStore& from,
                     Result<void> added) {
    if (added) {
      sources_.emplace(part, from.path());
      return added;
    }
    if (added.error().code == ErrorCode::kInput && IsStored(part)) {
      const auto source = sources_.find(part);
      added.error().where.file = from.path();
      added.error().notes.push_back(
          "note: the other is in " +
          (source == sources_.end() ? into_.path() : source->second));
    }
    return added;
  }

  bool IsStored(const Part& part) {
    const auto parts = into_.PartsOf(part.experiment);
    return parts &&
           (part.exact ? parts->exact : parts->blocks)[part.group][part.index];
  }

  ResultStore& into_;
  std::map<Part, std::string> sources_;
};

}  // namespace

Result<void> MergeStores(const std::string& into,
                         const std::vector<std::string>& from) {
  std::error_code ignored;
  const bool is_new = !std::filesystem::exists(into, ignored);
  // What cannot be read is found before anything is written.
  std::vector<ResultStore> stores;
  for (const std::string& path : from) {
    if (std::filesystem::equivalent(path, into, ignored)) continue;
    REBISECT_ASSIGN_OR_RETURN(
        auto store, ResultStore::Open(path, ResultStore::Mode::kRead));
    stores.push_back(std::move(store));
  }
  auto done = [&]() -> Result<void> {
    REBISECT_ASSIGN_OR_RETURN(
        auto store, ResultStore::Open(into, ResultStore::Mode::kWrite));
    Merge merge(store);
    return store.InTransaction([&]() -> Result<void> {
      for (ResultStore& one : stores) {
        auto added = merge.AddAll(one);
        if (!added) return added;
      }
      return {};
    });
  }();
  // A file that was made for nothing is not left behind.
  if (!done && is_new) {
    std::filesystem::remove(into, ignored);
    std::filesystem::remove(into + "-journal", ignored);
  }
  return done;
}

}  // namespace rebisect
