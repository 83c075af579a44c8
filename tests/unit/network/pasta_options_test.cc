#include "network/pasta_options.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::fails_saying;

std::string called_with(std::string_view text) {
    return " " + join(PastaOptions::parse(text)->arguments(), " ") + " ";
}

TEST(PastaOptions, AreWordsWithCommasBetween) {
    EXPECT_EQ(PastaOptions::parse("")->words, std::vector<std::string>());
    EXPECT_EQ(PastaOptions::parse("--mtu,1500,-4")->words,
              (std::vector<std::string>{"--mtu", "1500", "-4"}));
    for (const char* text : {"", "-4", "--mtu,1500,-T,5432"})
        EXPECT_EQ(PastaOptions::parse(text)->text(), text);
}

TEST(PastaOptions, OpenNothingOfTheHostUnlessAsked) {
    const std::string usual = called_with("");
    for (const char* part : {" --no-map-gw ", " -t none ", " -u none ", " -T none ", " -U none ",
                             " --netns /proc/self/fd/1 ", " --userns /proc/self/fd/0 "})
        EXPECT_TRUE(usual.contains(part)) << part;
    const std::string asked = called_with("-T,5432,--udp-ns=53,--map-gw");
    for (const char* part : {" --no-map-gw ", " -T none ", " -U none ", " --map-gw "})
        EXPECT_FALSE(asked.contains(part)) << part;
    EXPECT_TRUE(asked.ends_with(" -T 5432 --udp-ns=53 ")) << asked;
}

TEST(PastaOptions, RefuseWhatIsNotOne) {
    for (const char* text :
         {"1500", "4321,--mtu", ",", "-4,,-6", "--mtu,--", "--", "-", "mtu=1500"})
        EXPECT_TRUE(fails_saying(PastaOptions::parse(text), "options of pasta belong there"))
            << text;
}

TEST(PastaOptions, RefuseWhatSbxSays) {
    for (const char* text : {"--netns,/x", "--netns=/x", "-4,--userns,/x", "-P,/x", "-P/x",
                             "--foreground", "-f", "--dns-forward,192.0.2.1", "--help"})
        EXPECT_TRUE(fails_saying(PastaOptions::parse(text), "is for sbx to say")) << text;
    for (const char* text : {"-t,80", "-t80", "--tcp-ports=80", "--udp-ports,53"})
        EXPECT_TRUE(fails_saying(PastaOptions::parse(text), "is not for this place")) << text;
}

}  // namespace
}  // namespace sbx::network
