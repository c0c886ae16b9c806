#include "tests/differential/bisect_case.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rebisect::testing_support {
namespace {

/// Dates at the edges of what git, its objects and its commit-graph files
/// can hold; -1 stands for any that git takes for a very late one.
constexpr std::array kExtremeDates = {std::int64_t{0},
                                      std::int64_t{1},
                                      (std::int64_t{1} << 31) - 1,
                                      std::int64_t{1} << 31,
                                      (std::int64_t{1} << 32) - 1,
                                      std::int64_t{1} << 32,
                                      std::int64_t{1} << 33,
                                      (std::int64_t{1} << 34) - 1,
                                      std::int64_t{1} << 34,
                                      std::int64_t{1} << 45,
                                      std::int64_t{-1}};
/// Commit-graph files keep 34 bits of a date.
constexpr std::size_t kExtremeDatesInFiles = 8;

void SetExtremeDates(TestPrng& prng, BisectCase& bisect_case) {
  const bool in_file = bisect_case.commit_graph != CommitGraphForm::kNone;
  const std::size_t count =
      in_file ? kExtremeDatesInFiles : kExtremeDates.size();
  const unsigned percent = prng.Percent(50) ? 10 : 70;
  for (RandomCommit& commit : bisect_case.graph) {
    if (!prng.Percent(percent)) continue;
    commit.date = kExtremeDates[static_cast<std::size_t>(prng.Below(count))];
  }
}

/// Earlier commits, other ones than `parents`.
std::vector<Node> OtherParents(TestPrng& prng, Node node,
                               const std::vector<Node>& parents) {
  std::vector<Node> others;
  for (std::uint64_t i = prng.Between(0, 3); i > 0 && node > 0; --i) {
    const auto other = static_cast<Node>(prng.Below(node));
    if (std::find(others.begin(), others.end(), other) == others.end()) {
      others.push_back(other);
    }
  }
  if (others == parents) others.clear();
  return others;
}

/// Some commits whose objects have other parents than git sees.
void AddDisguises(TestPrng& prng, BisectCase& bisect_case) {
  RandomGraph& graph = bisect_case.graph;
  const unsigned kinds = prng.Percent(30) ? 3 : 1;
  const std::uint64_t first = prng.Below(3);
  for (std::uint64_t i = prng.Between(1, 4); i > 0; --i) {
    Disguise disguise;
    disguise.kind =
        static_cast<Disguise::Kind>((first + prng.Below(kinds)) % 3);
    disguise.node = static_cast<Node>(prng.Below(graph.size()));
    const bool again =
        std::any_of(bisect_case.disguises.begin(), bisect_case.disguises.end(),
                    [&](const Disguise& d) { return d.node == disguise.node; });
    std::vector<Node>& parents = graph[disguise.node].parents;
    const bool shallow = disguise.kind == Disguise::Kind::kShallow;
    if (again || (shallow && parents.empty())) continue;
    if (shallow) {
      disguise.stored_parents = std::exchange(parents, {});
    } else {
      disguise.stored_parents = OtherParents(prng, disguise.node, parents);
    }
    if (disguise.stored_parents == parents) continue;
    bisect_case.disguises.push_back(std::move(disguise));
  }
}

/// Draws a case: graph, start, then verdict after verdict of an oracle that
/// may be truthful or not, with all sorts of other commands in between.
class CaseMaker {
 public:
  CaseMaker(std::uint64_t seed, const GitVersion& version)
      : prng_(seed), version_(version) {
    case_.seed = seed;
  }

  BisectCase Make() {
    MakeGraph();
    MakeOracle();
    session_.emplace(case_, version_);
    Setup();
    const std::uint64_t limit = prng_.Percent(80) ? 14 : 30;
    while (case_.commands.size() < limit && !done_) Continue();
    session_.reset();
    return std::move(case_);
  }

 private:
  using Kind = CaseCommand::Kind;

