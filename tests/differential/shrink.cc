// Shrinks a failing case, one simplification at a time, until none of them
// leaves it failing.

#include <algorithm>
#include <utility>

#include "tests/differential/compare_case.h"

namespace rebisect::testing_support {
namespace {

class Shrinker {
 public:
  Shrinker(BisectCase bisect_case,
           const std::function<bool(const BisectCase&)>& fails,
           std::size_t limit)
      : best_(std::move(bisect_case)), fails_(fails), left_(limit) {}

  BisectCase Run() {
    bool smaller = true;
    while (smaller && left_ > 0) {
      smaller = DropCommands();
      smaller = DropCommits() || smaller;
      smaller = DropArguments() || smaller;
      smaller = DropParents() || smaller;
      smaller = Simplify() || smaller;
    }
    return std::move(best_);
  }

 private:
  /// Keeps the candidate if it still fails.
  bool Try(BisectCase candidate) {
    if (left_ == 0) return false;
    --left_;
    if (!fails_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  bool DropCommands() {
    bool any = false;
    // Halves first, then single commands, the last one first.
    for (std::size_t chunk = best_.commands.size() / 2 + 1; chunk > 0;
         chunk /= 2) {
      for (std::size_t end = best_.commands.size(); end > 0;) {
        const std::size_t begin = end > chunk ? end - chunk : 0;
        BisectCase candidate = best_;
        candidate.commands.erase(
            candidate.commands.begin() + static_cast<std::ptrdiff_t>(begin),
            candidate.commands.begin() + static_cast<std::ptrdiff_t>(end));
        any = Try(std::move(candidate)) || any;
        end = begin;
      }
    }
    return any;
  }

  [[nodiscard]] static bool Mentions(const BisectCase& bisect_case, Node node) {
    for (const Disguise& disguise : bisect_case.disguises) {
      if (disguise.node == node ||
          std::count(disguise.stored_parents.begin(),
                     disguise.stored_parents.end(), node) != 0) {
        return true;
      }
    }
    for (const CaseCommand& command : bisect_case.commands) {
      // What a script is to say of a commit goes with the commit.
      if (command.kind == CaseCommand::Kind::kRun) continue;
      if (std::count(command.commits.begin(), command.commits.end(), node) !=
          0) {
        return true;
      }
      if (command.range &&
          (command.range->first == node || command.range->second == node)) {
        return true;
      }
    }
    return false;
  }

  /// The case without a commit; its children get its parents.
  [[nodiscard]] static BisectCase Without(BisectCase bisect_case, Node node) {
    const std::vector<Node> heirs = bisect_case.graph[node].parents;
    bisect_case.graph.erase(bisect_case.graph.begin() + node);
    const auto renumber = [&](Node& other) {
      if (other > node) --other;
    };
    for (RandomCommit& commit : bisect_case.graph) {
      std::vector<Node> parents;
      const auto add = [&](Node p) {
        if (std::count(parents.begin(), parents.end(), p) == 0) {
          parents.push_back(p);
        }
      };
      for (const Node p : commit.parents) {
        if (p == node) {
          for (const Node heir : heirs) add(heir);
        } else {
          add(p > node ? p - 1 : p);
        }
      }
      commit.parents = std::move(parents);
    }
    for (Disguise& disguise : bisect_case.disguises) {
      renumber(disguise.node);
      for (Node& other : disguise.stored_parents) renumber(other);
    }
    for (CaseCommand& command : bisect_case.commands) {
      if (command.kind == CaseCommand::Kind::kRun) {
        std::erase(command.commits, node);
        std::erase(command.skipped, node);
      }
      for (Node& other : command.commits) renumber(other);
      for (Node& other : command.skipped) renumber(other);
      if (command.range) {
        renumber(command.range->first);
        renumber(command.range->second);
      }
    }
    return bisect_case;
  }

  bool DropCommits() {
    bool any = false;
    for (std::size_t chunk = best_.graph.size() / 2; chunk > 0; chunk /= 2) {
      for (std::size_t end = best_.graph.size(); end > 0;) {
        const std::size_t begin = end > chunk ? end - chunk : 0;
        BisectCase candidate = best_;
        for (std::size_t node = end; node-- > begin;) {
          const auto v = static_cast<Node>(node);
          if (candidate.graph.size() > 1 && !Mentions(candidate, v)) {
            candidate = Without(std::move(candidate), v);
          }
        }
        const bool changed = candidate.graph.size() < best_.graph.size();
        any = (changed && Try(std::move(candidate))) || any;
        end = std::min(begin, best_.graph.size());
      }
    }
    return any;
  }

  bool DropArguments() {
    bool any = false;
    for (std::size_t i = 0; i < best_.commands.size(); ++i) {
      if (best_.commands[i].kind == CaseCommand::Kind::kRun) continue;
      for (std::size_t j = best_.commands[i].commits.size(); j-- > 0;) {
        BisectCase candidate = best_;
        std::vector<Node>& commits = candidate.commands[i].commits;
        commits.erase(commits.begin() + static_cast<std::ptrdiff_t>(j));
        any = Try(std::move(candidate)) || any;
      }
    }
    return any;
  }

  bool DropParents() {
    bool any = false;
    for (std::size_t node = best_.graph.size(); node-- > 0;) {
      for (std::size_t j = best_.graph[node].parents.size(); j-- > 1;) {
        BisectCase candidate = best_;
        std::vector<Node>& parents = candidate.graph[node].parents;
        parents.erase(parents.begin() + static_cast<std::ptrdiff_t>(j));
        any = Try(std::move(candidate)) || any;
      }
    }
    return any;
  }

  /// Each option away, if it is there and not needed.
  bool Simplify() {
    bool any = false;
    any = SimplifyRepository();
    for (std::size_t i = 0; i < best_.commands.size(); ++i) {
      const CaseCommand& command = best_.commands[i];
      if (command.first_parent) {
        BisectCase candidate = best_;
        candidate.commands[i].first_parent = false;
        any = Try(std::move(candidate)) || any;
      }
      if (!best_.commands[i].paths.empty()) {
        BisectCase candidate = best_;
        candidate.commands[i].paths.pop_back();
        any = Try(std::move(candidate)) || any;
      }
      if (best_.commands[i].term_bad || best_.commands[i].term_good) {
        any = Try(WithUsualTerms(best_)) || any;
      }
    }
    std::int64_t date = 1500000000;
    BisectCase candidate = best_;
    bool rising = true;
    for (RandomCommit& commit : candidate.graph) {
      rising = rising && commit.date == date;
      commit.date = date++;
    }
    return (!rising && Try(std::move(candidate))) || any;
  }

  bool SimplifyRepository() {
    bool any = false;
    const auto attempt = [&](auto change) {
      BisectCase candidate = best_;
      change(candidate);
      any = Try(std::move(candidate)) || any;
    };
    if (best_.commit_graph != CommitGraphForm::kNone) {
      attempt([](auto& c) { c.commit_graph = CommitGraphForm::kNone; });
    }
    if (best_.packed_refs) attempt([](auto& c) { c.packed_refs = false; });
    if (best_.by_names) attempt([](auto& c) { c.by_names = false; });
    if (best_.by_program) attempt([](auto& c) { c.by_program = false; });
    for (std::size_t i = best_.disguises.size(); i-- > 0;) {
      attempt([i](auto& c) {
        c.disguises.erase(c.disguises.begin() + static_cast<std::ptrdiff_t>(i));
      });
    }
    for (std::size_t i = 0; i < best_.commands.size(); ++i) {
      if (best_.commands[i].edits == LogEdits{}) continue;
      attempt([i](auto& c) { c.commands[i].edits = {}; });
    }
    return any;
  }

  [[nodiscard]] static BisectCase WithUsualTerms(BisectCase bisect_case) {
    std::string bad = "bad";
    std::string good = "good";
    for (CaseCommand& command : bisect_case.commands) {
      if (command.kind == CaseCommand::Kind::kStart) {
        bad = command.term_bad.value_or("bad");
        good = command.term_good.value_or("good");
        command.term_bad.reset();
        command.term_good.reset();
      } else if (command.term == bad) {
        command.term = "bad";
      } else if (command.term == good) {
        command.term = "good";
      }
    }
    return bisect_case;
  }

  BisectCase best_;
  const std::function<bool(const BisectCase&)>& fails_;
  std::size_t left_;
};

}  // namespace

BisectCase Shrink(BisectCase bisect_case,
                  const std::function<bool(const BisectCase&)>& fails,
                  std::size_t limit) {
  return Shrinker(std::move(bisect_case), fails, limit).Run();
}

}  // namespace rebisect::testing_support
