#pragma once

namespace rebisect {

/// Tells the allocator what this program does with memory: a graph is a few
/// dozen arrays of megabytes, made once, used, and gone. Given back to the
/// system after each use they would be cleared and mapped anew, page by page,
/// which costs as much as the search itself; so they are kept, in large pages
/// where the system has them. Call it once, first in main(). Does nothing
/// where the C library is not glibc.
void KeepMemory();

}  // namespace rebisect
