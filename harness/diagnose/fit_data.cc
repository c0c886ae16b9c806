// The noise of a corpus as data: one tree of values, written as YAML and JSON.

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "harness/diagnose/fit_report.h"
#include "harness/text/json_text.h"
#include "scenarios/yaml/yaml_scalar.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

ordered_json FigureJson(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  const double rounded = std::strtod(text.data(), nullptr);
  if (std::abs(rounded) > 1e9) return rounded;
  const auto whole = static_cast<std::int64_t>(rounded);
  if (static_cast<double>(whole) == rounded) return whole;
  return rounded;
}

ordered_json Rate(const BetaFit& fit) {
  return {{"mean", FigureJson(fit.mean.value)},
          {"low", FigureJson(fit.mean.low)},
          {"high", FigureJson(fit.mean.high)},
          {"concentration", FigureJson(fit.concentration.value)},
          {"concentration_low", FigureJson(fit.concentration.low)},
          {"concentration_high", FigureJson(fit.concentration.high)}};
}

ordered_json RestsOn(const FitReport& report) {
  const ModelFit& fit = report.fit;
  ordered_json json;
  json["recordings"] = fit.recordings;
  json["truth_known"] = fit.with_truth;
  json["commits"] = fit.commits;
  json["runs"] = fit.runs;
  json["commits_with_bug"] = FigureJson(fit.present_commits);
  json["commits_without_bug"] = FigureJson(fit.absent_commits);
  json["rounds"] = fit.rounds;
  json["settled"] = fit.settled;
  json["defaults_count_as"] = {{"recordings", FigureJson(kRecordsOfDefault)},
                               {"titles", FigureJson(kTitlesOfDefault)},
                               {"commits", FigureJson(kCommitsOfDefault)},
                               {"verdicts", FigureJson(kVerdictsOfDefault)}};
  json["names"] = report.recordings;
  json["skipped"] = ordered_json::array();
  for (const SkippedRecording& skipped : report.skipped) {
    json["skipped"].push_back(skipped.file + ": " + skipped.reason);
  }
  return json;
}

/// All but the first line.
ordered_json Tree(const FitReport& report) {
  const ModelFit& fit = report.fit;
  ordered_json json;
  for (const FittedField& field : fit.fields) {
    const std::string name(field.name);
    json["priors"][name] = FigureJson(field.estimate.value);
    ordered_json& about = json["uncertainty"][name];
    about["low"] = FigureJson(field.estimate.low);
    about["high"] = FigureJson(field.estimate.high);
    about["default"] = FigureJson(field.usual);
    about["seen"] = FigureJson(field.seen);
    about["of"] = field.seen_of.empty() ? ordered_json(nullptr)
                                        : ordered_json(field.seen_of);
  }
  json["rates"] = {{"crash_if_present", Rate(fit.crash_if_present)},
                   {"crash_if_absent", Rate(fit.false_crash)},
                   {"background", Rate(fit.background)},
                   {"unusable", Rate(fit.unusable)}};
  json["recurring_titles"] = ordered_json::array();
  for (const RecurringTitle& title : report.titles) {
    json["recurring_titles"].push_back({{"title", title.title},
                                        {"outcome", title.outcome},
                                        {"recordings", title.recordings},
                                        {"bugs", title.bugs},
                                        {"commits", title.commits},
                                        {"runs", title.runs},
                                        {"of_runs", title.of_runs},
                                        {"searched_for", title.searched_for}});
  }
  json["culprits_named_again"] = ordered_json::array();
  for (const RepeatedCulprit& culprit : report.culprits) {
    json["culprits_named_again"].push_back({{"commit", culprit.commit},
                                            {"recordings", culprit.recordings},
                                            {"crashes", culprit.crashes}});
  }
  json["rests_on"] = RestsOn(report);
  return json;
}

std::string ScalarText(const ordered_json& value, bool in_flow) {
  if (!value.is_string()) return JsonText(value);
  return YamlScalar(value.get_ref<const std::string&>(), in_flow);
}

bool IsFlat(const ordered_json& value) { return value.is_primitive(); }

/// `{a: 1, b: 2}` of scalars.
std::string FlowMap(const ordered_json& map) {
  std::string text = "{";
  for (const auto& [key, value] : map.items()) {
    if (text.size() > 1) text += ", ";
    text += key;
    text += ": ";
    text += ScalarText(value, true);
  }
  return text + '}';
}

/// One `key: value` in block style. Lists hold scalars, maps scalars.
void Entry(const std::string& indent, const std::string& key,
           const ordered_json& value, std::string* out) {
  *out += indent;
  *out += key;
  if (IsFlat(value)) {
    *out += ": ";
    *out += ScalarText(value, false);
    *out += '\n';
  } else if (value.empty()) {
    *out += value.is_array() ? ": []\n" : ": {}\n";
  } else if (value.is_array()) {
    *out += ":\n";
    for (const ordered_json& item : value) {
      *out += indent;
      *out += "  - ";
      *out += ScalarText(item, false);
      *out += '\n';
    }
  } else {
    *out += ": ";
    *out += FlowMap(value);
    *out += '\n';
  }
}

/// A list of maps: each begins with a dash.
void MapList(const ordered_json& list, std::string* out) {
  for (const ordered_json& map : list) {
    const std::size_t begin = out->size();
    for (const auto& [key, value] : map.items()) {
      Entry("    ", key, value, out);
    }
    (*out)[begin + 2] = '-';
  }
}

}  // namespace

std::string FitYaml(const FitReport& report) {
  std::string text = "rebisect: noise/1\n";
  const ordered_json tree = Tree(report);
  for (const auto& [key, value] : tree.items()) {
    text += key;
    text += value.empty() ? ": []\n" : ":\n";
    if (value.is_array()) {
      MapList(value, &text);
    } else {
      for (const auto& [name, inner] : value.items()) {
        Entry("  ", name, inner, &text);
      }
    }
  }
  return text;
}

std::string FitJson(const FitReport& report) {
  ordered_json json;
  json["schema"] = "rebisect.fit/1";
  json.update(Tree(report));
  return JsonText(json) + '\n';
}

}  // namespace rebisect
