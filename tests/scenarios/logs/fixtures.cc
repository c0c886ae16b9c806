#include "tests/scenarios/logs/fixtures.h"

#include <cstddef>

namespace rebisect::fixtures {

std::string Id(std::string_view digits) {
  constexpr std::size_t kSize = 40;
  std::string id(digits);
  id.resize(kSize, '0');
  return id;
}

std::string Expand(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t begin = text.find('{');
    if (begin == std::string_view::npos) return out.append(text);
    const std::size_t end = text.find('}', begin + 1);
    out.append(text.substr(0, begin));
    out += Id(text.substr(begin + 1, end - begin - 1));
    text.remove_prefix(end + 1);
  }
}

const std::string_view kFix2018 = R"(searching for fixing commit since {aa}
building syzkaller on {ee}
testing commit {aa} with gcc (GCC) 8.0.1
all runs: crashed: WARNING in foo
testing current HEAD {ff}
testing commit {ff} with gcc (GCC) 8.0.1
all runs: OK
# git bisect start {ff} {aa}
Bisecting: 1 revision left to test after this (roughly 1 step)
[{b1}] foo: one
testing commit {b1} with gcc (GCC) 8.0.1
run #0: crashed: WARNING in foo
run #1: OK
# git bisect good {b1}
Bisecting: 0 revisions left to test after this (roughly 0 steps)
[{b2}] foo: two
testing commit {b2} with gcc (GCC) 8.0.1
all runs: OK
# git bisect bad {b2}
{b2} is the first bad commit
commit {b2}
Author: A U Thor <author@example.com>

    foo: two

    testing commit {cc}
    # git bisect bad {cc}

revisions tested: 4, total time: 1h0m0.5s (build: 20m0s, test: 40m0.25s)
first good commit: {b2} foo: two
cc: ["author@example.com"]
)";

const std::string_view kFix2019 = R"(bisecting fixing commit since {aa}
building syzkaller on {ee}
testing commit {aa} with gcc (GCC) 8.1.0
kernel signature: 0011
all runs: crashed: KASAN: use-after-free Read in foo
testing current HEAD {ff}
testing commit {ff} with gcc (GCC) 8.1.0
kernel signature: 0022
all runs: crashed: KASAN: use-after-free Read in foo
revisions tested: 2, total time: 31m12.5s (build: 11m, test: 20m)
the crash still happens on HEAD
commit msg: Merge something
crash: KASAN: use-after-free Read in foo
==================================================================
BUG: KASAN: use-after-free in foo+0x1/0x2
testing commit of the report, not of the log
)";

const std::string_view kFix2023 =
    R"(ci-host starts bisection 2023-09-01 10:00:00.1 +0000 UTC m=+0.5
bisecting fixing commit since {aa}
building syzkaller on {ee}
ensuring issue is reproducible on original commit {aa}

testing commit {aa} gcc
compiler: Debian clang version 15.0.6
kernel signature: 0a
all runs: crashed: INFO: task hung in bar
representative crash: INFO: task hung in bar, types: [HANG UNKNOWN]
check whether we can drop unnecessary instrumentation
disabling configs for [LEAK], they are not needed
testing commit {aa} gcc
compiler: Debian clang version 15.0.6
kernel signature: 0b
all runs: crashed: INFO: task hung in bar
representative crash: INFO: task hung in bar, types: [HANG]
the bug reproduces without the instrumentation
kconfig minimization: base=3947 full=7816 leaves diff=1813
testing commit {aa} gcc
compiler: Debian clang version 15.0.6
kernel signature: 0c
all runs: OK
false negative chance: 0.000
minimized to 41 configs; suspects: [USB_NET NETFILTER]
testing current HEAD {ff}
testing commit {ff} gcc
compiler: Debian clang version 15.0.6
kernel signature: 0d
all runs: OK
false negative chance: 0.012
determining the merge base between {aa} and {ff}
{ab}/bar: a title with a / in it is a merge base, check if it has the bug
testing commit {ab} gcc
compiler: Debian clang version 15.0.6
kernel signature: 0e
run #0: crashed: INFO: task hung in bar
run #1: ignore: lost connection to test machine
run #2: infra problem: failed to create instance
representative crash: INFO: task hung in bar, types: [HANG]
# git bisect start {ff} {ab}
Bisecting: 1 revision left to test after this (roughly 1 step)
[{b1}] bar: one

