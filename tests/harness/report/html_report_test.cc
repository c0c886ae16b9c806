#include "harness/report/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/report/graph_drawing.h"
#include "harness/report/packed_result.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing_support::RunProgram;

/// The inverse of ResultPacker, as main.js has it.
ordered_json Unpacked(const ordered_json& packed, const ordered_json& shapes) {
  if (!packed.is_array()) return packed;
  const int shape = packed.at(0).get<int>();
  ordered_json value =
      shape < 0 ? ordered_json::array() : ordered_json::object();
  for (std::size_t i = 1; i < packed.size(); ++i) {
    ordered_json part = Unpacked(packed[i], shapes);
    if (shape < 0) {
      value.push_back(std::move(part));
    } else {
      value[shapes.at(static_cast<std::size_t>(shape)).at(i - 1)] =
          std::move(part);
    }
  }
  return value;
}

ordered_json RoundTrip(const std::string& json) {
  ResultPacker packer;
  const auto packed = packer.Pack({json, {}});
  EXPECT_TRUE(packed) << packed.error().message;
  if (!packed) return {};
  return Unpacked(ordered_json::parse(packed->json),
                  ordered_json::parse(packer.Shapes()));
}

Result<std::vector<std::string>> NoDrawings(const std::vector<std::string>&) {
  return Fail(ErrorCode::kNotFound, "there is no dot");
}

Result<std::vector<std::string>> PlainDrawings(
    const std::vector<std::string>& graphs) {
  return std::vector<std::string>(graphs.size(), "<svg></svg>");
}

std::string Error(const std::string& text) {
  const auto page = HtmlReport(ResultsIn(text, "r.jsonl"), NoDrawings);
  return page ? "" : FormatError(page.error());
}

constexpr const char* kCorpus =
    R"({"schema":"rebisect.whatif-corpus/1","recordings":0})";

/// A replay whose search graph has these classes.
std::string ReplayWith(const std::string& classes) {
  return R"({"schema":"rebisect.replay/1","recording":"r","search_graph":)"
         R"({"classes":)" +
         classes + "}}";
}

TEST(PackedResult, SaysWhatTheJsonSays) {
  for (
      const std::string json :
      {R"({"a":1,"b":[{"c":1.50,"d":null},{"c":-2e-7,"d":[]},{"d":{}}]})",
       R"({"a":"\u00e9\n\"\\","b":[true,false,[[[]]]],"c":18446744073709551615})",
       R"({})"}) {
    EXPECT_EQ(RoundTrip(json), ordered_json::parse(json)) << json;
  }
}

TEST(PackedResult, KeepsNumbersAsTheyWereWritten) {
  ResultPacker packer;
  const auto packed = packer.Pack({R"({"a":0.100,"b":1e-7})", {}});
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->json, "[0,0.100,1e-7]");
}

TEST(PackedResult, LeavesJournalsOfPassedTestsOut) {
  const ordered_json result = RoundTrip(
      R"({"schema":"rebisect.test/1","scenarios":[{"results":[)"
      R"({"status":"passed","journal":[1]},{"status":"failed","journal":[2]}]}]})");
  EXPECT_EQ(result["scenarios"][0]["results"],
            ordered_json::parse(
                R"([{"status":"passed"},{"status":"failed","journal":[2]}])"));
  EXPECT_EQ(result["journals_left_out"], true);
}

TEST(PackedResult, ThinsOutTheComparisonsOfLargeExperiments) {
  std::string pairs;
  for (std::size_t i = 0; i <= kMaxComparisons; ++i) {
    pairs += std::string(i > 0 ? "," : "") + R"({"first":)" +
             (i < 3 ? "1" : "12") + R"(,"both_right":5})";
  }
  const ordered_json result =
      RoundTrip(R"({"schema":"rebisect.results/1","groups":[{"comparisons":[)" +
                pairs + "]}]}");
  const ordered_json& group = result["groups"][0];
  EXPECT_EQ(group["comparisons"].size(), 3U);
  EXPECT_EQ(group["comparisons_left_out"], kMaxComparisons - 2);
}

