// Dijkstra's shunting yard: operators wait on a stack of their own until all
// that binds more is done, so that nesting costs no recursion.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "oracle/expression/expression.h"
#include "oracle/expression/expression_words.h"
#include "scenarios/recording/recording_names.h"
#include "sim/base/check.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;
using Op = Expression::Op;
using Kind = ExpressionWordKind;

constexpr auto kNumber = ExpressionType::kNumber;
constexpr auto kTruth = ExpressionType::kTruth;

/// How strongly operators bind.
enum Strength : std::uint8_t {
  kBracket,  ///< nothing gets past it but what closes it
  kElse,
  kDisjunction,
  kConjunction,
  kNegation,
  kComparison,
  kSum,
  kProduct,
  kSign,
};

struct OperatorInfo {
  string_view word;
  Op op;
  Strength strength;
  ExpressionType of;
  ExpressionType gives;
};

constexpr std::array kBinary = {
    OperatorInfo{"or", Op::kOr, kDisjunction, kTruth, kTruth},
    OperatorInfo{"and", Op::kAnd, kConjunction, kTruth, kTruth},
    OperatorInfo{"<", Op::kLess, kComparison, kNumber, kTruth},
    OperatorInfo{"<=", Op::kLessEqual, kComparison, kNumber, kTruth},
    OperatorInfo{">", Op::kGreater, kComparison, kNumber, kTruth},
    OperatorInfo{">=", Op::kGreaterEqual, kComparison, kNumber, kTruth},
    OperatorInfo{"=", Op::kEqual, kComparison, kNumber, kTruth},
    OperatorInfo{"==", Op::kEqual, kComparison, kNumber, kTruth},
    OperatorInfo{"!=", Op::kNotEqual, kComparison, kNumber, kTruth},
    OperatorInfo{"+", Op::kAdd, kSum, kNumber, kNumber},
    OperatorInfo{"-", Op::kSubtract, kSum, kNumber, kNumber},
    OperatorInfo{"*", Op::kMultiply, kProduct, kNumber, kNumber},
    OperatorInfo{"/", Op::kDivide, kProduct, kNumber, kNumber},
    OperatorInfo{"div", Op::kWholeDivide, kProduct, kNumber, kNumber},
    OperatorInfo{"mod", Op::kModulo, kProduct, kNumber, kNumber},
};
constexpr OperatorInfo kNot{"not", Op::kNot, kNegation, kTruth, kTruth};
constexpr OperatorInfo kMinus{"-", Op::kNegate, kSign, kNumber, kNumber};

struct FunctionInfo {
  string_view name;
  Op op;
  bool of_several;  ///< two or more; else of one
};
constexpr std::array kFunctions = {
    FunctionInfo{"min", Op::kMin, true},
    FunctionInfo{"max", Op::kMax, true},
    FunctionInfo{"abs", Op::kAbs, false},
    FunctionInfo{"floor", Op::kFloor, false},
    FunctionInfo{"ceil", Op::kCeil, false},
};

constexpr std::array<string_view, 10> kWords = {
    "if", "then", "else", "and", "or", "not", "div", "mod", "true", "false"};

string_view NameOf(ExpressionType type) {
  return type == kNumber ? "a number" : "a truth";
}

/// What gives a value of this type, for advice.
string_view AdviceOn(ExpressionType wanted) {
  return wanted == kNumber ? "write 'if C then 1 else 0' for a number"
                           : "compare it with something (x > 0)";
}

bool IsSymbol(const ExpressionWord& word, string_view symbol) {
  return word.kind == Kind::kSymbol && word.text == symbol;
}

bool IsWord(const ExpressionWord& word, string_view text) {
  return word.kind == Kind::kName && word.text == text;
}

/// "there is 'x'", "the expression ends".
std::string Found(const ExpressionWord& word) {
  return word.kind == Kind::kEnd ? "the expression ends"
                                 : "there is '" + std::string(word.text) + "'";
}

}  // namespace

