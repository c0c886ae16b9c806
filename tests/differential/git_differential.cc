// git_differential: runs random bisections with the git on this machine and
// with ours, and compares every answer.

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/process/interruption.h"
#include "harness/text/progress.h"
#include "sim/io/input.h"
#include "sim/io/sha1.h"
#include "tests/differential/bisect_case.h"
#include "tests/differential/case_features.h"
#include "tests/differential/case_text.h"
#include "tests/differential/chunk_log.h"
#include "tests/differential/compare_case.h"
#include "tests/differential/git_repository.h"
#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {
namespace {

constexpr int kExitSkipped = 77;
/// Tries while a case is made smaller.
constexpr std::size_t kShrinkLimit = 400;
/// Single steps that share a repository.
constexpr std::uint64_t kStepsPerRepository = 10;

constexpr std::string_view kUsage =
    "usage: git_differential [--cases N] [--seed S] [--git BINARY] [-j N]\n"
    "           [--rev-list] [--keep FOLDER] [--print]\n"
    "       git_differential --case FILE [--git BINARY]\n\n"
    "Case i is drawn from seed S + i: a whole bisection, or with --rev-list a\n"
    "single step, against git rev-list --bisect-all and --bisect-vars.\n"
    "--keep: what is done, and the cases that differ, made small, stay in\n"
    "FOLDER, and the same command goes on from there. --print: show the\n"
    "cases, run nothing. --case: runs such a file. Exit: 0 = all equal,\n"
    "1 = some differ, 2 = usage, 77 = there is no git to compare with,\n"
    "130 = stopped by a signal.\n";

struct Arguments {
  std::uint64_t cases = 300;
  std::uint64_t seed = 1;
  std::string git = "git";
  std::uint64_t threads = 1;
  bool rev_list = false;
  bool print = false;
  std::string keep;
  std::string case_file;
};

bool ParseNumber(std::string_view text, std::uint64_t& value) {
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Arguments> Parse(const std::vector<std::string_view>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const auto number = [&](std::uint64_t& value) {
      return i + 1 < words.size() && ParseNumber(words[++i], value);
    };
    const auto text = [&](std::string& value) {
      if (i + 1 < words.size()) value = words[++i];
      return !value.empty();
    };
    bool good = true;
    if (word == "--cases") {
      good = number(arguments.cases);
    } else if (word == "--seed") {
      good = number(arguments.seed);
    } else if (word == "-j") {
      good = number(arguments.threads) && arguments.threads > 0;
    } else if (word == "--git") {
      good = text(arguments.git);
    } else if (word == "--keep") {
      good = text(arguments.keep);
    } else if (word == "--case") {
      good = text(arguments.case_file);
    } else if (word == "--rev-list") {
      arguments.rev_list = true;
    } else if (word == "--print") {
      arguments.print = true;
    } else {
      good = false;
    }
    if (!good) return std::nullopt;
  }
  return arguments;
}

BisectCase MakeCase(const Arguments& arguments, std::uint64_t seed,
                    const GitVersion& version) {
  return arguments.rev_list ? MakeStepCase(seed, version)
                            : MakeBisectCase(seed, version);
}

/// The command line that runs this seed alone.
std::string Repeat(const Arguments& arguments, std::uint64_t seed) {
  return "git_differential --cases 1 --seed " + std::to_string(seed) +
         " --git " + arguments.git +
         (arguments.rev_list ? " --rev-list\n" : "\n");
}

/// Every line as a comment.
std::string Commented(std::string_view text) {
  std::string commented = "# ";
  for (const char c : text) {
    commented += c;
    if (c == '\n') commented += "# ";
  }
  return commented + '\n';
}

/// The case as small as it gets, with what differs, as --case reads it.
std::string Report(const BisectCase& bisect_case, const Difference& found,
                   const Arguments& arguments, const GitBinary& git,
                   const std::string& folder) {
  const BisectCase smallest = Shrink(
      bisect_case,
      [&](const BisectCase& candidate) {
        return CompareCase(candidate, git, folder).difference.has_value();
      },
      kShrinkLimit);
  std::string text = "repeat: " + Repeat(arguments, bisect_case.seed);
  const auto still = CompareCase(smallest, git, folder).difference;
  if (!still) text += "it did not differ again; the first time ";
  const Difference& shown = still ? *still : found;
  text += "git " + git.version.ToString() + " differs at command " +
          std::to_string(shown.command + 1) + ": " + shown.text;
  return Commented(text) + CaseText(smallest);
}

/// Many cases, in chunks, on several threads.
class DifferentialRun {
 public:
  DifferentialRun(const Arguments& arguments, const GitBinary& git)
      : arguments_(arguments), git_(git), log_(LogFile(), Title()) {
    if (log_.BegunAnew()) {
      std::cerr << LogFile()
                << " is of another program or git: it is begun anew\n";
    }
  }

