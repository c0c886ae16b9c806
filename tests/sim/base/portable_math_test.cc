#include "sim/base/portable_math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rebisect {
namespace {

TEST(PortableMathTest, TheLogarithmIsThatOfTheLibraryButForRounding) {
  for (int i = -3000; i <= 3000; ++i) {
    const double x = std::pow(1.2, i) * (1 + 1e-3 * (i % 7));
    EXPECT_NEAR(PortableLog(x), std::log(x),
                1e-15 * (1 + std::fabs(std::log(x))))
        << x;
  }
  for (int i = 1; i < 2000; ++i) {
    const double x = 0.5 + i * 1e-3;
    EXPECT_NEAR(PortableLog(x), std::log(x), 3e-16) << x;
  }
  EXPECT_EQ(PortableLog(1), 0);
  EXPECT_NEAR(PortableLog(std::numeric_limits<double>::denorm_min()),
              -744.4400719213812, 1e-12);
}

TEST(PortableMathTest, TheExponentialIsThatOfTheLibraryButForRounding) {
  for (int i = -7000; i <= 7000; ++i) {
    const double x = i * 0.1;
    EXPECT_NEAR(PortableExp(x) / std::exp(x), 1, 1e-15) << x;
  }
  EXPECT_EQ(PortableExp(0), 1);
  EXPECT_EQ(PortableExp(-1e300), 0);
  EXPECT_EQ(PortableExp(-std::numeric_limits<double>::infinity()), 0);
  EXPECT_EQ(PortableExp(1e300), std::numeric_limits<double>::infinity());
  EXPECT_LT(PortableExp(709.7), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace rebisect
