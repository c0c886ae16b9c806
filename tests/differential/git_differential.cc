// git_differential: runs random bisections with the git on this machine and
// with BisectSession and compares every answer.

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/differential/bisect_case.h"
#include "tests/differential/compare_case.h"
#include "tests/differential/git_repository.h"
#include "tests/differential/rev_list.h"
#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {
namespace {

constexpr int kExitSkipped = 77;

constexpr std::string_view kUsage =
    "usage: git_differential [--cases N] [--seed S] [--git BINARY] [-j N]\n"
    "           [--paths | --no-paths] [--max-commits N] [--rev-list]\n"
    "           [--print] [--no-shrink]\n\n"
    "Case i is drawn from seed S + i. --paths: every search is limited to\n"
    "paths; --rev-list: single steps, against git rev-list --bisect-all and\n"
    "--bisect-vars; --print: show the cases, run nothing. Exit: 0 = all "
    "equal,\n"
    "1 = some differ, 2 = usage, 77 = there is no git to compare with.\n";

struct Arguments {
  std::uint64_t cases = 300;
  std::uint64_t seed = 1;
  std::string git = "git";
  std::uint64_t threads = 1;
  CaseOptions options;
  bool rev_list = false;
  bool print = false;
  bool shrink = true;
};

bool ParseNumber(std::string_view text, std::uint64_t& value) {
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Arguments> Parse(const std::vector<std::string_view>& words) {
  Arguments arguments;
  std::uint64_t max_commits = arguments.options.max_commits;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const auto number = [&](std::uint64_t& value) {
      return i + 1 < words.size() && ParseNumber(words[++i], value);
    };
    bool good = true;
    if (word == "--cases") {
      good = number(arguments.cases);
    } else if (word == "--seed") {
      good = number(arguments.seed);
    } else if (word == "-j") {
      good = number(arguments.threads) && arguments.threads > 0;
    } else if (word == "--max-commits") {
      good = number(max_commits) && max_commits > 0;
    } else if (word == "--git" && i + 1 < words.size()) {
      arguments.git = words[++i];
    } else if (word == "--paths") {
      arguments.options.paths = CaseOptions::Paths::kAlways;
    } else if (word == "--no-paths") {
      arguments.options.paths = CaseOptions::Paths::kNone;
    } else if (word == "--rev-list") {
      arguments.rev_list = true;
    } else if (word == "--print") {
      arguments.print = true;
    } else if (word == "--no-shrink") {
      arguments.shrink = false;
    } else {
      good = false;
    }
    if (!good) return std::nullopt;
  }
  arguments.options.max_commits = static_cast<std::size_t>(max_commits);
  return arguments;
}

/// The command line that runs this seed alone.
std::string Repeat(const Arguments& arguments, std::uint64_t seed) {
  std::string text = "git_differential --cases 1 --seed " +
                     std::to_string(seed) + " --git " + arguments.git;
  if (arguments.rev_list) text += " --rev-list";
  if (arguments.options.paths == CaseOptions::Paths::kAlways)
    text += " --paths";
  if (arguments.options.paths == CaseOptions::Paths::kNone) {
    text += " --no-paths";
  }
  return text + " --max-commits " +
         std::to_string(arguments.options.max_commits) + '\n';
}

std::string Report(const BisectCase& bisect_case, const Difference& difference,
                   const Arguments& arguments, const GitBinary& git,
                   const std::string& folder) {
  std::string text =
      "DIFFERENT at command " + std::to_string(difference.command + 1) + ": " +
      difference.text + "repeat: " + Repeat(arguments, bisect_case.seed);
  if (!arguments.shrink) return text;
  const BisectCase smallest = Shrink(
      bisect_case,
      [&](const BisectCase& candidate) {
        return CompareCase(candidate, git, folder).has_value();
      },
      400);
  text += "smallest found:\n" + Describe(smallest);
  if (const auto still = CompareCase(smallest, git, folder)) {
    text += still->text;
  }
  return text;
}

/// Cases for one thread until none is left.
class Worker {
 public:
  Worker(const Arguments& arguments, const GitBinary& git,
         std::atomic<std::uint64_t>& next, std::atomic<std::uint64_t>& failed)
      : arguments_(arguments), git_(git), next_(next), failed_(failed) {}

  void Run() {
    const std::uint64_t batch = arguments_.rev_list ? 10 : 1;
    while (true) {
      const std::uint64_t first = next_.fetch_add(batch);
      if (first >= arguments_.cases) return;
      const std::uint64_t count = std::min(batch, arguments_.cases - first);
      const std::uint64_t seed = arguments_.seed + first;
      if (arguments_.rev_list) {
        for (const std::string& text :
             CompareRevLists(seed, count, git_, folder_.path())) {
          Print(text);
        }
      } else {
        RunCase(seed);
      }
    }
  }

 private:
  void RunCase(std::uint64_t seed) {
    const BisectCase bisect_case =
        MakeBisectCase(seed, git_.version, arguments_.options);
    const auto difference = CompareCase(bisect_case, git_, folder_.path());
    if (difference) {
      Print(Report(bisect_case, *difference, arguments_, git_, folder_.path()));
    }
  }

  void Print(const std::string& text) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    std::cout << text << '\n' << std::flush;
    ++failed_;
  }

  const Arguments& arguments_;
  const GitBinary& git_;
  std::atomic<std::uint64_t>& next_;
  std::atomic<std::uint64_t>& failed_;
  TempFolder folder_;
};

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
  if (arguments->print) {
    for (std::uint64_t i = 0; i < arguments->cases; ++i) {
      std::cout << "seed " << arguments->seed + i << '\n'
                << Describe(MakeBisectCase(arguments->seed + i, *version,
                                           arguments->options));
    }
    return 0;
  }
  const GitBinary git{arguments->git, *version};
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> failed{0};
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < arguments->threads; ++i) {
    threads.emplace_back([&] { Worker(*arguments, git, next, failed).Run(); });
  }
  for (std::thread& thread : threads) thread.join();
  std::cout << arguments->cases << " cases from seed " << arguments->seed
            << " with git " << version->ToString() << ": " << failed
            << " differ\n";
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace rebisect::testing_support

int main(int argc, char** argv) {
  return rebisect::testing_support::Main(
      std::vector<std::string_view>(argv + 1, argv + argc));
}
