#include "scenarios/logs/csv_reader.h"

#include <utility>

#include "sim/base/text.h"

namespace rebisect {

using std::string_view;

CsvReader::CsvReader(string_view bytes, const std::string& file)
    : bytes_(bytes), file_(file) {
  (void)StripPrefix(bytes_, "\xEF\xBB\xBF", &bytes_);
}

Result<std::vector<TableField>> CsvReader::Row() {
  std::vector<TableField> row;
  while (true) {
    TableField field{"", line_, Column()};
    const auto taken =
        !AtEnd() && bytes_[at_] == '"' ? Quoted(&field) : Plain(&field);
    if (!taken.has_value()) return tl::unexpected<Error>(taken.error());
    row.push_back(std::move(field));
    if (!AtEnd() && bytes_[at_] == ',') {
      ++at_;
      continue;
    }
    EndLine();
    return row;
  }
}

void CsvReader::EndLine() {
  if (!AtEnd() && bytes_[at_] == '\r') ++at_;
  if (!AtEnd() && bytes_[at_] == '\n') ++at_;
  ++line_;
  line_start_ = at_;
}

bool CsvReader::AtFieldEnd() const {
  if (AtEnd() || bytes_[at_] == ',' || bytes_[at_] == '\n') return true;
  return bytes_[at_] == '\r' &&
         (at_ + 1 >= bytes_.size() || bytes_[at_ + 1] == '\n');
}

Result<void> CsvReader::Plain(TableField* field) {
  const std::size_t begin = at_;
  while (!AtFieldEnd()) {
    if (bytes_[at_] == '"') {
      return Fail(ErrorCode::kInput,
                  "a quotation mark within a field; put the whole field in "
                  "quotation marks and double the inner ones",
                  {file_, line_, Column()});
    }
    ++at_;
  }
  field->text = ToUtf8(bytes_.substr(begin, at_ - begin));
  return {};
}

Result<void> CsvReader::Quoted(TableField* field) {
  std::string text;
  for (++at_; !AtEnd(); ++at_) {
    if (bytes_[at_] == '"') {
      if (at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '"') {
        ++at_;
      } else {
        ++at_;
        field->text = ToUtf8(text);
        if (AtFieldEnd()) return {};
        return Fail(ErrorCode::kInput,
                    "text after the closing quotation mark of a field",
                    {file_, line_, Column()});
      }
    }
    text += bytes_[at_];
    if (bytes_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
  }
  return Fail(ErrorCode::kInput,
              "this quotation mark is never closed; add one at the end of "
              "the field",
              {file_, field->line, field->column});
}

}  // namespace rebisect