  /// Returns the exit code.
  int Run() {
    std::uint64_t before = 0;
    for (const auto& [first, chunk] : log_.chunks()) {
      if (first < arguments_.cases) before += chunk.cases;
    }
    before = std::min(before, arguments_.cases);
    done_ = before;
    progress_.emplace(std::cerr, isatty(STDERR_FILENO) != 0, Unit(),
                      arguments_.cases, before);
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < arguments_.threads; ++i) {
      threads.emplace_back([this] { Work(); });
    }
    for (std::thread& thread : threads) thread.join();
    progress_->Finish();
    return PrintTotals();
  }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::uint64_t ChunkSize() const {
    return arguments_.rev_list ? 200 : 20;
  }
  [[nodiscard]] std::string Unit() const {
    return arguments_.rev_list ? "steps" : "cases";
  }
  [[nodiscard]] std::string Stem() const {
    return "git-" + git_.version.ToString() + '-' + Unit() + '-';
  }
  [[nodiscard]] std::string LogFile() const {
    if (arguments_.keep.empty()) return "";
    return arguments_.keep + '/' + Stem() + "seed-" +
           std::to_string(arguments_.seed) + ".log";
  }
  /// Chunks count for the program that ran them and for no other.
  [[nodiscard]] std::string Title() const {
    if (arguments_.keep.empty()) return "";
    const auto program = ReadInput("/proc/self/exe");
    REBISECT_CHECK(program.has_value());
    return "git " + git_.version.ToString() + ", " + Unit() + " from seed " +
           std::to_string(arguments_.seed) + ", program " +
           Sha1(*program).Hex();
  }

  /// The next chunk that is not done; none when there is no more.
  std::optional<Chunk> TakeChunk() {
    const std::lock_guard lock(mutex_);
    for (; next_ < arguments_.cases; next_ += ChunkSize()) {
      Chunk chunk;
      chunk.first = next_;
      chunk.cases = std::min(ChunkSize(), arguments_.cases - next_);
      const auto found = log_.chunks().find(next_);
      if (found != log_.chunks().end() && found->second.cases >= chunk.cases) {
        continue;
      }
      next_ += ChunkSize();
      return chunk;
    }
    return std::nullopt;
  }

