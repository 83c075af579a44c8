#include "network/egress_words.h"

namespace sbx::network {

static Json::Strings texts_of(const std::vector<EgressRule>& rules) {
    Json::Strings texts;
    for (const EgressRule& rule : rules)
        texts.push_back(rule.text);
    return texts;
}

static Result<std::vector<EgressRule>> rules_at(const Json& json, std::string_view key,
                                                EgressUse use) {
    std::vector<EgressRule> rules;
    for (const std::string& text : TRY(json.get<Json::Strings>(key)))
        rules.push_back(TRY(parse_egress_rule(text, use)));
    return rules;
}

Json to_json(const EgressRules& rules) {
    return Json::object().set("allow", texts_of(rules.allowed)).set("deny", texts_of(rules.denied));
}

Result<EgressRules> egress_rules_from(const Json& json) {
    EgressRules rules{.allowed = TRY(rules_at(json, "allow", EgressUse::allow))};
    rules.denied = TRY(rules_at(json, "deny", EgressUse::deny));
    return rules;
}

}  // namespace sbx::network
