#pragma once

// Mocks (GoogleMock) of what a bisection asks: MockOracle for the answers and
// MockSelectionPolicy for the choices, in rebisect::testing_support.

#include "oracle/testing/mock_oracle.h"         // IWYU pragma: export
#include "sim/testing/mock_selection_policy.h"  // IWYU pragma: export