  void MakeGraph() {
    const Shape shape = kShapes[prng_.Below(kShapes.size())];
    const Dates dates = prng_.Percent(30) ? Dates::kDistinct
                                          : kDates[prng_.Below(kDates.size())];
    const std::uint64_t what = prng_.Below(100);
    const std::uint64_t size = what < 5    ? prng_.Between(1, 5)
                               : what < 75 ? prng_.Between(5, 60)
                               : what < 95 ? prng_.Between(60, 150)
                                           : prng_.Between(150, 400);
    case_.graph =
        MakeRandomGraph(prng_, shape, dates, static_cast<std::size_t>(size));
    if (prng_.Percent(12)) AddDisguises(prng_, case_);
    if (prng_.Percent(20)) {
      file_count_ = static_cast<std::size_t>(prng_.Between(1, 3));
      AddRandomFiles(prng_, case_.graph, file_count_);
    }
    if (prng_.Percent(30)) {
      case_.commit_graph = static_cast<CommitGraphForm>(prng_.Between(1, 3));
    }
    if (prng_.Percent(8)) SetExtremeDates(prng_, case_);
    case_.packed_refs = prng_.Percent(10);
    case_.by_names = prng_.Percent(15);
    case_.by_program = prng_.Percent(30);
    may_run_ = !case_.by_program || (file_count_ == 0 && DatesRise());
  }

  /// Whether every commit is newer than its parents. Else, and where commits
  /// are simplified away, a `run`, which is one process from git 2.34 on, may
  /// choose otherwise than marks one by one, as the program gets them.
  [[nodiscard]] bool DatesRise() const {
    const RandomGraph graph = AsRead(case_.graph);
    for (const RandomCommit& commit : graph) {
      for (const Node parent : commit.parents) {
        if (graph[parent].date >= commit.date) return false;
      }
    }
    return true;
  }

  void MakeOracle() {
    const std::size_t n = case_.graph.size();
    const Node culprit = AnyNode();
    is_bad_.assign(n, false);
    is_bad_[culprit] = true;
    for (std::size_t node = culprit; node < n; ++node) {
      for (const Node p : case_.graph[node].parents) {
        if (is_bad_[p]) is_bad_[node] = true;
      }
    }
    const std::uint64_t what = prng_.Below(100);
    lies_percent_ = what < 65 ? 0 : what < 85 ? 15 : 50;
    const std::uint64_t skips = prng_.Below(100);
    skip_percent_ = skips < 50 ? 0 : skips < 75 ? 10 : skips < 90 ? 35 : 80;
  }

  [[nodiscard]] Node AnyNode() {
    return static_cast<Node>(prng_.Below(case_.graph.size()));
  }

  /// A commit that `node` reaches; itself when it is a root.
  [[nodiscard]] Node AnAncestor(Node node) {
    for (std::uint64_t hops = prng_.Between(1, 30); hops > 0; --hops) {
      const std::vector<Node>& parents = case_.graph[node].parents;
      if (parents.empty()) break;
      node = prng_.Pick(parents);
    }
    return node;
  }

  void Do(CaseCommand command) {
    const auto report = session_->Run(command);
    case_.commands.push_back(std::move(command));
    if (report) {
      last_ = *report;
    } else {
      done_ = true;
    }
  }

  void Mark(const std::string& term, std::vector<Node> commits) {
    CaseCommand command;
    command.kind = Kind::kMark;
    command.term = term;
    command.commits = std::move(commits);
    Do(std::move(command));
  }

  [[nodiscard]] std::vector<Node> PickGoods(Node bad) {
    const std::uint64_t mode = prng_.Below(100);
    std::vector<Node> goods;
    for (std::uint64_t i = prng_.Percent(50) ? 1 : prng_.Between(1, 5); i > 0;
         --i) {
      goods.push_back(mode < 60 || prng_.Percent(30) ? AnAncestor(bad)
                                                     : AnyNode());
    }
    return goods;
  }