TEST(PackedResult, RefusesWhatIsNoResult) {
  ResultPacker packer;
  for (const std::string json :
       {"", "{", "[]", "1", R"({"a":1} x)", "{\"a\":\"\xff\"}", "nul"}) {
    EXPECT_FALSE(packer.Pack({json, {}})) << json;
  }
  const std::string deep(100'000, '[');
  EXPECT_FALSE(packer.Pack({R"({"a":)" + deep, {}}));
}

TEST(HtmlReport, NamesThePlaceOfWhatItCannotShow) {
  EXPECT_EQ(Error(""), "error: there is no result to report on");
  EXPECT_THAT(Error(std::string(kCorpus) + "\n\n{\"schema\": }\n"),
              HasSubstr("r.jsonl:3:12: error: this is no result"));
  EXPECT_THAT(Error("{}"), HasSubstr("r.jsonl:1: error: the object has no"));
  EXPECT_THAT(Error(R"({"schema":"rebisect.audit/1"})"),
              HasSubstr("no view for the schema 'rebisect.audit/1'; there are "
                        "views for rebisect.replay/1"));
}

TEST(HtmlReport, LetsNoTextOutOfItsData) {
  const std::string hostile = "</script><img src=x onerror=alert(1)>";
  const std::string json = ordered_json({{"schema", "rebisect.whatif-corpus/1"},
                                         {"name", hostile + "{{style}}"},
                                         {hostile, hostile}})
                               .dump();
  const auto page = HtmlReport(ResultsIn(json, "x"), NoDrawings);
  ASSERT_TRUE(page);
  EXPECT_THAT(page->html, Not(HasSubstr("<img")));
  EXPECT_THAT(page->html, HasSubstr("\\u003c/script>\\u003cimg"));
  // The title is markup, and stands in its own words alone.
  EXPECT_THAT(page->html, HasSubstr("&lt;/script&gt;&lt;img"));
  EXPECT_THAT(page->html, HasSubstr("{{style}}</title>"));
}

TEST(HtmlReport, LoadsNothingAndNamesWhatItHolds) {
  const auto page = HtmlReport(ResultsIn(kCorpus, "x"), NoDrawings);
  ASSERT_TRUE(page);
  EXPECT_THAT(page->html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page->html, HasSubstr("// https://d3js.org v"));
  EXPECT_THAT(page->html, HasSubstr("Redistribution and use in source"));
  for (const char* const loading :
       {"<script src", "<link rel=\"stylesheet\"", "@import", "<img"}) {
    EXPECT_THAT(page->html, Not(HasSubstr(loading)));
  }
}

TEST(HtmlReport, IsTheSameForTheSameResults) {
  const std::string text =
      std::string(kCorpus) + '\n' +
      ReplayWith(R"([{"commit":"a","size":2,"parents":[1]},)"
                 R"({"commit":null,"size":3,"parents":[]}])") +
      '\n';
  const auto first = HtmlReport(ResultsIn(text, "x"), PlainDrawings);
  const auto second = HtmlReport(ResultsIn(text, "y"), PlainDrawings);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->html, second->html);
  EXPECT_THAT(first->html,
              HasSubstr("<template id=\"drawing-1\"><svg></svg></template>"));
  EXPECT_THAT(first->notes, testing::IsEmpty());
}

TEST(HtmlReport, SaysWhyItHasNoPicture) {
  const auto page =
      HtmlReport(ResultsIn(ReplayWith(R"([{"commit":"a","parents":[]}])"), "x"),
                 NoDrawings);
  ASSERT_TRUE(page);
  EXPECT_THAT(page->notes, testing::ElementsAre(HasSubstr("there is no dot")));
  EXPECT_THAT(page->html, HasSubstr("\"undrawn\":\"there is no dot\""));
}

TEST(HtmlReport, DrawsNoGraphThatIsNone) {
  std::string many = R"([{"parents":[]})";
  for (std::size_t i = 0; i < kMaxDrawnClasses; ++i) {
    many += R"(,{"parents":[]})";
  }
  const std::vector<std::string> wrong = {R"([{"parents":[0]}])",
                                          R"([{"parents":[5]}])",
                                          R"([{"parents":[-1]}])",
                                          R"([{"parents":"x"}])",
                                          R"([{}])",
                                          "[1]",
                                          R"({"parents":[]})",
                                          "[]",
                                          many + "]"};
  for (const std::string& classes : wrong) {
    const auto page =
        HtmlReport(ResultsIn(ReplayWith(classes), "x"), PlainDrawings);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->html.find("<template"), std::string::npos)
        << classes.substr(0, 100);
  }
}

