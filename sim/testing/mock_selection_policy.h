#pragma once

#include <gmock/gmock.h>

#include <string_view>

#include "sim/session/selection_policy.h"

namespace rebisect::testing_support {

/// A SelectionPolicy whose decisions are expected one by one. Unless told
/// otherwise it is called "mock" and, as policies do, takes verdicts for right.
class MockSelectionPolicy : public SelectionPolicy {
 public:
  MockSelectionPolicy() {
    ON_CALL(*this, Name).WillByDefault(::testing::Return("mock"));
    ON_CALL(*this, TrustsVerdicts).WillByDefault(::testing::Return(true));
  }

  MOCK_METHOD(std::string_view, Name, (), (const, override));
  MOCK_METHOD(bool, TrustsVerdicts, (), (const, override));
  MOCK_METHOD(Result<NextStep>, Next, (const SearchView& view), (override));
};

}  // namespace rebisect::testing_support
