#include "oracle/expression/expression.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/prng.h"

namespace rebisect {
namespace {

using testing_support::TestPrng;

constexpr auto kNumber = ExpressionType::kNumber;
constexpr auto kTruth = ExpressionType::kTruth;

constexpr std::array kVariables = {
    ExpressionVariable{"n", kNumber, ""},
    ExpressionVariable{"bad", kNumber, ""},
    ExpressionVariable{"flaky", kTruth, ""},
    ExpressionVariable{"start", kTruth, ""},
};
constexpr std::array<double, 4> kValues = {10, 3, 1, 0};

Result<Expression> Compile(std::string_view text,
                           ExpressionType wanted = kNumber) {
  return Expression::Compile(text, kVariables, wanted, {{"f", 7, 5}, true});
}

double ValueOf(std::string_view text, ExpressionType wanted = kNumber) {
  const auto compiled = Compile(text, wanted);
  EXPECT_TRUE(compiled.has_value()) << FormatError(compiled.error());
  return compiled ? compiled->Evaluate(kValues) : NAN;
}

bool Holds(std::string_view text) { return ValueOf(text, kTruth) != 0; }

TEST(ExpressionTest, Numbers) {
  EXPECT_EQ(ValueOf("1 + 2 * 3"), 7);
  EXPECT_EQ(ValueOf("(1 + 2) * 3"), 9);
  EXPECT_EQ(ValueOf("10 - 3 - 2"), 5);
  EXPECT_EQ(ValueOf("n / 4"), 2.5);
  EXPECT_EQ(ValueOf("n div 4"), 2);
  EXPECT_EQ(ValueOf("n mod 4"), 2);
  EXPECT_EQ(ValueOf("-n div 4"), -3);
  EXPECT_EQ(ValueOf("-n mod 4"), 2);
  EXPECT_EQ(ValueOf("n mod -4"), -2);
  EXPECT_EQ(ValueOf("-2 * -bad"), 6);
  EXPECT_EQ(ValueOf("2 - -3"), 5);
  EXPECT_EQ(ValueOf("max(2, (n - 1) div 6, bad)"), 3);
  EXPECT_EQ(ValueOf("min(n, bad) + abs(0 - .5)"), 3.5);
  EXPECT_EQ(ValueOf("floor(-0.5) + ceil(2.25)"), 2);
  EXPECT_EQ(ValueOf("if flaky then n * 3 div 4 else n div 2"), 7);
  EXPECT_EQ(ValueOf("1 + if start then 1 else 2 + 3"), 6);
  EXPECT_EQ(ValueOf("if start then if flaky then 1 else 2 else 3"), 3);
  EXPECT_EQ(ValueOf(" \t1\n+\r\n2"), 3);
}

TEST(ExpressionTest, Truths) {
  EXPECT_TRUE(Holds("bad >= max(2, n div 6) and n > bad"));
  EXPECT_TRUE(Holds("true or false and false")) << "and binds more than or";
  EXPECT_TRUE(Holds("not start and flaky"));
  EXPECT_FALSE(Holds("not (start or flaky)"));
  EXPECT_TRUE(Holds("bad = 3 and bad == 3 and bad != 4"));
  EXPECT_TRUE(Holds("flaky != start"));
  EXPECT_TRUE(Holds("not not flaky"));
  EXPECT_TRUE(Holds("not bad > 3"));
  EXPECT_TRUE(Holds("bad <= 3 and not (bad < 3)"));
  EXPECT_FALSE(Holds("if flaky then start else true"));
}

TEST(ExpressionTest, EveryExpressionHasAFiniteValue) {
  EXPECT_EQ(ValueOf("n / 0"), 0);
  EXPECT_EQ(ValueOf("n div 0"), 0);
  EXPECT_EQ(ValueOf("n mod 0"), 0);
  std::string product = "100000000000000000000";
  for (int i = 0; i < 20; ++i) product += " * 100000000000000000000";
  constexpr double kMax = std::numeric_limits<double>::max();
  EXPECT_EQ(ValueOf(product), kMax);
  EXPECT_EQ(ValueOf(product + " - (" + product + ")"), 0);
  EXPECT_EQ(ValueOf("-(" + product + ") - (" + product + ")"), -kMax);
  EXPECT_EQ(ValueOf("(" + product + ") / 0.1"), kMax);
}

TEST(ExpressionTest, SaysWhatCannotBeAndWhere) {
  const struct {
    const char* text;
    ExpressionType type;
    int at;  // from 0
    const char* start;
  } cases[] = {
      {"", kTruth, 0, "the expression ends where a value should be"},
      {"bad >=", kTruth, 6, "the expression ends where a value"},
      {"bad > 0 )", kTruth, 8, "nothing opened this ')'"},
      {"(bad > 0", kTruth, 0, "this parenthesis is not closed"},
      {"1 2", kNumber, 2, "there is '2' where an operator should be"},
      {"n n", kNumber, 2, "there is 'n' where an operator should be"},
      {"* 2", kNumber, 0, "there is '*' where a value"},
      {"and", kTruth, 0, "there is 'and' where a value"},
      {"n + then", kNumber, 4, "there is 'then' where a value"},
      {"bda > 0", kTruth, 0, "there is no variable 'bda'; did you mean 'bad'?"},
      {"N > 0", kTruth, 0, "there is no variable 'N'"},
      {"mxa(1, 2)", kNumber, 0, "there is no function 'mxa'; did you mean"},
      {"sqrt(2)", kNumber, 0, "there is no function 'sqrt'; known are min"},
      {"max", kNumber, 0, "'max' is a function; write max(A, B)"},
      {"n + abs", kNumber, 4, "'abs' is a function; write abs(A)"},
      {"max(1)", kNumber, 0, "'max' takes two values or more"},
      {"max()", kNumber, 4, "there is ')' where a value should be"},
      {"abs(1, 2)", kNumber, 5, "a ',' stands between the values of min and"},
      {"(1, 2)", kNumber, 2, "a ',' stands"},
      {"1, 2", kNumber, 1, "a ',' stands"},
      {"bad", kTruth, 0, "the whole expression is a number and has to be"},
      {"bad > 0", kNumber, 0, "the whole expression is a truth and has to be"},
      {"bad >= 2 + flaky", kTruth, 9, "the right side of '+' is a truth"},
      {"bad and flaky", kTruth, 4, "the left side of 'and' is a number"},
      {"flaky = 1", kTruth, 6, "the right side of '=' is a number"},
      {"not bad", kTruth, 0, "what follows 'not' is a number"},
      {"-flaky", kNumber, 0, "what follows '-' is a truth"},
      {"max(1, flaky)", kNumber, 0, "value 2 of 'max' is a truth"},
      {"1 < n < 5", kTruth, 6, "comparisons make no chains"},
      {"if bad then 1 else 2", kNumber, 0, "what follows 'if' is a number"},
      {"if flaky then 1", kNumber, 15, "the expression ends where 'else'"},
      {"if flaky else 1", kNumber, 9, "there is no 'then' for this 'else'"},
      {"(if flaky then 1) + 1", kNumber, 16, "there is ')' where 'else'"},
      {"max(if flaky, 1)", kNumber, 12, "there is ',' where 'then'"},
      {"1 then 2", kNumber, 2, "there is no 'if' for this 'then'"},
      {"if flaky then 1 else start", kNumber, 16, "what follows 'else' is a"},
      {"bad > 0 && n > 0", kTruth, 8, "there is no '&' here; write 'and'"},
      {"n % 2", kNumber, 2, "there is no '%' here; write 'mod'"},
      {"!flaky", kTruth, 0, "there is no '!' here; write 'not'"},
      {"n; n", kNumber, 1, "';' cannot stand"},
      {"n \xc3\xa9", kNumber, 2, "'\xc3\xa9' cannot stand"},
      {"n \xff", kNumber, 2, "'\xef\xbf\xbd' cannot stand"},
      {"1.2.3", kNumber, 0, "this is no number"},
      {"12a", kNumber, 0, "this is no number"},
      {"1e3", kNumber, 0, "this is no number"},
      {"n + 0x10", kNumber, 4, "this is no number"},
      // What comes first is told first.
      {"bda > 0 &&", kTruth, 0, "there is no variable 'bda'"},
  };
  for (const auto& one : cases) {
    const auto compiled = Compile(one.text, one.type);
    ASSERT_FALSE(compiled.has_value()) << one.text;
    const Error& error = compiled.error();
    EXPECT_EQ(error.message.substr(0, std::string(one.start).size()), one.start)
        << one.text << ": " << error.message;
    EXPECT_EQ(error.where, (Position{"f", 7, 5 + one.at})) << one.text;
    EXPECT_EQ(error.code, ErrorCode::kInput);
  }
}

TEST(ExpressionTest, CountsCharactersWhereTheTextIsNotAsWritten) {
  const auto compiled =
      Expression::Compile("n +\n m", kVariables, kNumber, {{"f", 7, 5}, false});
  ASSERT_FALSE(compiled.has_value());
  EXPECT_EQ(compiled.error().where, (Position{"f", 7, 5}));
  EXPECT_EQ(compiled.error().message.substr(0, 37),
            "at character 6 of the expression: the");
}

TEST(ExpressionTest, DepthAndLengthAreBounded) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "n" + std::string(depth, ')');
  };
  EXPECT_EQ(ValueOf(nested(50)), 10);
  EXPECT_FALSE(Compile(nested(2000)).has_value());
  EXPECT_FALSE(Compile(std::string(4000, '-') + "n").has_value());
  std::string branches = "n";
  for (int i = 0; i < 200; ++i) branches = "if flaky then 1 else " + branches;
  EXPECT_FALSE(Compile(branches).has_value());
  EXPECT_FALSE(Compile(std::string(5000, ' ') + "n").has_value());
  std::string sum = "n";
  while (sum.size() < 4000) sum += "+1";
  EXPECT_EQ(ValueOf(sum), 10 + static_cast<double>((sum.size() - 1) / 2));
}

