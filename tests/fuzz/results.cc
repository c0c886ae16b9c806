#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/report/html_report.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {

/// What `report` reads: JSON Lines that commands print.
void FuzzResults(std::string_view bytes) {
  const std::vector<ResultText> results =
      ResultsIn(std::string(bytes), "results.jsonl");
  ResultPacker packer;
  for (const ResultText& result : results) {
    const auto packed = packer.Pack(result);
    if (!packed) {
      ExpectPlace(packed.error(), "results.jsonl");
      continue;
    }
    Expect(packed->json.find('<') == std::string::npos,
           "nothing ends the script element", packed->json);
    Expect(nlohmann::json::accept(packed->json), "what is packed is JSON",
           packed->json);
  }
  Expect(nlohmann::json::accept(packer.Shapes()), "so are the shapes",
         packer.Shapes());
  const auto page =
      HtmlReport(results, [](const std::vector<std::string>& graphs) {
        return std::vector<std::string>(graphs.size());
      });
  if (!page) ExpectSays(page.error());
}

}  // namespace rebisect::fuzz
