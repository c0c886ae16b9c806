#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rebisect::layering {

/// A breach of the house rules.
struct Finding {
  std::string file;
  int line = 0;
  std::string message;
};

/// A file of the project by its path relative to the root, with slashes.
struct SourceFile {
  std::string path;
  std::string text;
};

/// The rooms that a CMakeLists.txt lists in `set(REBISECT_ROOMS ...)`, ground
/// floor first.
[[nodiscard]] std::vector<std::string> RoomsIn(std::string_view cmake);

/// Checks one file's text. `rooms` in their order; the path of the file
/// decides which rules apply. #include lines inside comments or raw strings
/// are taken for real ones when they stand at a line's start.
[[nodiscard]] std::vector<Finding> CheckText(
    const std::vector<std::string>& rooms, const SourceFile& file);

/// Headers that include each other in a circle, in `files`.
[[nodiscard]] std::vector<Finding> FindCircles(
    const std::vector<SourceFile>& files);

/// Sources of the program that are in no room, and tests of a room that are
/// not in the folder of one: nothing would build them.
[[nodiscard]] std::vector<Finding> FindStrays(
    const std::vector<std::string>& rooms,
    const std::vector<SourceFile>& files);

/// Sources that include as their first project header none of their own room:
/// what they define has to be declared in a header beside them.
[[nodiscard]] std::vector<Finding> FindHeaderless(
    const std::vector<SourceFile>& files);

/// Classes, structs, unions and enumerations of one name in two files of the
/// program, nested ones aside. In anonymous namespaces, too: a unity build
/// compiles several sources together, and a name should mean one thing.
[[nodiscard]] std::vector<Finding> FindDuplicateTypes(
    const std::vector<SourceFile>& files);

}  // namespace rebisect::layering