TEST(ExpressionTest, KnowsWhatItUses) {
  EXPECT_EQ(Compile("bad + bad")->used(), 0b10U);
  EXPECT_EQ(Compile("if start then n else 1")->used(), 0b1001U);
}

/// An expression as a tree: drawn, written down and worked out naively.
struct Tree {
  std::string word;
  std::vector<std::unique_ptr<Tree>> parts;
  double value = 0;
};

constexpr std::array<const char*, 6> kOfNumbers = {"+", "-",   "*",
                                                   "/", "div", "mod"};
constexpr std::array<const char*, 6> kCompare = {"<",  "<=", ">",
                                                 ">=", "=",  "!="};

double Clamped(double x) {
  constexpr double kMax = std::numeric_limits<double>::max();
  return x > kMax ? kMax : x < -kMax ? -kMax : x;
}

double Naive(const std::string& word, double a, double b) {
  if (word == "+") return Clamped(a + b);
  if (word == "-") return Clamped(a - b);
  if (word == "*") return Clamped(a * b);
  if (word == "/") return b == 0 ? 0 : Clamped(a / b);
  if (word == "div") return b == 0 ? 0 : std::floor(Clamped(a / b));
  if (word == "mod") {
    if (b == 0) return 0;
    double rest = std::fmod(a, b);
    if (rest != 0 && std::signbit(rest) != std::signbit(b)) rest += b;
    return rest;
  }
  if (word == "<") return a < b ? 1 : 0;
  if (word == "<=") return a <= b ? 1 : 0;
  if (word == ">") return a > b ? 1 : 0;
  if (word == ">=") return a >= b ? 1 : 0;
  if (word == "=") return a == b ? 1 : 0;
  if (word == "!=") return a != b ? 1 : 0;
  if (word == "and") return a != 0 && b != 0 ? 1 : 0;
  if (word == "or") return a != 0 || b != 0 ? 1 : 0;
  if (word == "min") return b < a ? b : a;
  return a < b ? b : a;  // max
}

