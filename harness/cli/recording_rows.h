#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/diagnose/diagnose_report.h"
#include "harness/replay/replay_report.h"
#include "harness/text/terminal.h"

namespace rebisect {

/// What a table says of one recording.
struct RecordingRow {
  std::string recording{};  ///< its name; of one that cannot be read: empty
  std::string file{};       ///< as the error would name it
  std::string error{};      ///< what kept it from being looked at
  std::optional<bool> agrees{};  ///< every step and the end, or explained
  std::string outcome{};         ///< of the replay
  std::string culprit{};         ///< as recorded; empty: none
  std::optional<Conclusion> trust{};
  std::optional<double> posterior{};  ///< of the result
  std::optional<GateDecision> gate{};
  std::string reason{};  ///< `code: sentence`; empty where nothing is amiss
};

/// A row of which only the recording is known.
[[nodiscard]] RecordingRow RowOf(const Recording& recording);

/// Fill in what they know. The reason is the gate's first, then that against
/// trust, then the first divergence.
void AddReplay(const ReplayResult& result, RecordingRow& row);
void AddDiagnosis(const DiagnosisReport& report, RecordingRow& row);

enum class RowFormat { kText, kCsv, kJsonLines };

/// A table of recordings, a line a row.
class RecordingTable {
 public:
  /// What the text has columns for; other formats have all.
  struct Parts {
    bool trust = false;  ///< rows have what AddDiagnosis() knows
    bool gate = false;   ///< and decisions
  };

  /// `style` is borrowed.
  RecordingTable(RowFormat format, Parts parts, const TerminalStyle& style)
      : format_(format), parts_(parts), style_(style) {}

  [[nodiscard]] std::string Head() const;
  [[nodiscard]] std::string Line(const RecordingRow& row) const;

 private:
  [[nodiscard]] std::string TextLine(const RecordingRow& row) const;

  RowFormat format_;
  Parts parts_;
  const TerminalStyle& style_;
};

/// One object of schema rebisect.recording/1, in one line with its newline.
[[nodiscard]] std::string RowJson(const RecordingRow& row);

}  // namespace rebisect
