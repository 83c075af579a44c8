#include "container/egress_options.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using network::EgressRule;
using test::fails_saying;

using Texts = std::vector<std::string>;

Texts texts(const std::vector<EgressRule>& rules) {
    Texts texts;
    for (const EgressRule& rule : rules)
        texts.push_back(rule.text);
    return texts;
}

TEST(EgressOptions, AreWordsWithCommasBetween) {
    const auto choice = compose_egress(
        {.allow = {"a.example,*.b.example:443", "10.0.0.0/8"}, .deny = {"c.example"}}, "/here");
    ASSERT_TRUE(choice && *choice);
    EXPECT_EQ(texts((*choice)->rules.allowed),
              (Texts{"a.example", "*.b.example:443", "10.0.0.0/8"}));
    EXPECT_EQ(texts((*choice)->rules.denied), Texts{"c.example"});
    EXPECT_TRUE((*choice)->rules.denied.front().has_all());
    EXPECT_FALSE((*choice)->rules.allowed.front().has_all());
    EXPECT_FALSE(compose_egress({}, "/here").value());
}

TEST(EgressOptions, KnowPresets) {
    const EgressPresets own = {{"pypi", {"mirror.example:8443"}},
                               {"ours", {"a.example", "b.example"}}};
    const Result<std::optional<EgressChoice>> choice =
        compose_egress({.allow = {"@ours,@pypi,@npm"}, .presets = own}, "/");
    const Texts allowed = texts((*choice)->rules.allowed);
    ASSERT_GT(allowed.size(), 3U);
    EXPECT_EQ(Texts(allowed.begin(), allowed.begin() + 3),
              (Texts{"a.example", "b.example", "mirror.example:8443"}));
    EXPECT_TRUE(fails_saying(compose_egress({.allow = {"@nothing"}, .presets = own}, "/"),
                             "--net-allow: there is no preset '@nothing'"));
    for (const auto& [name, rules] : known_presets())
        EXPECT_TRUE(compose_egress({.allow = {"@" + name}}, "/")) << name;
}

TEST(EgressOptions, HaveALogInAFileOfThePersons) {
    const auto log_of = [](const std::string& log) {
        return compose_egress({.allow = {"*"}, .log = log}, "/here").value()->log;
    };
    EXPECT_EQ(log_of("log"), "/here/log");
    EXPECT_EQ(log_of("/log"), "/log");
    EXPECT_EQ(log_of("-"), "-");
    EXPECT_EQ(log_of(""), "");
    EXPECT_TRUE(fails_saying(compose_egress({.log = "log"}, "/"), "nothing is refused"));
}

TEST(EgressOptions, AreKept) {
    const EgressPresets own = {{"ours", {"a.example"}}};
    const EgressChoice choice = *compose_egress({.allow = {"@ours,b.example:1-2/udp"},
                                                 .deny = {"*.c.example"},
                                                 .log = "-",
                                                 .presets = own},
                                                "/")
                                     .value();
    const EgressChoice kept = egress_from(to_json(choice)).value();
    EXPECT_EQ(to_json(kept).dump(), to_json(choice).dump());
    EXPECT_EQ(texts(kept.rules.allowed), (Texts{"a.example", "b.example:1-2/udp"}));
    EXPECT_EQ(texts(kept.rules.denied), Texts{"*.c.example"});
    EXPECT_EQ(kept.log, "-");
    EXPECT_FALSE(egress_from(Json::object()));
}

TEST(EgressOptions, RefuseWhatIsNoRule) {
    const EgressPresets nothing = {{"nothing", {}}};
    EXPECT_TRUE(fails_saying(compose_egress({.allow = {"@nothing"}, .presets = nothing}, "/"),
                             "the preset '@nothing' is empty"));
    for (const EgressOptions& options :
         {EgressOptions{.allow = {"a.example,"}}, EgressOptions{.deny = {"http://a.example"}},
          EgressOptions{.allow = {"@"}}})
        EXPECT_FALSE(compose_egress(options, "/"));
}

}  // namespace
}  // namespace sbx::container
