// Writes the manual pages and the completions of the program; the build runs
// it, and what it wrote is installed.

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

#include "harness/cli/cli.h"
#include "harness/reference/reference.h"

int main(int argc, char** argv) {
  using rebisect::ReferenceFile;
  if (argc != 2) {
    std::cerr << "usage: rebisect_reference FOLDER\n";
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    std::vector<ReferenceFile> files;
    rebisect::ShowCommandLine([&files](const CLI::App& app) {
      const auto commands = rebisect::ReferenceOf(app);
      files = rebisect::ManPages(commands, REBISECT_VERSION);
      for (ReferenceFile& file : rebisect::Completions(commands)) {
        files.push_back(std::move(file));
      }
    });
    for (const ReferenceFile& file : files) {
      const std::filesystem::path path = folder / file.path;
      std::filesystem::create_directories(path.parent_path());
      std::ofstream stream(path, std::ios::binary | std::ios::trunc);
      stream << file.text;
      stream.close();
      if (!stream) {
        std::cerr << path.string() << ": error: cannot write it\n";
        return 2;
      }
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "rebisect_reference: error: " << error.what() << '\n';
    return 2;
  }
}