class ExpressionCompiler {
 public:
  ExpressionCompiler(string_view text,
                     std::span<const ExpressionVariable> variables)
      : variables_(variables) {
    result_.text_ = text;
  }

  std::optional<ExpressionFault> Compile(ExpressionType wanted) {
    std::vector<ExpressionWord> words;
    auto unreadable = ReadExpressionWords(result_.text_, words);
    for (std::size_t i = 0; i < words.size() && !fault_; ++i) {
      const ExpressionWord& word = words[i];
      if (operators_.size() >= Expression::kMaxDepth ||
          types_.size() >= Expression::kMaxDepth) {
        Fault(word.at, "nested more than " +
                           std::to_string(Expression::kMaxDepth) +
                           " deep; make it simpler");
      } else if (wants_value_) {
        const bool calls = i + 1 < words.size() && IsSymbol(words[i + 1], "(");
        TakeValue(word, calls);
        if (function_ != nullptr) ++i;  // its parenthesis
        function_ = nullptr;
      } else {
        TakeOperator(word);
      }
    }
    if (!fault_ && unreadable) return unreadable;
    if (!fault_) Check(types_.back(), wanted, 0, "the whole expression");
    return std::move(fault_);
  }

  Expression Take() { return std::move(result_); }

 private:
  enum class Open : std::uint8_t {
    kNothing,  ///< an operator
    kParenthesis,
    kCall,
    kIf,
    kThen,
  };

  struct Waiting {
    Open open = Open::kNothing;
    std::size_t at = 0;
    const OperatorInfo* info = nullptr;  ///< null: kElse
    const FunctionInfo* function = nullptr;
    int arguments = 0;

    [[nodiscard]] Strength strength() const {
      if (open != Open::kNothing) return kBracket;
      return info == nullptr ? kElse : info->strength;
    }
  };

  void Fault(std::size_t at, std::string message) {
    if (!fault_) fault_ = ExpressionFault{at, std::move(message)};
  }

  void Check(ExpressionType is, ExpressionType wanted, std::size_t at,
             const std::string& what) {
    if (is == wanted) return;
    Fault(at, what + " is " + std::string(NameOf(is)) + " and has to be " +
                  std::string(NameOf(wanted)) + "; " +
                  std::string(AdviceOn(wanted)));
  }

  void Emit(Op op) { result_.steps_.push_back({op, 0, 0}); }

  void Constant(double value, ExpressionType type) {
    result_.steps_.push_back({Op::kConstant, 0, value});
    types_.push_back(type);
    wants_value_ = false;
  }

  /// Where a value has to begin.
  void TakeValue(const ExpressionWord& word, bool calls) {
    if (word.kind == Kind::kNumber) return Constant(word.number, kNumber);
    if (IsWord(word, "true")) return Constant(1, kTruth);
    if (IsWord(word, "false")) return Constant(0, kTruth);
    if (IsSymbol(word, "(")) return Push({Open::kParenthesis, word.at});
    if (IsWord(word, "if")) return Push({Open::kIf, word.at});
    if (IsWord(word, "not")) {
      return Push({Open::kNothing, word.at, &kNot});
    }
    if (IsSymbol(word, "-")) {
      return Push({Open::kNothing, word.at, &kMinus});
    }
    const bool reserved =
        std::find(kWords.begin(), kWords.end(), word.text) != kWords.end();
    if (word.kind == Kind::kName && !reserved) return TakeName(word, calls);
    Fault(word.at, Found(word) +
                       " where a value should be; write a number, a "
                       "name or '('");
  }

  void Push(const Waiting& waiting) { operators_.push_back(waiting); }

