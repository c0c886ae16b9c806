#pragma once

#include <gmock/gmock.h>

#include "oracle/answers/oracle.h"

namespace rebisect::testing_support {

/// An Oracle whose questions are expected one by one.
class MockOracle : public Oracle {
 public:
  MOCK_METHOD(Result<Answer>, Ask, (const Question& question), (override));
  MOCK_METHOD(void, Rewind, (), (override));
};

}  // namespace rebisect::testing_support