  void Work() {
    const TempFolder folder;
    while (!Interrupted()) {
      auto chunk = TakeChunk();
      if (!chunk) return;
      const Clock::time_point begin = Clock::now();
      for (std::uint64_t i = 0; i < chunk->cases; ++i) {
        if (i % kStepsPerRepository == 0) {
          std::filesystem::remove_all(folder / "steps.git");
        }
        RunCase(arguments_.seed + chunk->first + i, folder.path(), *chunk);
        if (Interrupted()) return;
      }
      chunk->time_ms = static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() -
                                                                begin)
              .count());
      const std::lock_guard lock(mutex_);
      log_.Add(*chunk);
    }
  }

  void RunCase(std::uint64_t seed, const std::string& folder, Chunk& chunk) {
    const BisectCase bisect_case = MakeCase(arguments_, seed, git_.version);
    const CaseOutcome outcome = CompareCase(bisect_case, git_, folder);
    chunk.compared += outcome.compared;
    CountFeatures(bisect_case, outcome, chunk.features);
    if (outcome.difference) {
      ++chunk.different;
      Save(seed,
           Report(bisect_case, *outcome.difference, arguments_, git_, folder));
    }
    const std::lock_guard lock(mutex_);
    progress_->Update(++done_);
  }

  void Save(std::uint64_t seed, const std::string& text) {
    const std::lock_guard lock(mutex_);
    progress_->Finish();
    if (arguments_.keep.empty()) {
      std::cout << text << std::flush;
      return;
    }
    const std::string file = arguments_.keep + "/failures/" + Stem() +
                             std::to_string(seed) + ".case";
    PutFile(file, text);
    std::cout << "differs: " << file << std::endl;
  }

  [[nodiscard]] int PrintTotals() const {
    Chunk sum;
    for (const auto& [first, chunk] : log_.chunks()) {
      if (first >= arguments_.cases) continue;
      sum.cases += chunk.cases;
      sum.compared += chunk.compared;
      sum.different += chunk.different;
      sum.time_ms += chunk.time_ms;
      for (const auto& [name, count] : chunk.features) {
        sum.features[name] += count;
      }
    }
    const double seconds = static_cast<double>(sum.time_ms) / 1000;
    std::cout << sum.cases << ' ' << Unit() << " from seed " << arguments_.seed
              << " with git " << git_.version.ToString() << ": "
              << sum.different << " differ; " << sum.compared
              << " answers compared";
    if (seconds > 0) {
      std::array<char, 32> rate{};
      std::snprintf(rate.data(), rate.size(), ", %.1f ",
                    static_cast<double>(sum.cases) / seconds);
      std::cout << rate.data() << Unit() << " a second and thread";
    }
    std::cout << '\n';
    for (const auto& [name, count] : sum.features) {
      std::cout << "  " << count << ' ' << name << '\n';
    }
    if (Interrupted()) {
      std::cerr << "stopped; the same command goes on\n";
      return kExitInterrupted;
    }
    return sum.different == 0 ? 0 : 1;
  }

  const Arguments& arguments_;
  const GitBinary& git_;
  std::mutex mutex_;
  ChunkLog log_;
  std::uint64_t next_ = 0;
  std::uint64_t done_ = 0;
  std::optional<Progress> progress_;
};

int RunFile(const std::string& file, const GitBinary& git) {
  const auto text = ReadInput(file);
  const auto bisect_case =
      text ? ReadCase(*text, file)
           : Result<BisectCase>(tl::unexpected(text.error()));
  if (!bisect_case) {
    std::cerr << FormatError(bisect_case.error()) << '\n';
    return 2;
  }
  const TempFolder folder;
  const CaseOutcome outcome = CompareCase(*bisect_case, git, folder.path());
  if (!outcome.difference) {
    std::cout << "equal: " << outcome.compared << " answers compared\n";
    return 0;
  }
  std::cout << "differs at command " << outcome.difference->command + 1 << ": "
            << outcome.difference->text;
  return 1;
}

int Main(const std::vector<std::string_view>& words) {
  const auto arguments = Parse(words);
  if (!arguments) {
    std::cerr << kUsage;
    return 2;
  }
  const auto version = VersionOfGit(arguments->git);
  if (!version) {
    std::cerr << version.error().message << '\n';
    return kExitSkipped;
  }
  const GitBinary git{arguments->git, *version};
  if (!arguments->case_file.empty()) return RunFile(arguments->case_file, git);
  if (arguments->print) {
    for (std::uint64_t i = 0; i < arguments->cases; ++i) {
      std::cout << CaseText(
          MakeCase(*arguments, arguments->seed + i, *version));
    }
    return 0;
  }
  const Interruptions interruptions;
  return DifferentialRun(*arguments, git).Run();
}

}  // namespace
}  // namespace rebisect::testing_support

int main(int argc, char** argv) {
  return rebisect::testing_support::Main(
      std::vector<std::string_view>(argv + 1, argv + argc));
}
