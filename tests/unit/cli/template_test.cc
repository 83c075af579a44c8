#include "cli/template.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::cli {
namespace {

using test::fails_saying;

const Json& box() {
    static const Json json = Json::parse(R"({
        "Name": "box", "Pid": 7, "Running": true, "Ports": [], "Cmd": ["sh", "-c", "x"],
        "State": {"Status": "up", "Error": ""}, "Labels": {"a.b": "1", "c": "2"}, "None": null
    })")
                                 .value();
    return json;
}

Result<std::string> executed(std::string_view text, const Json& data = box()) {
    const Template parsed = TRY(Template::parse(text));
    return parsed.execute(data);
}

// What it comes to, or the words of its error.
std::string of(std::string_view text, const Json& data = box()) {
    const Result<std::string> done = executed(text, data);
    return done ? *done : done.error().text();
}

TEST(Template, ShowsFields) {
    EXPECT_EQ(of("{{.Name}} is {{ .State.Status }}"), "box is up");
    EXPECT_EQ(of("plain"), "plain");
    EXPECT_EQ(of(""), "");
    EXPECT_EQ(of("{{.Cmd}} {{.Labels}} {{.Pid}} {{.Running}}"), "[sh -c x] map[a.b:1 c:2] 7 true");
}

TEST(Template, KnowsTabsAndLineBreaksWrittenOut) { EXPECT_EQ(of("a\\tb\\nc\\d"), "a\tb\nc\\d"); }

TEST(Template, TellsOfAFieldThatIsNotThere) {
    const Result<std::string> done = executed("{{.Nmae}}");
    ASSERT_TRUE(fails_saying(done, "--format: there is no field 'Nmae'"));
    EXPECT_TRUE(done.error().hint().starts_with("the fields are Name, Pid"));
    EXPECT_EQ(of("{{.State.Nope}} {{.State.Nope.Deeper}} {{.None}}"),
              "<no value> <no value> <no value>");
}

TEST(Template, FindsTheKeyThatAFieldOfGosHasInJson) {
    const Json network = Json::object()
                             .set("name", "n")
                             .set("dns_enabled", true)
                             .set("labels", Json::object().set("Tier", "x"));
    EXPECT_EQ(of("{{.Name}} {{.DNSEnabled}} {{.Labels.Tier}}", network), "n true x");
    EXPECT_EQ(of("{{.labels.tier}} {{.Labels.Other}}", network), "<no value> <no value>");
    EXPECT_EQ(of("{{.dnsenabled}}", network), "--format: there is no field 'dnsenabled'");
}

TEST(Template, Branches) {
    EXPECT_EQ(of("{{if .Running}}up{{else}}down{{end}}"), "up");
    EXPECT_EQ(of("{{if .Ports}}some{{else if .State.Error}}bad{{else}}none{{end}}"), "none");
    EXPECT_EQ(of("{{if eq .Name \"box\"}}x{{end}}{{if .None}}y{{end}}"), "x");
    EXPECT_EQ(of("{{with .State}}{{.Status}}{{end}}{{with .Ports}}p{{else}}q{{end}}"), "upq");
}

TEST(Template, Ranges) {
    EXPECT_EQ(of("{{range .Cmd}}<{{.}}>{{end}}"), "<sh><-c><x>");
    EXPECT_EQ(of("{{range $i, $x := .Cmd}}{{$i}}{{$x}} {{end}}"), "0sh 1-c 2x ");
    EXPECT_EQ(of("{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}"), "a.b=1;c=2;");
    EXPECT_EQ(of("{{range .Ports}}x{{else}}none{{end}}"), "none");
    EXPECT_EQ(of("{{range .Cmd}}{{$.Name}} {{end}}"), "box box box ");
}

TEST(Template, KeepsVariables) {
    EXPECT_EQ(of("{{$x := .Name}}{{$x}}{{with $y := .State}}{{$y.Status}}{{end}}"), "boxup");
    EXPECT_EQ(of("{{$nope}}"), "--format: there is no variable '$nope'");
}

TEST(Template, Pipes) {
    EXPECT_EQ(of("{{.Name | upper}} {{json .Cmd}} {{.Cmd | len | printf \"%d!\"}}"),
              "BOX [\"sh\",\"-c\",\"x\"] 3!");
    EXPECT_EQ(of("{{(index .Labels \"a.b\") | printf \"%q\"}}"), "\"1\"");
    EXPECT_EQ(of("{{.Name | .Pid}}"), "--format: a value is called like a function");
    EXPECT_EQ(of("{{.Name \"x\"}}"), "--format: a value is called like a function");
    EXPECT_EQ(of("{{.Name 1}}"), "--format: a value is called like a function");
}

TEST(Template, LooksAtAParenthesissFields) {
    EXPECT_EQ(of("{{(index .Cmd 0)}} {{(.State).Status}}"), "sh up");
}

}  // namespace
}  // namespace sbx::cli
