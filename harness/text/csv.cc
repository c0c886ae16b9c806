#include "harness/text/csv.h"

#include <cstddef>
#include <string>

#include "harness/text/json_text.h"

namespace rebisect {

std::string CsvLine(const std::vector<nlohmann::ordered_json>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    if (fields[i].is_null()) continue;
    if (!fields[i].is_string()) {
      line += JsonText(fields[i]);
      continue;
    }
    std::string text = Printable(fields[i].get_ref<const std::string&>());
    if (text.find_first_of("=+-@") == 0) text.insert(0, 1, '\'');
    const bool plain = text.find_first_of(",\"") == std::string::npos;
    if (!plain) line += '"';
    for (const char c : text) {
      if (c == '"') line += '"';
      line += c;
    }
    if (!plain) line += '"';
  }
  return line + "\r\n";
}

}  // namespace rebisect