  void TakeName(const ExpressionWord& word, bool calls) {
    for (const FunctionInfo& function : kFunctions) {
      if (function.name != word.text) continue;
      if (!calls) {
        return Fault(word.at, "'" + std::string(word.text) +
                                  "' is a function; write " +
                                  std::string(word.text) +
                                  (function.of_several ? "(A, B)" : "(A)"));
      }
      function_ = &function;
      return Push({Open::kCall, word.at, nullptr, &function, 0});
    }
    const auto variable = std::find_if(
        variables_.begin(), variables_.end(),
        [&](const ExpressionVariable& v) { return v.name == word.text; });
    if (variable == variables_.end()) return UnknownName(word, calls);
    const auto index = static_cast<std::size_t>(variable - variables_.begin());
    result_.used_ |= std::uint64_t{1} << index;
    result_.steps_.push_back(
        {Op::kVariable, static_cast<std::uint8_t>(index), 0});
    types_.push_back(variable->type);
    wants_value_ = false;
  }

  void UnknownName(const ExpressionWord& word, bool calls) {
    std::vector<string_view> known;
    if (calls) {
      for (const FunctionInfo& function : kFunctions) {
        known.push_back(function.name);
      }
    } else {
      for (const ExpressionVariable& v : variables_) known.push_back(v.name);
    }
    Fault(word.at, std::string(calls ? "there is no function '"
                                     : "there is no variable '") +
                       std::string(word.text) + "'" +
                       SuggestWord(word.text, known));
  }

  /// Where a value has just ended.
  void TakeOperator(const ExpressionWord& word) {
    if (word.kind == Kind::kEnd) return Finish(word);
    if (IsSymbol(word, ")")) return Close(word);
    if (IsSymbol(word, ",")) return TakeComma(word);
    if (IsWord(word, "then")) return TakeThen(word);
    if (IsWord(word, "else")) return TakeElse(word);
    for (const OperatorInfo& info : kBinary) {
      if (word.kind == Kind::kNumber || info.word != word.text) continue;
      return TakeBinary(word, info);
    }
    Fault(word.at, Found(word) +
                       " where an operator should be; write one between two "
                       "values");
  }

  void TakeBinary(const ExpressionWord& word, const OperatorInfo& info) {
    while (!operators_.empty() &&
           operators_.back().strength() >= info.strength) {
      if (info.strength == kComparison &&
          operators_.back().strength() == kComparison) {
        return Fault(word.at,
                     "comparisons make no chains; join two of them by 'and'");
      }
      Apply();
    }
    Push({Open::kNothing, word.at, &info});
    wants_value_ = true;
  }

  /// Applies what waits, down to the nearest bracket, which stays. Null: there
  /// is none.
  Waiting* ToBracket() {
    while (!operators_.empty() && operators_.back().strength() != kBracket) {
      Apply();
    }
    return operators_.empty() ? nullptr : &operators_.back();
  }

  /// The operator that waits last takes its values.
  void Apply() {
    const Waiting waiting = operators_.back();
    operators_.pop_back();
    if (waiting.info == nullptr) return ApplyElse(waiting);
    const OperatorInfo& info = *waiting.info;
    const std::string name = "'" + std::string(info.word) + "'";
    Emit(info.op);
    if (info.op == Op::kNot || info.op == Op::kNegate) {
      Check(types_.back(), info.of, waiting.at, "what follows " + name);
    } else {
      const ExpressionType right = types_.back();
      types_.pop_back();
      const ExpressionType left = types_.back();
      const bool equality = info.op == Op::kEqual || info.op == Op::kNotEqual;
      const ExpressionType wanted = equality ? left : info.of;
      Check(left, wanted, waiting.at, "the left side of " + name);
      Check(right, wanted, waiting.at, "the right side of " + name);
    }
    types_.back() = info.gives;
  }

  void ApplyElse(const Waiting& waiting) {
    const ExpressionType otherwise = types_.back();
    types_.pop_back();
    const ExpressionType then = types_.back();
    types_.pop_back();
    Check(otherwise, then, waiting.at, "what follows 'else'");
    types_.back() = then;
    Emit(Op::kSelect);
  }