  [[nodiscard]] CaseCommand StartOptions() {
    CaseCommand start;
    start.kind = Kind::kStart;
    const GitRules rules = GitRules::Of(version_);
    start.first_parent = rules.first_parent && prng_.Percent(15);
    const std::uint64_t terms = prng_.Below(100);
    if (terms < 8) {
      start.term_bad = "new";
      start.term_good = "old";
    } else if (terms < 16) {
      start.term_bad = "broken";
      start.term_good = "fine";
    } else if (terms < 18) {
      start.term_bad = "slow";
    } else if (terms < 20) {
      // Not allowed, each for its own reason.
      start.term_bad = prng_.Pick<std::string>(
          {"good", "old", "skip", "a..b", "next", "bad"});
      if (prng_.Percent(30)) start.term_good = "bad";
    }
    for (std::size_t k = 0; k < file_count_; ++k) {
      if (k == 0 || prng_.Percent(40)) start.paths.push_back(k);
    }
    return start;
  }

  void Setup() {
    const auto last = static_cast<Node>(case_.graph.size() - 1);
    if (prng_.Percent(2)) Mark("good", {AnyNode()});  // before any start
    const Node bad = prng_.Percent(75) ? last : AnyNode();
    const std::vector<Node> goods = PickGoods(bad);
    CaseCommand start = StartOptions();
    const std::uint64_t form = prng_.Below(100);
    if (form < 60) {
      start.commits = {bad};
      start.commits.insert(start.commits.end(), goods.begin(), goods.end());
      return Do(std::move(start));
    }
    if (form < 68) {
      start.commits = {bad};
      Do(std::move(start));
      if (form < 65) return;
      CaseCommand next;
      return Do(next);
    }
    const bool named = start.term_bad || start.term_good;
    Do(std::move(start));
    const bool new_old = !named && prng_.Percent(20);
    const std::string bad_term =
        new_old ? "new" : session_->session().term_bad();
    const std::string good_term =
        new_old ? "old" : session_->session().term_good();
    if (prng_.Percent(10)) Mark("skip", {AnyNode()});
    if (prng_.Percent(50)) {
      Mark(bad_term, {bad});
      Mark(good_term, goods);
    } else {
      Mark(good_term, goods);
      Mark(bad_term, {bad});
    }
  }

  [[nodiscard]] std::string TermFor(Node node) {
    const bool lie = prng_.Percent(lies_percent_);
    return is_bad_[node] != lie ? session_->session().term_bad()
                                : session_->session().term_good();
  }

  /// The verdict on the commit that git proposed.
  void Answer() {
    if (prng_.Percent(skip_percent_)) return Mark("skip", {});
    const CommitId next = *last_.next;
    const std::vector<CommitId>& ids = session_->ids();
    const auto at = std::find(ids.begin(), ids.end(), next) - ids.begin();
    Mark(TermFor(static_cast<Node>(at)), {});
  }

  void SkipRange() {
    CaseCommand command;
    command.kind = Kind::kMark;
    command.term = "skip";
    const Node to = AnyNode();
    command.range.emplace(prng_.Percent(80) ? AnAncestor(to) : AnyNode(), to);
    if (prng_.Percent(30) && last_.next) {
      // The very commit proposed, as a range.
      const std::vector<CommitId>& ids = session_->ids();
      const auto at = static_cast<Node>(
          std::find(ids.begin(), ids.end(), *last_.next) - ids.begin());
      const std::vector<Node>& parents = case_.graph[at].parents;
      command.range.emplace(parents.empty() ? at : parents[0], at);
    }
    Do(std::move(command));
  }

  void DoSomethingElse() {
    const std::uint64_t what = prng_.Below(100);
    if (what < 30) {
      const Node node = AnyNode();
      Mark(prng_.Percent(20) ? "skip" : TermFor(node), {node});
    } else if (what < 42) {
      std::vector<Node> nodes;
      for (std::uint64_t i = prng_.Between(1, 4); i > 0; --i) {
        nodes.push_back(AnyNode());
      }
      Mark("skip", nodes);
    } else if (what < 57) {
      SkipRange();
    } else if (what < 65) {
      Mark(session_->session().term_bad(), {AnyNode()});
    } else if (what < 72) {
      Mark(session_->session().term_good(), {AnyNode(), AnyNode()});
    } else if (what < 80) {
      Simple(Kind::kNext);
    } else if (what < 88) {
      Replay();
    } else if (what < 92) {
      CaseCommand start = StartOptions();
      const Node bad = AnyNode();
      start.commits = {bad};
      for (const Node good : PickGoods(bad)) start.commits.push_back(good);
      Do(std::move(start));
    } else if (what < 94) {
      Simple(Kind::kTerms);
    } else if (what < 96) {
      Mark(prng_.Pick<std::string>({"old", "bad", "new", "good"}), {AnyNode()});
    } else if (what < 98) {
      Mark(session_->session().term_bad(), {AnyNode(), AnyNode()});
    } else {
      Simple(Kind::kReset);
    }
  }