determine whether the revision contains the guilty commit
checking the merge base {ac}
no existing result, test the revision
testing commit {b1} gcc
compiler: Debian clang version 15.0.6
kernel signature: 0f
run #0: OK
run #1: basic kernel testing failed: BUG: bad page
run #2: boot failed: WARNING in early
unable to determine the verdict: 1 good runs (wanted 5), for bad wanted 5 in total, got 1
# git bisect skip {b1}
Bisecting: 0 revisions left to test after this (roughly 1 step)
[{b2}] bar: two

testing commit {b2} gcc
compiler: Debian clang version 15.0.6
kernel signature: 10
all runs: crashed: INFO: task hung in bar
representative crash: INFO: task hung in bar, types: [HANG]
# git bisect good {b2}
There are only 'skip'ped commits left to test.
The first bad commit could be any of:
{b1}
{ff}
We cannot bisect more!
reproducer is flaky (0.33 repro chance estimate)
revisions tested: 7, total time: 2h0m0s (build: 1h0m0s, test: 55m0s)
bisection is inconclusive, the first good commit could be any of:
{b1}
{ff}
)";

const std::string_view kTries2018 =
    R"(searching for guilty commit starting from {aa}
building syzkaller on {ee}
testing commit {aa} with gcc (GCC) 8.0.1
try #0: kernel crashed: WARNING in foo
try #1: OK
testing release v4.16
testing commit {a1} with gcc (GCC) 8.0.1
try #0: boot failed: no output
try #1: basic kernel testing failed: lost connection
try #2: failed: timed out
testing release v4.15
testing commit {a2} with gcc (GCC) 8.0.1
kernel build failed: make: *** [bzImage] Error 2
testing release v4.14
testing commit {a3} with gcc (GCC) 8.0.1
try #0: OK
# git bisect start {a1} {a3}
)";

const std::string_view kConfig2020 =
    R"(bisecting cause commit starting from {aa}
building syzkaller on {ee}
testing commit {aa} with gcc (GCC) 10.1.0
kernel signature: 01
all runs: crashed: WARNING in foo
testing baseline config failed: boom
testing commit {aa} with gcc (GCC) 10.1.0
kernel signature: 02
all runs: OK
crash reproduces with baseline config
# configuration already minimized
testing release v5.8
testing commit {a1} with gcc (GCC) 10.1.0
kernel signature: 03
all runs: crashed: WARNING in foo
testing release v5.7
testing commit {a2} with gcc (GCC) 10.1.0
kernel signature: 04
all runs: crashed: WARNING in foo
revisions tested: 3, total time: 1m (build: 30s, test: 30s)
the crash already happened on the oldest tested release
commit msg: Linux 5.7
crash: WARNING in foo
)";

const std::string_view kSignatures2019 =
    R"(bisecting cause commit starting from {aa}
