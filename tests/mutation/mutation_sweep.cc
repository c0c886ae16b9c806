// Damages records of bisections and looks for a silent wrong answer:
//
//   mutation_sweep [--every N] [-j N] [--show] FILE...
//
// Each FILE, cut after every byte, and with each line deleted, doubled, or
// swapped with the next, is parsed, audited and replayed. What comes out has
// to be an error with its place, or a recording; and where the result is not
// that of the undamaged record, something must be said that was not said of
// it: a finding, an unknown line, a divergence, an error of the replay.
// --every: that share of the mutations; --show: each with what became of it.
// Exit: 0 = no failure, 1 = some, 2 = usage.

#include <array>
#include <charconv>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/graph/recording_graphs.h"
#include "harness/process/ordered_run.h"
#include "harness/process/threads.h"
#include "harness/replay/replay.h"
#include "scenarios/audit/audit.h"
#include "scenarios/logs/parse.h"
#include "sim/io/input.h"
#include "tests/mutation/mutations.h"

namespace rebisect::testing_support {
namespace {

/// What a reader of a record is told.
struct Told {
  std::optional<Recording> recording;
  std::string result;   ///< how it ended, and with which culprit if replayed
  std::string culprit;  ///< as recorded, perhaps abbreviated
  /// All that is said beside the result, without its place in the file.
  std::multiset<std::string> doubts;
  std::string error;  ///< of the parser
  bool located = true;
};

void Replay(const Recording& recording, Told& told) {
  const auto graph = ChooseGraph({}, recording);
  if (!graph) {
    told.doubts.insert("graph: " + graph.error().message);
    return;
  }
  const auto replay = ReplayRecording(recording, *graph->source, {});
  if (!replay) {
    told.doubts.insert("replay: " + replay.error().message);
    return;
  }
  told.result +=
      ", replayed " + replay->replayed.end + ' ' + replay->replayed.culprit;
  if (!replay->Holds()) told.doubts.insert("does not hold");
  for (const Divergence& divergence : replay->divergences) {
    told.doubts.insert("divergence: " + std::string(NameOf(divergence.kind)));
  }
  for (const std::string& commit : replay->missing) {
    told.doubts.insert("missing: " + commit);
  }
}

Told Read(const std::string& text, const std::string& file) {
  Told told;
  auto recording = ParseRecording(text, file);
  if (!recording) {
    told.error = FormatError(recording.error());
    const Position& where = recording.error().where;
    told.located = where.line > 0 || (where.file == file && text.empty());
    return told;
  }
  const AuditReport report = Audit(*recording);
  told.result = "end " + std::to_string(static_cast<int>(report.end));
  told.culprit = report.culprit;
  for (const Finding& finding : report.findings) {
    told.doubts.insert("finding: " + finding.code);
  }
  for (const UnknownLine& line : recording->unknown) {
    told.doubts.insert("unknown line: " + line.text);
  }
  Replay(*recording, told);
  told.recording = *std::move(recording);
  return told;
}

enum Outcome : std::size_t {
  kSameRecording,
  kSameResult,
  kDoubted,
  kError,
  kNoPlace,
  kSilent,
};
constexpr std::array kOutcomeNames{
    "the same recording", "the same result",        "another, with a finding",
    "an error in place",  "AN ERROR WITHOUT PLACE", "ANOTHER, SILENTLY",
};
using Counts = std::array<std::size_t, kOutcomeNames.size()>;

/// An id that was cut names the same commit as long as one is left.
bool SameCulprit(const std::string& a, const std::string& b) {
  return a.empty() == b.empty() && (a.starts_with(b) || b.starts_with(a));
}

Outcome Judge(const Told& told, const Told& original) {
  if (!told.recording) return told.located ? kError : kNoPlace;
  if (SameRecording(*told.recording, *original.recording)) {
    return kSameRecording;
  }
  if (told.result == original.result &&
      SameCulprit(told.culprit, original.culprit)) {
    return kSameResult;
  }
  // Also where the undamaged record was unfinished: it names no culprit.
  if (told.doubts.count("finding: unfinished") > 0) return kDoubted;
  for (const std::string& doubt : told.doubts) {
    if (told.doubts.count(doubt) > original.doubts.count(doubt)) {
      return kDoubted;
    }
  }
  return kSilent;
}

struct Arguments {
  std::size_t every = 1;
  std::size_t threads = 0;
  bool show = false;
  std::vector<std::string> files;
};

std::optional<Arguments> Parse(const std::vector<std::string_view>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto number = [&](std::size_t& value) {
      if (++i == words.size()) return false;
      const char* const end = words[i].data() + words[i].size();
      const auto read = std::from_chars(words[i].data(), end, value);
      return read.ec == std::errc() && read.ptr == end && value > 0;
    };
    if (words[i] == "--every") {
      if (!number(arguments.every)) return std::nullopt;
    } else if (words[i] == "-j") {
      if (!number(arguments.threads)) return std::nullopt;
    } else if (words[i] == "--show") {
      arguments.show = true;
    } else {
      arguments.files.emplace_back(words[i]);
    }
  }
  if (arguments.files.empty()) return std::nullopt;
  return arguments;
}

struct Judged {
  Told told;
  Outcome outcome = kSameRecording;
};

void Show(const Mutation& mutation, const Judged& judged) {
  std::cout << "  " << Describe(mutation) << ": "
            << kOutcomeNames.at(judged.outcome) << '\n';
  if (!judged.told.recording) {
    std::cout << "    " << judged.told.error << '\n';
    return;
  }
  std::cout << "    result: " << judged.told.result << '\n';
  for (const std::string& doubt : judged.told.doubts) {
    std::cout << "    " << doubt << '\n';
  }
}

/// Nullopt where the file itself cannot be read.
std::optional<Counts> Sweep(const std::string& file,
                            const Arguments& arguments) {
  const auto text = ReadInput(file);
  const Told original = text ? Read(*text, file) : Told{};
  if (!original.recording) {
    std::cerr << (text ? original.error : FormatError(text.error())) << '\n';
    return std::nullopt;
  }
  const std::vector<Mutation> mutations = MutationsOf(*text, arguments.every);
  Counts counts{};
  OrderedRun<Judged>(mutations.size(), ThreadsOf(arguments.threads),
                     [&](std::size_t i) {
                       Told told = Read(Apply(mutations[i], *text), file);
                       const Outcome outcome = Judge(told, original);
                       return Judged{std::move(told), outcome};
                     })
      .Run([&](std::size_t i, const Judged& judged) {
        ++counts.at(judged.outcome);
        if (arguments.show || judged.outcome >= kNoPlace) {
          Show(mutations[i], judged);
        }
        return true;
      });
  std::cout << file << ": " << mutations.size() << " mutations\n";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::cout << "  " << counts.at(i) << ' ' << kOutcomeNames.at(i) << '\n';
  }
  return counts;
}

int Main(const std::vector<std::string_view>& words) {
  const auto arguments = Parse(words);
  if (!arguments) {
    std::cerr << "usage: mutation_sweep [--every N] [-j N] [--show] FILE...\n";
    return 2;
  }
  std::size_t failures = 0;
  for (const std::string& file : arguments->files) {
    const auto counts = Sweep(file, *arguments);
    if (!counts) return 2;
    failures += counts->at(kNoPlace) + counts->at(kSilent);
  }
  std::cout << failures << " failures\n";
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace rebisect::testing_support

int main(int argc, char** argv) {
  return rebisect::testing_support::Main(
      std::vector<std::string_view>(argv + 1, argv + argc));
}
