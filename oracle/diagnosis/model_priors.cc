#include "oracle/diagnosis/model_priors.h"

#include <array>
#include <optional>
#include <utility>

#include "scenarios/yaml/yaml_fields.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

constexpr double kShare = 1;
constexpr double kShape = 1e6;

constexpr std::array kFields = {
    PriorField{"rate_tilt", &ModelPriors::rate_tilt, 16},
    PriorField{"hidden_share", &ModelPriors::hidden_share, kShare},
    PriorField{"false_crash_a", &ModelPriors::false_crash_a, kShape},
    PriorField{"false_crash_b", &ModelPriors::false_crash_b, kShape},
    PriorField{"exposed_share", &ModelPriors::exposed_share, kShare},
    PriorField{"older", &ModelPriors::older, kShare},
    PriorField{"unrelated", &ModelPriors::unrelated, kShare},
    PriorField{"newer", &ModelPriors::newer, kShare},
    PriorField{"other_if_beside", &ModelPriors::other_if_beside, kShare},
    PriorField{"same_if_apart", &ModelPriors::same_if_apart, kShare},
    PriorField{"background_share", &ModelPriors::background_share, kShare},
    PriorField{"background_a", &ModelPriors::background_a, kShape},
    PriorField{"background_b", &ModelPriors::background_b, kShape},
    PriorField{"unrelated_a", &ModelPriors::unrelated_a, kShape},
    PriorField{"false_bad", &ModelPriors::false_bad, kShare},
    PriorField{"false_good", &ModelPriors::false_good, kShare},
};

/// What may stand in a noise model. All but the priors is for people.
constexpr std::array<std::string_view, 7> kKeys = {
    "rebisect", "priors",           "uncertainty",
    "rates",    "recurring_titles", "culprits_named_again",
    "rests_on"};

}  // namespace

std::span<const PriorField> PriorFields() { return kFields; }

Result<ModelPriors> ReadModelPriors(std::string_view bytes,
                                    const std::string& file) {
  REBISECT_ASSIGN_OR_RETURN(const auto root, ReadYaml(bytes, file));
  const YamlNode* const schema = root.Find("rebisect");
  if (schema == nullptr || schema->scalar != "noise/1") {
    return Fail(ErrorCode::kInput,
                "this is no noise model; its first line has to be "
                "'rebisect: noise/1'",
                schema == nullptr ? root.where : schema->where);
  }
  YamlFields top(root, "a noise model");
  for (const std::string_view key : kKeys) top.Node(key);
  REBISECT_RETURN_IF_ERROR(top.Finish());
  const YamlNode* const node = root.Find("priors");
  if (node == nullptr || node->kind != YamlNode::Kind::kMap) {
    return Fail(ErrorCode::kInput,
                "there is no mapping 'priors'; write 'priors: {older: 0.1}'",
                node == nullptr ? root.where : node->where);
  }
  ModelPriors priors;
  YamlFields fields(*node, "the priors");
  for (const PriorField& field : kFields) {
    std::optional<double> value;
    fields.Number(field.name, &value);
    if (!value) continue;
    if (*value > 0 && *value < field.most) {
      priors.*field.member = *value;
    } else {
      fields.Fail(fields.Node(field.name)->where,
                  "'" + std::string(field.name) +
                      "' has to be greater than 0 and less than " +
                      std::to_string(static_cast<long>(field.most)));
    }
  }
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  if (priors.older + priors.unrelated + priors.newer >= 1) {
    return Fail(ErrorCode::kInput,
                "older, unrelated and newer add up to 1 or more, which leaves "
                "nothing for the suspects",
                node->where);
  }
  return priors;
}

}  // namespace rebisect
