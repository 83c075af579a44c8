#include "container/egress_options.h"

#include <algorithm>

#include "base/text.h"
#include "network/egress_words.h"

namespace sbx::container {

using network::EgressRule;
using network::EgressUse;

const EgressPresets& known_presets() {
    static const EgressPresets kPresets = {
        {"alpine", {"dl-cdn.alpinelinux.org"}},
        {"cargo", {"crates.io", "index.crates.io", "static.crates.io"}},
        {"debian", {"deb.debian.org", "security.debian.org"}},
        {"fedora", {"mirrors.fedoraproject.org", "dl.fedoraproject.org"}},
        {"github",
         {"github.com", "github.com:22", "api.github.com", "codeload.github.com",
          "*.githubusercontent.com"}},
        {"gitlab", {"gitlab.com", "gitlab.com:22"}},
        {"go", {"proxy.golang.org", "sum.golang.org"}},
        {"maven", {"repo.maven.apache.org", "repo1.maven.org"}},
        {"npm", {"registry.npmjs.org", "registry.yarnpkg.com"}},
        {"pypi", {"pypi.org", "files.pythonhosted.org"}},
        {"rubygems", {"rubygems.org", "index.rubygems.org"}},
        {"ubuntu", {"archive.ubuntu.com", "security.ubuntu.com", "ports.ubuntu.com"}},
    };
    return kPresets;
}

namespace {

// Words with commas between, presets in place of their names.
class Collector {
public:
    Collector(const EgressPresets& presets, EgressUse use) : presets_(presets), use_(use) {}

    Result<std::vector<EgressRule>> collect(const std::vector<std::string>& texts) {
        for (const std::string& text : texts)
            for (const std::string_view word : split(text, ','))
                TRY(add(word));
        return std::move(rules_);
    }

private:
    Result<> add(std::string_view word) {
        if (!word.starts_with('@')) return add_rule(word);
        const std::string name(word.substr(1));
        for (const EgressPresets* presets : {&presets_, &known_presets()})
            if (const auto found = presets->find(name); found != presets->end()) {
                if (found->second.empty())
                    return Error(Error::Kind::usage, "the preset '{}' is empty", excerpt(word));
                for (const std::string& rule : found->second)
                    TRY(add_rule(rule), "{}", excerpt(word));
                return {};
            }
        return Error(Error::Kind::usage, "there is no preset '{}'", excerpt(word))
            .hint(fmt::format("sbx knows @{}; sbx.toml(5) can name more", join(names(), ", @")));
    }

    Result<> add_rule(std::string_view word) {
        rules_.push_back(TRY(network::parse_egress_rule(word, use_)));
        return {};
    }

    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const EgressPresets* presets : {&presets_, &known_presets()})
            for (const auto& [name, rules] : *presets)
                names.push_back(name);
        std::ranges::sort(names);
        return names;
    }

    const EgressPresets& presets_;
    EgressUse use_;
    std::vector<EgressRule> rules_ = {};
};

}  // namespace

static Result<network::EgressRules> compose_rules(const std::vector<std::string>& allow,
                                                  const std::vector<std::string>& deny,
                                                  const EgressPresets& presets) {
    network::EgressRules rules;
    rules.allowed = TRY(Collector(presets, EgressUse::allow).collect(allow), "--net-allow");
    rules.denied = TRY(Collector(presets, EgressUse::deny).collect(deny), "--net-deny");
    return rules;
}

Result<std::optional<EgressChoice>> compose_egress(const EgressOptions& options,
                                                   const std::string& here) {
    if (options.empty()) return std::optional<EgressChoice>();
    if (options.allow.empty() && options.deny.empty())
        return Error(Error::Kind::usage, "--net-log: nothing is refused without a rule")
            .hint("--net-allow or --net-deny has rules; --net-allow '*' allows all but those");
    EgressChoice choice{.rules = TRY(compose_rules(options.allow, options.deny, options.presets))};
    const bool is_relative = !options.log.empty() && options.log != "-" && options.log[0] != '/';
    choice.log = is_relative ? here + "/" + options.log : options.log;
    return std::optional(std::move(choice));
}

Json to_json(const EgressChoice& choice) {
    return network::to_json(choice.rules).set("log", choice.log);
}

Result<EgressChoice> egress_from(const Json& json) {
    EgressChoice choice{.rules = TRY(network::egress_rules_from(json))};
    choice.log = TRY(json.get<std::string>("log"));
    return choice;
}

}  // namespace sbx::container
