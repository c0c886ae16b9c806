#include "sim/session/git_messages.h"

#include <utility>

namespace rebisect {
namespace {

std::string JoinHex(std::span<const CommitId> ids) {
  std::string text;
  for (const CommitId& id : ids) {
    if (!text.empty()) text += ' ';
    text += id.Hex();
  }
  return text;
}

}  // namespace

GitMessages::GitMessages(const GitVersion& version, std::string term_bad,
                         std::string term_good)
    : version_(version),
      term_bad_(std::move(term_bad)),
      term_good_(std::move(term_good)) {}

std::string GitMessages::MaybeQuote(std::string_view term) const {
  std::string text(term);
  return Since(2, 55) ? '\'' + text + '\'' : text;
}

/// git printed ids through four buffers used in turn, and these messages held
/// on to one while the goods took the next: every fourth good overwrote it.
/// Seen up to 2.39.5, no longer in 2.55.0.
std::string GitMessages::HeldHex(const CommitId& id,
                                 std::span<const CommitId> goods,
                                 std::size_t first_overwriting) const {
  const CommitId* shown = &id;
  if (!Since(2, 55)) {
    for (std::size_t i = first_overwriting; i < goods.size(); i += 4) {
      shown = &goods[i];
    }
  }
  return shown->Hex();
}

std::string GitMessages::Bad() const { return MaybeQuote(term_bad_); }
std::string GitMessages::Good() const { return MaybeQuote(term_good_); }

std::string GitMessages::Bisecting(std::int64_t revisions_left,
                                   std::int64_t steps_left) const {
  // Singular forms since 1.6.6.1, step estimates since 1.6.3.
  const bool singular = version_ >= GitVersion{1, 6, 6, 1};
  std::string text =
      "Bisecting: " + std::to_string(revisions_left) +
      (singular && revisions_left == 1 ? " revision" : " revisions") +
      " left to test after this";
  if (Since(1, 6, 3)) {
    text += " (roughly " + std::to_string(steps_left) +
            (singular && steps_left == 1 ? " step)" : " steps)");
  }
  return text + '\n';
}

std::string GitMessages::MergeBaseToTest() const {
  return "Bisecting: a merge base must be tested\n";
}

std::string GitMessages::FirstBad(const CommitId& culprit) const {
  return culprit.Hex() + (Since(1, 6, 5) ? " is the first " : " is first ") +
         Bad() + " commit\n";
}

std::string GitMessages::OnlySkipped(
    std::span<const CommitId> candidates) const {
  std::string text =
      "There are only 'skip'ped commits left to test.\n"
      "The first " +
      Bad() + " commit could be any of:\n";
  for (const CommitId& id : candidates) text += id.Hex() + '\n';
  return text + "We cannot bisect more!\n";
}

std::string GitMessages::BothGoodAndBad(const CommitId& bad) const {
  return bad.Hex() + " was both " + Good() + " and " + Bad() + '\n';
}

std::string GitMessages::NoTestableCommit() const {
  // The word changed between 2.31 and 2.39.
  return std::string(
             "No testable commit found.\nMaybe you started with bad path ") +
         (Since(2, 36) ? "arguments" : "parameters") + "?\n";
}

std::string GitMessages::NotAncestors() const {
  return "Some " + Good() + " revs are not " +
         (Since(2, 12) ? "ancestors" : "ancestor") + " of the " + Bad() +
         " rev.\ngit bisect cannot work properly in this case.\n"
         "Maybe you mistook " +
         Good() + " and " + Bad() + " revs?\n";
}

std::string GitMessages::MergeBaseIsBad(const CommitId& bad,
                                        std::span<const CommitId> goods) const {
  const std::string hex = HeldHex(bad, goods, 3);
  const std::string between =
      "between " + hex + " and [" + JoinHex(goods) + "].\n";
  if (term_bad_ == "bad" && term_good_ == "good") {
    return "The merge base " + hex +
           " is bad.\nThis means the bug has been fixed " + between;
  }
  if (term_bad_ == "new" && term_good_ == "old") {
    return "The merge base " + hex + " is new.\nThe property has changed " +
           between;
  }
  return "The merge base " + hex + " is " + Bad() +
         ".\nThis means the first '" + term_good_ + "' commit is " + between;
}

std::string GitMessages::MergeBaseSkipped(const CommitId& bad,
                                          std::span<const CommitId> goods,
                                          const CommitId& merge_base) const {
  const std::string base_hex = HeldHex(merge_base, goods, 2);
  const std::string bad_hex = HeldHex(bad, goods, 3);
  return "warning: the merge base between " + bad_hex + " and [" +
         JoinHex(goods) +
         "] must be skipped.\nSo we cannot be sure the first " + Bad() +
         " commit is between " + base_hex + " and " + bad_hex +
         ".\nWe continue anyway.\n";
}

std::string GitMessages::Waiting(bool have_bad, std::size_t goods) const {
  if (!Since(2, 37)) return "";
  const std::string good = Since(2, 55) ? Good() : "good";
  const std::string bad = Since(2, 55) ? Bad() : "bad";
  std::string text = "status: waiting for ";
  if (!have_bad && goods == 0) {
    return text + "both " + good + " and " + bad + " commits\n";
  }
  if (have_bad) {
    return text + good + " commit(s), " + bad + " commit known\n";
  }
  return text + bad + " commit, " + std::to_string(goods) + ' ' + good +
         (goods == 1 ? " commit known\n" : " commits known\n");
}

std::string GitMessages::NeedStart() const {
  // Since the check is in C it ends with an empty line.
  return std::string("You need to start by \"git bisect start\"\n") +
         (Since(2, 30) ? "\n" : "");
}

std::string GitMessages::NeedBadAndGood() const {
  const std::string prefix = Since(2, 20) ? "error: " : "";
  return prefix +
         "You need to give me at least one bad|new and good|old revision.\n"
         "You can use \"git bisect bad|new\" and \"git bisect good|old\" "
         "for that.\n";
}

std::string GitMessages::OnlyBadGiven() const {
  return "warning: bisecting only with a " + Bad() + " commit\n";
}

std::string GitMessages::WrongTerm() const {
  return "error: Invalid command: you're currently in a " + Bad() + '/' +
         Good() + " bisect\n";
}

std::string GitMessages::OneArgumentOnly() const {
  return "error: 'git bisect " + term_bad_ + "' can take only one argument.\n";
}

std::string GitMessages::Terms(bool known) const {
  if (!known) return "error: no terms defined\n";
  return "Your current terms are " + Good() + " for the old state\nand " +
         Bad() + " for the new state.\n";
}

std::string GitMessages::NotBisecting() const {
  // Silent from 2.44.0 and 2.43.1 on.
  return Since(2, 43, 1) ? "" : "We are not bisecting.\n";
}

std::string GitMessages::LogFirstBad() const {
  return "first " + Bad() + " commit";
}

std::string GitMessages::LogPossibleFirstBad() const {
  return "possible first " + Bad() + " commit";
}

}  // namespace rebisect
