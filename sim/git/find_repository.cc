#include "sim/git/find_repository.h"

#include <git2.h>

#include <cstdlib>

#include "sim/git/repository_impl.h"

namespace rebisect {

std::optional<std::string> FindRepository() {
  const char* const named = std::getenv("GIT_DIR");
  if (named != nullptr && *named != '\0') return named;
  StartLibgit2();
  git_buf path = GIT_BUF_INIT;
  std::optional<std::string> found;
  if (git_repository_discover(&path, ".", 0, nullptr) == 0) found = path.ptr;
  git_buf_dispose(&path);
  return found;
}

}  // namespace rebisect
