#include "sim/io/sha1.h"

#include <gtest/gtest.h>

#include <string>

namespace rebisect {
namespace {

TEST(Sha1, KnowsTheValuesOfTheStandard) {
  EXPECT_EQ(Sha1("abc").Hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Sha1("").Hex(), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(Sha1(std::string(1000000, 'a')).Hex(),
            "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST(Sha1, BothWaysAgreeAtEveryLength) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(Sha1(bytes), internal::Sha1Portable(bytes)) << i;
    bytes += static_cast<char>(i * 37 + 11);
  }
}

}  // namespace
}  // namespace rebisect
