#pragma once

#include <cstdio>
#include <cstdlib>

/// Stops the program when `condition` is false, in release builds too: for
/// programmers' mistakes only, never for input. Exit status 70.
#define REBISECT_CHECK(condition)                                       \
  do {                                                                  \
    if (!(condition)) {                                                 \
      std::fprintf(stderr, "%s:%d: internal error: %s does not hold\n", \
                   __FILE__, __LINE__, #condition);                     \
      std::_Exit(70);                                                   \
    }                                                                   \
  } while (false)