class Drawer {
 public:
  explicit Drawer(TestPrng& prng) : prng_(prng) {}

  std::unique_ptr<Tree> Draw(ExpressionType type, int depth) {
    auto tree = std::make_unique<Tree>();
    if (depth == 0 || prng_.Below(8) == 0) {
      Leaf(type, *tree);
      return tree;
    }
    const std::uint64_t kind = prng_.Below(6);
    if (kind == 0) {
      tree->word = "if";
      tree->parts.push_back(Draw(kTruth, depth - 1));
      tree->parts.push_back(Draw(type, depth - 1));
      tree->parts.push_back(Draw(type, depth - 1));
      tree->value = tree->parts[tree->parts[0]->value != 0 ? 1 : 2]->value;
      return tree;
    }
    if (type == kNumber) {
      Number(kind, depth, *tree);
    } else {
      Truth(kind, depth, *tree);
    }
    return tree;
  }

 private:
  void Leaf(ExpressionType type, Tree& tree) {
    const bool second = prng_.Below(2) == 0;
    if (prng_.Below(3) == 0) {
      const std::size_t i = (type == kNumber ? 0U : 2U) + (second ? 1U : 0U);
      tree.word = kVariables[i].name;
      tree.value = kValues[i];
    } else if (type == kTruth) {
      tree.word = second ? "true" : "false";
      tree.value = second ? 1 : 0;
    } else {
      const std::uint64_t quarters = prng_.Below(20);
      tree.value = static_cast<double>(quarters) / 4;
      tree.word = std::to_string(tree.value);
    }
  }

  void Two(const char* word, ExpressionType of, int depth, Tree& tree) {
    tree.word = word;
    tree.parts.push_back(Draw(of, depth - 1));
    tree.parts.push_back(Draw(of, depth - 1));
    tree.value = Naive(word, tree.parts[0]->value, tree.parts[1]->value);
  }