  void Simple(Kind kind) {
    CaseCommand command;
    command.kind = kind;
    Do(std::move(command));
  }

  void Replay() {
    if (session_->session().log().empty()) return;
    CaseCommand command;
    command.kind = Kind::kReplay;
    if (prng_.Percent(50)) {
      command.edits = {prng_.Percent(40), prng_.Percent(40), prng_.Percent(30),
                       prng_.Percent(20), prng_.Percent(20), prng_.Percent(40),
                       prng_.Percent(20)};
    }
    Do(std::move(command));
  }

  /// The rest of the search by a script.
  void RunScript() {
    CaseCommand command;
    command.kind = Kind::kRun;
    for (Node node = 0; node < is_bad_.size(); ++node) {
      if (prng_.Percent(skip_percent_ / 2)) {
        command.skipped.push_back(node);
      } else if (is_bad_[node] != prng_.Percent(lies_percent_ / 2)) {
        command.commits.push_back(node);
      }
    }
    Do(std::move(command));
  }

  void Continue() {
    const bool proposed = Proposes(last_.state);
    if (proposed && last_.next && session_->session().started()) {
      const bool ends = session_->session().bad().has_value() &&
                        !session_->session().goods().empty();
      if (ends && may_run_ && prng_.Percent(6)) return RunScript();
      if (prng_.Percent(88)) return Answer();
    }
    if (!proposed && prng_.Percent(55)) {
      done_ = true;
      return;
    }
    DoSomethingElse();
  }

  TestPrng prng_;
  const GitVersion& version_;
  BisectCase case_;
  std::optional<CaseSession> session_;
  std::vector<bool> is_bad_;
  unsigned lies_percent_ = 0;
  unsigned skip_percent_ = 0;
  std::size_t file_count_ = 0;
  StepReport last_;
  bool done_ = false;
  bool may_run_ = false;
};

}  // namespace

BisectCase MakeBisectCase(std::uint64_t seed, const GitVersion& version) {
  return CaseMaker(seed, version).Make();
}

BisectCase MakeStepCase(std::uint64_t seed, const GitVersion& version) {
  TestPrng prng(seed);
  BisectCase step;
  step.seed = seed;
  step.single_step = true;
  const Shape shape = kShapes[prng.Below(kShapes.size())];
  const Dates dates =
      prng.Percent(40) ? Dates::kDistinct : kDates[prng.Below(kDates.size())];
  // Above 3,071 suspects git takes what is nearly the half for it.
  const std::uint64_t size =
      seed % 50 == 0 ? prng.Between(3000, 9000) : prng.Between(1, 300);
  step.graph =
      MakeRandomGraph(prng, shape, dates, static_cast<std::size_t>(size));
  const auto any = [&](std::uint64_t reach) {
    return static_cast<Node>(prng.Below(reach));
  };
  CaseCommand start;
  start.kind = CaseCommand::Kind::kStart;
  start.commits = {prng.Percent(80) ? static_cast<Node>(size - 1) : any(size)};
  std::vector<Node> goods;
  for (std::uint64_t i = prng.Below(4); i > 0; --i) {
    goods.push_back(any(prng.Percent(50) ? size : size / 4 + 1));
  }
  std::sort(goods.begin(), goods.end());
  goods.erase(std::unique(goods.begin(), goods.end()), goods.end());
  start.commits.insert(start.commits.end(), goods.begin(), goods.end());
  start.first_parent = prng.Percent(20) && GitRules::Of(version).first_parent;
  step.commands = {std::move(start)};
  if (prng.Percent(8)) SetExtremeDates(prng, step);
  return step;
}

}  // namespace rebisect::testing_support
