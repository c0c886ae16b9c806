// Turns a record of a bisection into the YAML form, with what is known of its
// truth: how the files under scenarios/recorded/ were made.
//
//   rebisect_convert_recording RECORD [JUDGEMENT [CULPRIT [NOTE]]] > x.yaml

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "scenarios/parse.h"
#include "scenarios/recording_yaml.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: " << argv[0]
              << " RECORD [JUDGEMENT [CULPRIT [NOTE]]]\n";
    return 2;
  }
  std::ifstream in(argv[1], std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (!in) {
    std::cerr << argv[1] << ": error: cannot be read\n";
    return 2;
  }
  const std::string text = bytes.str();
  auto recording = rebisect::ParseRecording(text, argv[1]);
  if (!recording.has_value()) {
    std::cerr << rebisect::FormatError(recording.error()) << "\n";
    return 2;
  }
  if (argc > 2) {
    rebisect::Truth truth;
    truth.judgement = argv[2];
    if (argc > 3) truth.culprit = argv[3];
    if (argc > 4) truth.note = argv[4];
    recording->truth = truth;
  }
  std::cout << rebisect::WriteRecordingYaml(*recording);
  return 0;
}