TEST(GraphDrawing, SaysWhatABoxIs) {
  const std::string id = "0123456789abcdef0123456789abcdef01234567";
  const std::string dot = DotOf({{id, "bad", 3, true, 1, {1, 2}},
                                 {"", "", 0, false, 41, {2}},
                                 {"v1.0", "good", 0, false, 2, {}}},
                                "g7");
  EXPECT_THAT(dot, HasSubstr("id=\"g7_c0\", class=\"bad culprit\", shape=box, "
                             "label=\"0123456789ab\\nculprit, bad, step 3\""));
  EXPECT_THAT(dot, HasSubstr("class=\"untested\", shape=box, "
                             "label=\"41 untested\""));
  EXPECT_THAT(dot, HasSubstr("shape=ellipse, label=\"v1.0\\ngood end\\n+ 1 "
                             "untested\""));
  // 0 -> 2 is implied.
  EXPECT_THAT(dot, HasSubstr("0->1"));
  EXPECT_THAT(dot, HasSubstr("1->2"));
  EXPECT_THAT(dot, Not(HasSubstr("0->2")));
}

TEST(GraphDrawing, TakesNoTextForMarkup) {
  const std::string dot = DotOf(
      {{"a\"]; evil [b=\"\\N\n<b>\xc3", "\" x=\"", 1, false, 1, {}}}, "g");
  EXPECT_THAT(dot, HasSubstr("label=\"a?]; evil [b=??N?<b>?"));
  EXPECT_THAT(dot, HasSubstr("class=\"none\""));
}

TEST(GraphDrawing, ByGraphvizIsOneElementAGraph) {
  const std::vector<std::string> graphs = {
      DotOf({{"<script>", "bad", 1, false, 1, {}}}, "g0"),
      DotOf({{"b", "good", 1, false, 1, {}}}, "g1")};
  const auto drawings = LayOutByDot(graphs);
  if (!drawings && drawings.error().code == ErrorCode::kNotFound) {
    GTEST_SKIP() << "Graphviz is not installed";
  }
  ASSERT_TRUE(drawings) << drawings.error().message;
  ASSERT_EQ(drawings->size(), 2U);
  EXPECT_THAT(*drawings, Each(testing::StartsWith("<svg")));
  EXPECT_THAT(*drawings, Each(Not(HasSubstr("<script"))));
  EXPECT_THAT(*drawings, Each(Not(HasSubstr("<!"))));
  EXPECT_THAT((*drawings)[0], HasSubstr("id=\"g0_c0\""));
  EXPECT_THAT((*drawings)[1], HasSubstr("id=\"g1_c0\""));
}

TEST(ReportCommand, WritesOnePageOfSeveralCommands) {
  const testing_support::TempFolder folder;
  const std::string results = folder.path() + "/r.jsonl";
  const std::string page = folder.path() + "/r.html";
  const std::string recording =
      std::string(REBISECT_RECORDED_DIR) + "/002_2bc36a9ae601194e.yaml";
  testing_support::PutFile(
      folder / "r.jsonl",
      RunProgram({"replay", "--format", "json", recording}).out +
          RunProgram({"diagnose", "--format", "json", recording}).out);
  const auto run = RunProgram({"report", results, "--html", page});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.errors, HasSubstr("report: " + page));
  EXPECT_THAT(testing_support::GetFile(folder / "r.html"),
              HasSubstr("002_2bc36a9ae601194e"));
}

TEST(ReportCommand, SaysWhereAResultIsNone) {
  const testing_support::TempFolder folder;
  testing_support::PutFile(folder / "empty.jsonl", "\n");
  testing_support::PutFile(folder / "text.jsonl", "same culprit\n");
  const std::string page = folder.path() + "/r.html";
  const auto run = [&](const std::string& name) {
    return RunProgram({"report", folder.path() + "/" + name, "--html", page});
  };
  EXPECT_EQ(run("empty.jsonl").exit_code, 2);
  EXPECT_THAT(run("empty.jsonl").errors, HasSubstr("there is no result in it"));
  EXPECT_THAT(run("text.jsonl").errors, HasSubstr("text.jsonl:1:1: error:"));
  EXPECT_EQ(run("missing.jsonl").exit_code, 2);
}

}  // namespace
}  // namespace rebisect