  void Close(const ExpressionWord& word) {
    const Waiting* const open = ToBracket();
    if (open == nullptr) {
      return Fault(word.at, "nothing opened this ')'; remove it");
    }
    if (open->open == Open::kCall) {
      Argument();
      const Waiting call = operators_.back();
      const bool enough = !call.function->of_several || call.arguments > 1;
      if (!enough) {
        Fault(call.at, "'" + std::string(call.function->name) +
                           "' takes two values or more");
      }
    } else if (open->open != Open::kParenthesis) {
      return LacksBranch(*open, word);
    }
    operators_.pop_back();
  }

  /// One more argument of the innermost call is complete.
  void Argument() {
    Waiting& call = operators_.back();
    const FunctionInfo& function = *call.function;
    ++call.arguments;
    Check(types_.back(), kNumber, call.at,
          "value " + std::to_string(call.arguments) + " of '" +
              std::string(function.name) + "'");
    if (!function.of_several) {
      Emit(function.op);
    } else if (call.arguments > 1) {
      types_.pop_back();
      Emit(function.op);
    }
  }

  void TakeComma(const ExpressionWord& word) {
    const Waiting* const open = ToBracket();
    if (open != nullptr &&
        (open->open == Open::kIf || open->open == Open::kThen)) {
      return LacksBranch(*open, word);
    }
    if (open == nullptr || open->open != Open::kCall ||
        !open->function->of_several) {
      return Fault(word.at,
                   "a ',' stands between the values of min and max alone");
    }
    Argument();
    wants_value_ = true;
  }

  void LacksBranch(const Waiting& open, const ExpressionWord& word) {
    Fault(word.at, Found(word) + " where '" +
                       (open.open == Open::kIf ? "then" : "else") +
                       "' should be; write 'if C then A else B'");
  }

  void TakeThen(const ExpressionWord& word) {
    Waiting* const open = ToBracket();
    if (open == nullptr || open->open != Open::kIf) {
      return Fault(word.at,
                   "there is no 'if' for this 'then'; write 'if C then A else "
                   "B'");
    }
    Check(types_.back(), kTruth, open->at, "what follows 'if'");
    open->open = Open::kThen;
    wants_value_ = true;
  }

  void TakeElse(const ExpressionWord& word) {
    const Waiting* const open = ToBracket();
    if (open == nullptr || open->open != Open::kThen) {
      return Fault(word.at,
                   "there is no 'then' for this 'else'; write 'if C then A "
                   "else B'");
    }
    operators_.back() = Waiting{Open::kNothing, word.at};
    wants_value_ = true;
  }

  void Finish(const ExpressionWord& end) {
    const Waiting* const open = ToBracket();
    if (open == nullptr) return;
    if (open->open == Open::kIf || open->open == Open::kThen) {
      return LacksBranch(*open, end);
    }
    Fault(open->at, "this parenthesis is not closed; write ')'");
  }

  std::span<const ExpressionVariable> variables_;
  Expression result_;
  std::vector<Waiting> operators_;
  std::vector<ExpressionType> types_;       ///< of the values there are
  const FunctionInfo* function_ = nullptr;  ///< whose '(' comes next
  bool wants_value_ = true;
  std::optional<ExpressionFault> fault_;
};

Result<Expression> Expression::Compile(
    string_view text, std::span<const ExpressionVariable> variables,
    ExpressionType wanted, const ExpressionPlace& place) {
  REBISECT_CHECK(variables.size() <= 64);
  if (text.size() > kMaxLength) {
    return Fail(ErrorCode::kInput,
                "an expression of more than " + std::to_string(kMaxLength) +
                    " characters; make it simpler",
                place.where);
  }
  ExpressionCompiler compiler(text, variables);
  auto fault = compiler.Compile(wanted);
  if (!fault) return compiler.Take();
  Position where = place.where;
  if (!place.literal) {
    return Fail(ErrorCode::kInput,
                "at character " + std::to_string(fault->at + 1) +
                    " of the expression: " + fault->message,
                std::move(where));
  }
  where.column += static_cast<int>(fault->at);
  return Fail(ErrorCode::kInput, std::move(fault->message), std::move(where));
}

}  // namespace rebisect
