#include "oracle/verdict/retry_policy.h"

#include <utility>
#include <vector>

#include "oracle/verdict/retry_list.h"
#include "oracle/verdict/retry_rules.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

Result<std::unique_ptr<RetryPolicy>> MakeRetry(
    const RetryEntry& entry, const PolicySpec& spec, std::string name,
    std::unique_ptr<RetryPolicy> others) {
  PolicyParameters params(spec, entry.info);
  auto policy = entry.make(params, std::move(name), std::move(others));
  if (params.error()) return tl::unexpected(*params.error());
  return policy;
}

}  // namespace

std::span<const PolicyInfo> RetryPolicies() {
  static const std::vector<PolicyInfo> kInfos = InfosOf(RetryEntries());
  return kInfos;
}

bool GivesSameRuns(const PolicyChain& chain) {
  if (chain.size() != 1) return false;
  const auto* const entry = EntryOf(RetryEntries(), chain.front().name);
  return entry != nullptr && entry->same_runs;
}

Result<std::unique_ptr<RetryPolicy>> MakeRetryPolicy(const PolicyChain& chain) {
  const RetryEntry* front = nullptr;
  const PolicySpec* front_spec = nullptr;
  std::unique_ptr<RetryPolicy> policy;
  for (const PolicySpec& spec : chain) {
    REBISECT_ASSIGN_OR_RETURN(
        const auto index, FindPolicy(spec, RetryPolicies(), "retry policy"));
    const RetryEntry& entry = *RetryEntries()[index];
    if (policy != nullptr || (entry.goes_in_front && front != nullptr)) {
      return Fail(ErrorCode::kUsage,
                  "'" + spec.name +
                      "' is one retry policy too many; give one, with "
                      "confirm-last in front of it if need be",
                  spec.where);
    }
    if (entry.goes_in_front) {
      // Its errors come before those of what follows.
      REBISECT_RETURN_IF_ERROR(MakeRetry(entry, spec, {}, nullptr));
      front = &entry;
      front_spec = &spec;
      continue;
    }
    REBISECT_ASSIGN_OR_RETURN(auto made,
                              MakeRetry(entry, spec, ToText({spec}), nullptr));
    policy = std::move(made);
  }
  if (policy == nullptr) {
    const std::string name(kRecordedEntry.info.name);
    REBISECT_ASSIGN_OR_RETURN(auto made,
                              MakeRetry(kRecordedEntry, {}, name, nullptr));
    policy = std::move(made);
  }
  if (front == nullptr) return policy;
  return MakeRetry(*front, *front_spec, ToText(chain), std::move(policy));
}

Result<std::unique_ptr<RetryPolicy>> MakeRetryPolicy(std::string_view text,
                                                     const Position& where) {
  REBISECT_ASSIGN_OR_RETURN(const auto chain, ParsePolicyChain(text, where));
  return MakeRetryPolicy(chain);
}

}  // namespace rebisect