  void One(const char* word, ExpressionType of, int depth, Tree& tree) {
    tree.word = word;
    tree.parts.push_back(Draw(of, depth - 1));
    const double a = tree.parts[0]->value;
    tree.value = tree.word == "neg"     ? -a
                 : tree.word == "not"   ? (a != 0 ? 0 : 1)
                 : tree.word == "abs"   ? std::fabs(a)
                 : tree.word == "floor" ? std::floor(a)
                                        : std::ceil(a);
  }

  void Number(std::uint64_t kind, int depth, Tree& tree) {
    constexpr std::array<const char*, 4> kOne = {"neg", "abs", "floor", "ceil"};
    if (kind == 1) return One(kOne[prng_.Below(4)], kNumber, depth, tree);
    if (kind == 2) {
      return Two(prng_.Below(2) == 0 ? "min" : "max", kNumber, depth, tree);
    }
    Two(kOfNumbers[prng_.Below(6)], kNumber, depth, tree);
  }

  void Truth(std::uint64_t kind, int depth, Tree& tree) {
    if (kind == 1) return One("not", kTruth, depth, tree);
    if (kind == 2) return Two(kCompare[prng_.Below(6)], kNumber, depth, tree);
    if (kind == 3)
      return Two(kCompare[4 + prng_.Below(2)], kTruth, depth, tree);
    Two(prng_.Below(2) == 0 ? "and" : "or", kTruth, depth, tree);
  }

  TestPrng& prng_;
};

/// How strongly what stands at the top of the tree binds; 9: a value.
int StrengthOf(const Tree& tree) {
  const std::string& word = tree.word;
  if (tree.parts.empty()) return 9;
  if (word == "if") return 0;
  if (word == "or") return 1;
  if (word == "and") return 2;
  if (word == "not") return 3;
  if (std::find(kCompare.begin(), kCompare.end(), word) != kCompare.end()) {
    return 4;
  }
  if (word == "+" || word == "-") return 5;
  if (word == "neg") return 7;
  if (std::find(kOfNumbers.begin(), kOfNumbers.end(), word) !=
      kOfNumbers.end()) {
    return 6;
  }
  return 9;
}

/// With no more parentheses than it takes, and now and then some more.
std::string Written(const Tree& tree, TestPrng& prng) {
  const auto part = [&](std::size_t i, int least) {
    const Tree& child = *tree.parts[i];
    std::string text = Written(child, prng);
    if (StrengthOf(child) < least || prng.Below(8) == 0) {
      text = "(" + text + ")";
    }
    return text;
  };
  const std::string& word = tree.word;
  const int strength = StrengthOf(tree);
  if (tree.parts.empty()) return word;
  if (word == "if") {
    return "if " + part(0, 0) + " then " + part(1, 0) + " else " + part(2, 0);
  }
  if (word == "not") return "not " + part(0, 3);
  if (word == "neg") return "-" + part(0, 7);
  if (strength == 9) {
    std::string text = word + "(" + part(0, 0);
    if (tree.parts.size() > 1) text += ", " + part(1, 0);
    return text + ")";
  }
  return part(0, strength == 4 ? 5 : strength) + " " + word + " " +
         part(1, strength + 1);
}

TEST(ExpressionTest, AgreesWithANaiveEvaluation) {
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    TestPrng prng(seed);
    const ExpressionType type = seed % 2 == 0 ? kNumber : kTruth;
    const auto tree = Drawer(prng).Draw(type, 1 + static_cast<int>(seed % 5));
    const std::string text = Written(*tree, prng);
    if (text.size() > Expression::kMaxLength) continue;
    const auto compiled = Compile(text, type);
    ASSERT_TRUE(compiled.has_value())
        << "seed " << seed << ": " << text << FormatError(compiled.error());
    ASSERT_EQ(compiled->Evaluate(kValues), tree->value)
        << "seed " << seed << ": " << text;
  }
}

TEST(ExpressionTest, NoTextCrashes) {
  constexpr std::array<const char*, 24> kPieces = {
      "n",    "bad", "flaky", "1",   ".5", "+",  "-",    "*",
      "/",    "div", "(",     ")",   ",",  "if", "then", "else",
      "max(", "abs", "<",     "and", "or", "!",  "not",  "\xff"};
  for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
    TestPrng prng(seed);
    std::string text;
    for (std::uint64_t i = prng.Below(12) + 1; i > 0; --i) {
      text.append(kPieces[prng.Below(kPieces.size())]).append(" ");
    }
    const auto compiled = Compile(text, kTruth);
    if (compiled) {
      const double value = compiled->Evaluate(kValues);
      EXPECT_TRUE(value == 0 || value == 1) << text;
    } else {
      EXPECT_LE(compiled.error().where.column,
                5 + static_cast<int>(text.size()))
          << text;
    }
  }
}

}  // namespace
}  // namespace rebisect
