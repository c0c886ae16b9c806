// Prints how far diagnoses of simulated searches can be believed:
//
//   diagnosis_calibration [SEARCHES [SEED [PLOT.svg]]]
//
// For the world that the run model assumes, and for others: the coverage of
// the 95% sets beside their mass, and how many trusted results are wrong.
// The plot: the share of culprits named rightly, by their posterior.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/property/bisection_world.h"

namespace rebisect::property {
namespace {

constexpr std::size_t kCommits = 300;

void Print(const std::string& name, const Tally& tally) {
  std::printf(
      "%-42s %8.4f %8.4f %8d %6d %5.1f%%\n", name.c_str(),
      tally.covered / tally.searches, tally.mass / tally.searches,
      tally.trusted, tally.trusted_wrong,
      tally.trusted == 0 ? 0. : 100. * tally.trusted_wrong / tally.trusted);
  std::fflush(stdout);
}

/// A square of 400 units; the diagonal is where claims are true.
void Plot(const Tally& tally, const char* file) {
  std::ofstream out(file);
  out << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='-50 -20 480 480' "
         "font-family='sans-serif' font-size='12'>\n"
         "<rect width='400' height='400' fill='none' stroke='#888'/>\n"
         "<line x1='0' y1='400' x2='400' y2='0' stroke='#bbb'/>\n"
         "<text x='200' y='435' text-anchor='middle'>posterior of the culprit "
         "named</text>\n<text transform='translate(-30,200) rotate(-90)' "
         "text-anchor='middle'>share named rightly</text>\n";
  for (const Tally::Bin& bin : tally.bins) {
    if (bin.searches == 0) continue;
    const double x = 400 * bin.posterior / bin.searches;
    const double share = static_cast<double>(bin.right) / bin.searches;
    const double error = 2 * std::sqrt(share * (1 - share) / bin.searches);
    out << "<line x1='" << x << "' x2='" << x << "' y1='"
        << 400 - 400 * std::fmin(1, share + error) << "' y2='"
        << 400 - 400 * std::fmax(0, share - error)
        << "' stroke='#36c'/>\n<circle cx='" << x << "' cy='"
        << 400 - 400 * share << "' r='4' fill='#36c'><title>" << bin.right
        << " of " << bin.searches << "</title></circle>\n";
  }
  out << "</svg>\n";
}

int Run(int argc, char** argv) {
  const int searches = argc > 1 ? std::atoi(argv[1]) : 2000;
  const auto seed =
      static_cast<std::uint64_t>(argc > 2 ? std::atoll(argv[2]) : 1);
  if (searches < 10) {
    std::fputs("usage: diagnosis_calibration [SEARCHES [SEED [PLOT.svg]]]\n",
               stderr);
    return 2;
  }
  std::printf("%-42s %8s %8s %8s %6s\n", "world", "coverage", "mass", "trusted",
              "wrong");
  const Tally prior = Calibrate(PriorWorld(), searches, kCommits, seed);
  Print("as the model thinks", prior);
  Tally pooled;
  for (const WorldKind& kind : MisspecifiedWorlds()) {
    const Tally tally = Calibrate(kind, searches / 4, kCommits, seed);
    Print(kind.name, tally);
    pooled.searches += tally.searches;
    pooled.covered += tally.covered;
    pooled.mass += tally.mass;
    pooled.trusted += tally.trusted;
    pooled.trusted_wrong += tally.trusted_wrong;
  }
  Print("all of these worlds", pooled);
  for (const WorldKind& kind : HeavyWorlds()) {
    Print(kind.name, Calibrate(kind, searches / 4, kCommits, seed));
  }
  std::puts("\nposterior    searches   named rightly   expected");
  for (const Tally::Bin& bin : prior.bins) {
    if (bin.searches == 0) continue;
    std::printf("%9.3f %11d %15d %10.1f\n", bin.posterior / bin.searches,
                bin.searches, bin.right, bin.posterior);
  }
  if (argc > 3) Plot(prior, argv[3]);
  return 0;
}

}  // namespace
}  // namespace rebisect::property

int main(int argc, char** argv) { return rebisect::property::Run(argc, argv); }
