#pragma once

// Sources: whatif_json.cc, whatif_markdown.cc, whatif_matrix.cc,
// whatif_text.cc: a file for each format.

#include <string>

#include "harness/text/terminal.h"
#include "harness/whatif/whatif.h"
#include "harness/whatif/whatif_corpus.h"

namespace rebisect {

/// Sets of suspects up to this size are listed.
inline constexpr std::size_t kMaxSuspectsListed = 20;

/// One object of schema rebisect.whatif/1, in one line with its newline.
[[nodiscard]] std::string WhatifJson(const WhatifReport& report);
/// One of schema rebisect.whatif-corpus/1, the same.
[[nodiscard]] std::string WhatifCorpusJson(const CorpusSummary& summary);

/// For a person: each policy in a few lines.
[[nodiscard]] std::string WhatifText(const WhatifReport& report,
                                     const TerminalStyle& style);
/// Steps as rows, policies as columns, what they say in the cells.
[[nodiscard]] std::string WhatifMatrix(const WhatifReport& report,
                                       const TerminalStyle& style);
[[nodiscard]] std::string WhatifCorpusText(const CorpusSummary& summary,
                                           const TerminalStyle& style);

/// The same for an issue or a mail (harness/text/markdown.h).
[[nodiscard]] std::string WhatifMarkdown(const WhatifReport& report);
[[nodiscard]] std::string WhatifMatrixMarkdown(const WhatifReport& report);
[[nodiscard]] std::string WhatifCorpusMarkdown(const CorpusSummary& summary);

}  // namespace rebisect
