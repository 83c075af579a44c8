#include <gtest/gtest.h>

#include "cli/template.h"
#include "cli/template_nodes.h"
#include "support/results.h"

namespace sbx::cli {
namespace {

using test::fails_saying;
using test::succeeds;

Result<Template> parsed(std::string_view text) { return Template::parse(text); }

std::string of(std::string_view text) {
    const Result<Template> parsed = Template::parse(text);
    if (!parsed) return parsed.error().text();
    const Result<std::string> done = parsed->execute(Json::object().set("A", "a").set("B", "b"));
    return done ? *done : done.error().text();
}

TEST(TemplateParse, SaysWhatIsNotClosed) {
    EXPECT_TRUE(fails_saying(parsed("{{.A"), "'{{' without '}}'"));
    EXPECT_TRUE(fails_saying(parsed("{{if .A}}x"), "a block is not closed with {{end}}"));
    EXPECT_TRUE(fails_saying(parsed("{{if .A}}x{{else}}y"), "a block is not closed"));
    EXPECT_TRUE(fails_saying(parsed("{{\"a}}"), "a quote is not closed"));
    EXPECT_TRUE(fails_saying(parsed("{{(.A}}"), "a ')' is missing"));
    EXPECT_TRUE(fails_saying(parsed("x{{end}}"), "'end' closes nothing"));
    EXPECT_TRUE(fails_saying(parsed("{{else}}"), "'else' closes nothing"));
}

TEST(TemplateParse, SaysWhatDoesNotBelongThere) {
    EXPECT_TRUE(fails_saying(parsed("{{}}"), "a value is missing"));
    EXPECT_TRUE(fails_saying(parsed("{{if}}x{{end}}"), "a value is missing"));
    EXPECT_TRUE(fails_saying(parsed("{{.A | }}"), "a value is missing"));
    EXPECT_TRUE(fails_saying(parsed("{{.A)}}"), "unexpected ')'"));
    EXPECT_TRUE(fails_saying(parsed("{{.A ; .B}}"), "unexpected '; .B'"));
    EXPECT_TRUE(fails_saying(parsed("{{frob .A}}"), "there is no function 'frob'"));
    EXPECT_TRUE(fails_saying(parsed("{{99999999999999999999}}"), "there is no function"));
}

TEST(TemplateParse, TrimsWhereAsked) {
    EXPECT_EQ(of("a {{- .A -}}  b"), "aab");
    EXPECT_EQ(of("a\n{{- /* a comment */ -}}\nb"), "ab");
    EXPECT_EQ(of("a {{/* a comment */}} b"), "a  b");
    EXPECT_EQ(of("{{if .A -}} x {{- end}}"), "x");
}

TEST(TemplateParse, ReadsLiterals) {
    EXPECT_EQ(of("{{\"a\\t\\\"b\"}}"), "a\t\"b");
    EXPECT_EQ(of("{{`raw\\q`}} {{-3}} {{true}}"), "raw\\q -3 true");
    EXPECT_EQ(of("{{\"}\" }}"), "}");
}

TEST(TemplateParse, TakesBracesInAQuoteForText) { EXPECT_EQ(of("{{\"}}\"}}"), "}}"); }

TEST(TemplateParse, BoundsNesting) {
    std::string blocks;
    std::string parentheses = "{{";
    for (int i = 0; i < 10'000; ++i) {
        blocks += "{{if .A}}";
        parentheses += "(";
    }
    EXPECT_TRUE(fails_saying(parsed(blocks), "blocks nest too deep"));
    EXPECT_TRUE(fails_saying(parsed(parentheses + "}}"), "parentheses nest too deep"));
}

TEST(TemplateParse, BearsALongChainOfElseIf) {
    std::string chain = "{{if eq .A 0}}";
    for (int i = 0; i < 9'000; ++i)
        chain += "{{else if eq .A 0}}";
    EXPECT_EQ(of(chain + "{{else}}x{{end}}"), "x");
}

TEST(TemplateParse, AllowsManyBlocksInARow) {
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "{{if .A}}x{{end}}{{(.B)}}";
    EXPECT_TRUE(succeeds(parsed(many)));
    std::string inside = "{{(.A)}}";
    for (int i = 0; i < 100; ++i)
        inside.insert(2, "print (.B) ");
    EXPECT_TRUE(succeeds(parsed(inside)));
}

}  // namespace
}  // namespace sbx::cli