building syzkaller on {ee}
testing commit {aa} with gcc (GCC) 8.1.0
kernel signature:   beef
all runs: crashed: WARNING in foo
testing release v5.3
testing commit {a1} with gcc (GCC) 8.1.0
kernel signature:   cafe
previous signature: beef
all runs: OK
# git bisect start {aa} {a1}
Bisecting: 1 revision left to test after this (roughly 1 step)
[{b1}] foo: one
testing commit {b1} with gcc (GCC) 8.1.0
drivers/foo.c:12: undefined reference to `bar'
collect2: error: ld returned 1 exit status
error: this too is said by a compiler
# git bisect skip {b1}
Bisecting: 1 revision left to test after this (roughly 1 step)
[{b2}] foo: two
testing commit {b2} with gcc (GCC) 8.1.0
kernel signature:   feed
previous signature: cafe
run #0: crashed: WARNING in foo
run #1: boot failed: lost
the second line of what failed
run #2: OK
reproducer seems to be flaky
# git bisect bad {b2}
{b2} is the first bad commit
commit {b2}
Merge: 1234567 89abcde

:100644 100644 1234567 89abcde M	foo.c
culprit signature: feed
parent  signature: feed
Reproducer flagged being flaky
revisions tested: 4, total time: 40m (build: 10m, test: 30m)
first bad commit: {b2} foo: two
recipients (to): ["a@example.com"]
recipients (cc): []
crash: WARNING in foo
WARNING: CPU: 0 at foo
)";

const std::string_view kCause2023 = R"(bisecting cause commit starting from {aa}
building syzkaller on {ee}
ensuring issue is reproducible on original commit {aa}

rewritten commit {a9} reidentified by title 'foo: some title'

testing commit {aa} clang
compiler: Debian clang version 15.0.6
kernel signature: 01
run #0: crashed: WARNING in foo
run #1: crashed: WARNING in foo
run #2: OK
representative crash: WARNING in foo, types: [WARNING]
picked [v6.4 v6.2 v5.19] out of 30 release tags
testing release v6.4
testing commit {a1} gcc
compiler: gcc (Debian 10.2.1-6) 10.2.1 20210110
kernel signature: 02
all runs: OK
false negative chance: 0.000
# git bisect start {aa} {a1}
Bisecting: 2 revisions left to test after this (roughly 1 step)
[{b1}] foo: one
determine whether the revision contains the guilty commit
revision {a1} crashed and is reachable
testing commit {b1} gcc
compiler: gcc (Debian 10.2.1-6) 10.2.1 20210110
failed building {b1}: ld: error: undefined symbol: foo
>>> referenced by foo.c:12
error: ld failed
# git bisect skip {b1}
Bisecting: 2 revisions left to test after this (roughly 1 step)
[{b2}] foo: two

testing commit {b2} gcc
compiler: gcc (Debian 10.2.1-6) 10.2.1 20210110
kernel signature: 03
all runs: crashed: WARNING in foo
representative crash: WARNING in foo, types: [WARNING]
# git bisect bad {b2}
{b2} is the first bad commit
commit {b2}
Author: A U Thor <author@example.com>

    foo: two

 foo.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

parent commit {b3} wasn't tested
testing commit {b3} gcc
compiler: gcc (Debian 10.2.1-6) 10.2.1 20210110
kernel signature: 04
accumulated error probability: 0.12
revisions tested: 5, total time: 1h (build: 30m, test: 30m)
first bad commit: {b2} foo: two
recipients (to): ["a@example.com"]
recipients (cc): []
crash: WARNING in foo
)";

const std::string_view kInconclusive =
    R"(bisecting cause commit starting from {aa}
building syzkaller on {ee}
testing commit {aa}
compiler: gcc version 10.2.1
kernel signature: 01
all runs: crashed: WARNING in foo
testing release v5.12
testing commit {a1}
compiler: gcc version 10.2.1
kernel signature: 02
all runs: OK
# git bisect start {aa} {a1}
Bisecting: 0 revisions left to test after this (roughly 0 steps)
[{b1}] foo: one
testing commit {b1}
compiler: gcc version 10.2.1
kernel signature: 03
all runs: boot failed: WARNING in early
# git bisect skip {b1}
There are only 'skip'ped commits left to test.
The first bad commit could be any of:
{b1}
{aa}
We cannot bisect more!
revisions tested: 3, total time: 1h (build: 30m, test: 30m)
bisection is inconclusive, the first bad commit could be any of:
{b1}
{aa}
)";

const std::string_view kError = R"(bisecting cause commit starting from {aa}
building syzkaller on {ee}
testing commit {aa} with gcc (GCC) 8.1.0
all runs: OK
revisions tested: 1, total time: 10m (build: 5m, test: 5m)
error: the crash wasn't reproduced on the original commit
)";

const std::string_view kGitLog = R"(git bisect start
# bad: [{ff}] top
git bisect bad {ff}
# good: [{aa}] bottom
git bisect good {aa}
# skip: [{b1}] one
git bisect skip {b1}
# bad: [{b2}] a subject so long that
the mail program has wrapped it
git bisect bad {b2}
# good: [{b3}] three
git bisect good {b3}
# first bad commit: [{b2}] two
)";

const std::string_view kGitLogQuoted =
    R"(git bisect start '--term-new=fixed' '--term-old=unfixed' '--' 'a dir'
# status: waiting for both 'unfixed' and 'fixed' commits
# fixed: [{ff}] top
git bisect fixed {ff}
# unfixed: [{aa}] bottom
git bisect unfixed {aa}
# fixed: [{b2}] two
git bisect fixed {b2}
# first 'fixed' commit: [{b2}] two
)";

const std::string_view kGitLogLocal = R"(git bisect start
# statut : en attente des bons et mauvais commits
# bad: [{ff}] top
git bisect bad {ff}
# status: väntar på bra incheckning(ar), trasig incheckning känd
# good: [{aa}] bottom
git bisect good {aa}
)";

const std::string_view kGitLogSkipped = R"(# new: [{ff}] top
# old: [{aa}] bottom
git bisect start 'HEAD' 'v1.0'
git bisect skip v1.1..v1.2
# skip: [{b1}] one
git bisect skip {b1}
# only skipped commits left to test
# possible first new commit: [{ff}] top
# possible first new commit: [{b1}] one
)";

const std::string_view kTranscript = R"(user@host:~/src$ git bisect start
user@host:~/src$ git bisect bad
user@host:~/src$ git bisect good v1.0
Bisecting: 2 revisions left to test after this (roughly 2 steps)
[{b1}] one
user@host:~/src$ make test
failed in some way
user@host:~/src$ git bisect bad
Bisecting: 0 revisions left to test after this (roughly 1 step)
[{b2}] two
user@host:~/src$ git bisect good   # works
{b1} is the first bad commit
commit {b1}
Author: A U Thor <author@example.com>
Date:   Mon Jan 1 00:00:00 2024 +0000

    one

    $ git bisect bad in the message does not count

 a | 1 +
$ git bisect log
git bisect start
# bad: [{ff}] top
git bisect bad {ff}
$ git bisect reset
Previous HEAD position was b2000000 two
Switched to branch 'master'
)";

const std::string_view kBisectRun = R"($ git bisect start {ff} {aa}
Bisecting: 2 revisions left to test after this (roughly 2 steps)
[{b1}] one
$ git bisect run ./test.sh
running './test.sh'
CC foo.o
FAIL: it crashed
Bisecting: 0 revisions left to test after this (roughly 1 step)
[{b2}] two
running './test.sh'
ok
{b1} is the first bad commit
commit {b1}

    one

bisect found first bad commit
)";

const std::string_view kMergeBase = R"($ git bisect start topic master
Bisecting: a merge base must be tested
[{b1}] base
$ git bisect bad
The merge base {b1} is bad.
This means the bug has been fixed between {b1} and [{aa}].
)";

const std::string_view kPaths = R"($ git bisect start {ff} {aa} -- src
Bisecting: -1 revisions left to test after this (roughly 0 steps)
[{b1}] one
$ git bisect good
Bisecting: 5 revisions left to test after this
[{b2}] two
)";

std::vector<std::pair<std::string, std::string>> All() {
  const std::vector<std::pair<std::string, std::string_view>> raw = {
      {"fix2018", kFix2018},
      {"fix2019", kFix2019},
      {"fix2023", kFix2023},
      {"tries2018", kTries2018},
      {"config2020", kConfig2020},
      {"signatures2019", kSignatures2019},
      {"cause2023", kCause2023},
      {"inconclusive", kInconclusive},
      {"error", kError},
      {"git-log", kGitLog},
      {"git-log-quoted", kGitLogQuoted},
      {"git-log-local", kGitLogLocal},
      {"git-log-skipped", kGitLogSkipped},
      {"transcript", kTranscript},
      {"bisect-run", kBisectRun},
      {"merge-base", kMergeBase},
      {"paths", kPaths},
  };
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [name, text] : raw) all.emplace_back(name, Expand(text));
  return all;
}

}  // namespace rebisect::fixtures
