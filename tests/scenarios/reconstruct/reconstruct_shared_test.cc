// The recordings as their recorder wrote them, where they are at hand.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/logs/parse.h"
#include "scenarios/reconstruct/reconstruct.h"

namespace rebisect {
namespace {

std::vector<std::filesystem::path> SharedFiles(const char* folder) {
  std::vector<std::filesystem::path> files;
  const char* shared = std::getenv("REBISECT_SHARED");
  if (shared == nullptr) return files;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator
           it(std::filesystem::path(shared) / folder, error),
       end;
       !error && it != end; it.increment(error)) {
    if (it->is_regular_file() && it->path().extension() != ".tsv") {
      files.push_back(it->path());
    }
  }
  return files;
}

Result<Recording> Parse(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  return ParseRecording(bytes, path.filename().string());
}

TEST(ReconstructSharedTest, EveryRecordedCommitIsThere) {
  const auto files = SharedFiles("recordings");
  if (files.empty()) {
    GTEST_SKIP() << "REBISECT_SHARED names no folder with recordings/";
  }
  for (const auto& file : files) {
    SCOPED_TRACE(file.string());
    const auto recording = Parse(file);
    ASSERT_TRUE(recording) << FormatError(recording.error());
    const auto rebuilt = Reconstruct(*recording);
    ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
    const auto expect = [&](const std::string& name) {
      EXPECT_EQ(rebuilt->graph.Names().count("refs/recorded/" + name), 1U)
          << name;
    };
    expect(recording->start_commit);
    expect(recording->end.culprit);
    for (const Event& event : recording->events) {
      if (const auto* start = std::get_if<Start>(&event)) {
        expect(start->bad);
        for (const std::string& good : start->goods) expect(good);
      } else if (const auto* test = std::get_if<rebisect::Test>(&event)) {
        expect(test->commit);
        if (!test->release.empty()) expect(test->release);
      }
    }
  }
}

TEST(ReconstructSharedTest, EveryLogIsRebuiltOrRefusedWithAReason) {
  const auto files = SharedFiles("logs");
  if (files.empty()) {
    GTEST_SKIP() << "REBISECT_SHARED names no folder with logs/";
  }
  for (const auto& file : files) {
    SCOPED_TRACE(file.string());
    const auto recording = Parse(file);
    if (!recording) continue;
    const auto rebuilt = Reconstruct(*recording);
    if (!rebuilt) {
      EXPECT_NE(rebuilt.error().message, "");
    }
  }
}

}  // namespace
}  // namespace rebisect
