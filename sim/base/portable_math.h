#pragma once

namespace rebisect {

/// Logarithm and exponential from additions, multiplications and divisions
/// alone, so that they are the same to the last bit on every machine with
/// IEEE 754 doubles and -ffp-contract=off. (Those of the C library differ
/// between versions, and between processors with and without a fused
/// multiply-add.) Relative error below 1e-15, or absolute where the result
/// is near 0.

/// The natural logarithm. REQUIRES: x > 0 and finite.
[[nodiscard]] double PortableLog(double x);

/// e^x; 0 below -745.2, infinity above 709.8. REQUIRES: x is no NaN.
[[nodiscard]] double PortableExp(double x);

}  // namespace rebisect
