#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/cli/html_output.h"
#include "harness/experiment/reproduce/manifest.h"
#include "harness/experiment/results/results_report.h"
#include "harness/experiment/store/result_store.h"
#include "harness/input/inputs.h"

namespace rebisect {
namespace {

/// What names an experiment: its name, or the first digits of its digest.
bool IsMeant(const ResultStore& store, ExperimentKey key,
             const std::string& wanted) {
  constexpr std::size_t kMinDigits = 4;
  return wanted.empty() || store.InfoOf(key).name == wanted ||
         (wanted.size() >= kMinDigits &&
          store.DigestOf(key).starts_with(wanted));
}

/// The experiments of a store that are meant; at least one.
Result<std::vector<ExperimentKey>> Meant(ResultStore& store,
                                         const std::string& wanted) {
  auto keys = store.Experiments();
  if (!keys) return keys;
  std::vector<ExperimentKey> meant;
  for (const ExperimentKey key : *keys) {
    if (IsMeant(store, key, wanted)) meant.push_back(key);
  }
  if (meant.empty() && !wanted.empty()) {
    return Fail(ErrorCode::kNotFound,
                "the store has no experiment '" + wanted +
                    "'; `rebisect results list` shows those it has",
                {store.path(), 0, 0});
  }
  return meant;
}

/// Calls `use` with the sum of each experiment that is meant.
template <class Use>
int ForEachTotal(const std::string& path, const std::string& wanted,
                 const Streams& streams, const Use& use) {
  auto store = ResultStore::Open(path, ResultStore::Mode::kRead);
  if (!store) return Report(store.error(), streams);
  const auto keys = Meant(*store, wanted);
  if (!keys) return Report(keys.error(), streams);
  for (const ExperimentKey key : *keys) {
    const auto total = store->TotalOf(key);
    if (!total) return Report(total.error(), streams);
    use(*total);
  }
  return kExitHolds;
}

int List(const std::string& path, OutputFormat format, const Streams& streams) {
  auto store = ResultStore::Open(path, ResultStore::Mode::kRead);
  if (!store) return Report(store.error(), streams);
  const auto keys = store->Experiments();
  if (!keys) return Report(keys.error(), streams);
  for (const ExperimentKey key : *keys) {
    const auto stored = store->PartsOf(key);
    if (!stored) return Report(stored.error(), streams);
    const ExperimentInfo& info = store->InfoOf(key);
    PartCounts parts{stored->Blocks(), 0, stored->ExactCells(), 0};
    for (std::size_t g = 0; g < info.groups.size(); ++g) {
      parts.of_blocks += info.BlocksOf(g);
      for (const CellInfo& cell : info.groups[g].cells) {
        parts.of_exact += cell.exact ? 1 : 0;
      }
    }
    streams.out << (format == OutputFormat::kJson
                        ? ResultsListJson(info, parts)
                        : ResultsListText(info, parts, streams.style));
  }
  return kExitHolds;
}

}  // namespace

int RunResultsList(const ResultsArguments& arguments, const Streams& streams) {
  return List(arguments.store, arguments.format, streams);
}

int RunResultsShow(const ResultsArguments& arguments, const Streams& streams) {
  if (const auto kept = CheckOutput(arguments.html, {arguments.store}); !kept) {
    return Report(kept.error(), streams);
  }
  bool first = true;
  HtmlOutput html(arguments.html);
  const int code = ForEachTotal(
      arguments.store, arguments.experiment, streams,
      [&](const ExperimentTotal& total) {
        if (html.wanted()) html.Add(ResultsJson(total));
        const bool json = arguments.format == OutputFormat::kJson;
        if (!std::exchange(first, false) && !json) streams.out << '\n';
        streams.out << ResultsAs(arguments.format, total, streams.style);
      });
  if (code != kExitHolds) return code;
  const auto written = html.Write(streams);
  return written ? kExitHolds : Report(written.error(), streams);
}

int RunResultsExport(const ResultsArguments& arguments,
                     const Streams& streams) {
  if (const auto kept = CheckOutput(arguments.output, {arguments.store});
      !kept) {
    return Report(kept.error(), streams);
  }
  const bool csv = arguments.export_format == ExportFormat::kCsv;
  const bool manifest = arguments.export_format == ExportFormat::kManifest;
  std::string bytes;
  if (csv) bytes = CsvHeader(arguments.table);
  std::size_t manifests = 0;
  bool complete = true;
  const int code = ForEachTotal(
      arguments.store, arguments.experiment, streams,
      [&](const ExperimentTotal& total) {
        complete = complete && total.Complete();
        if (!total.Complete()) {
          streams.errors << Printable(arguments.store + ": note: experiment " +
                                      total.info.Digest().substr(0, 12) +
                                      " is " + CountParts(total).Text())
                         << '\n';
        }
        if (manifest) {
          if (++manifests == 1 && complete) bytes = WriteManifest(total);
          return;
        }
        bytes += csv ? CsvRows(arguments.table, total) : ResultsExport(total);
      });
  if (code != kExitHolds) return code;
  if (manifest && (manifests != 1 || !complete)) {
    return Report({ErrorCode::kUsage,
                   complete ? "a manifest is of one experiment, and this would "
                              "be of " +
                                  std::to_string(manifests) + "; name one"
                            : "a manifest is of results that are complete; "
                              "run `rebisect simulate` to the end first",
                   {arguments.store, 0, 0}},
                  streams);
  }
  return WriteResult(arguments.output, bytes, streams);
}

int RunResultsMerge(const ResultsArguments& arguments, const Streams& streams) {
  const auto merged = MergeStores(arguments.store, arguments.inputs);
  if (!merged) return Report(merged.error(), streams);
  return List(arguments.store, arguments.format, streams);
}

}  // namespace rebisect
