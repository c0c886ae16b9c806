#include "tests/golden/git_vectors.h"

#include <cstdlib>
#include <filesystem>

#include <iostream>

#include <gtest/gtest.h>

namespace rebisect::testing_support {
namespace {

void CompareFile(const std::string& path) {
  const auto vectors = ReadGitVectors(path);
  ASSERT_TRUE(vectors.has_value()) << FormatError(vectors.error());
  std::size_t runs = 0;
  std::size_t different = 0;
  for (const GitVector& vector : *vectors) {
    runs += VersionRuns(vector);
    const std::vector<std::string> differences = CompareGitVector(vector);
    if (!differences.empty() && ++different <= 10) {
      ADD_FAILURE() << differences.front();
    }
  }
  EXPECT_EQ(different, 0U);
  std::cout << vectors->size() << " cases, " << runs << " version-runs, "
            << different << " cases differ\n";
}

TEST(GoldenVectors, AreFollowed) {
  CompareFile(REBISECT_GOLDEN_DIR "/git_vectors.jsonl.gz");
}

/// The large files are not part of the project; REBISECT_SHARED names the
/// folder that holds vectors/.
class AllVectors : public ::testing::TestWithParam<const char*> {};

TEST_P(AllVectors, AreFollowed) {
  const char* shared = std::getenv("REBISECT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "REBISECT_SHARED is not set";
  const std::string path = std::string(shared) + "/vectors/" + GetParam();
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing";
  CompareFile(path);
}

INSTANTIATE_TEST_SUITE_P(Files, AllVectors,
                         ::testing::Values("vectors-shared.jsonl.gz",
                                           "vectors-mb-shared.jsonl.gz",
                                           "vectors-paths-shared.jsonl.gz"));

}  // namespace
}  // namespace rebisect::testing_support
