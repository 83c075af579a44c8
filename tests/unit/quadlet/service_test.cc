#include "quadlet/service.h"

#include <gtest/gtest.h>

#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

using test::fails_saying;
using test::succeeds;
using test::units_of;

const Caller kCaller{.program = "/bin/sbx", .globals = {"--root", "/a b"}, .environment = {"A=1"}};

Result<std::string> text(const std::string& unit) {
    const Units units = units_of({{"web.container", unit}, {"data.volume", ""}});
    Service service = TRY(Service::begin(units.all()[1], units, kCaller));
    service.need(units.all()[0]);
    TRY(service.set_type("exec"));
    service.add_default("Service", "Restart", "no");
    service.add_command("ExecStart", {"run", "x y"}, "-");
    return service.text();
}

TEST(QuadletService, KeepsWhatIsSystemds) {
    const Result<std::string> made = text(
        "[Unit]\nDescription=Web\nAfter=data.volume x.target\n[Container]\nImage=i\n"
        "[Service]\nRestart=always\n[Quadlet]\nDefaultDependencies=no\n");
    ASSERT_TRUE(succeeds(made));
    EXPECT_EQ(made->substr(made->find('\n')),
              "\n\n[Unit]\nDescription=Web\nAfter=data-volume.service x.target\n"
              "SourcePath=/units/web.container\n"
              "Requires=data-volume.service\nAfter=data-volume.service\n"
              "\n[X-Container]\nImage=i\n"
              "\n[Service]\nRestart=always\nEnvironment=A=1\nType=exec\n"
              "ExecStart=-/bin/sbx --root \"/a b\" run \"x y\"\n"
              "\n[X-Quadlet]\nDefaultDependencies=no\n");
    EXPECT_TRUE(made->starts_with("# Made by sbx "));
}

TEST(QuadletService, SaysItsCommandsItself) {
    EXPECT_TRUE(fails_saying(text("[Service]\nExecStart=/bin/true\n"),
                             "/units/web.container:2: ExecStart=/bin/true: sbx itself says that"));
    EXPECT_TRUE(fails_saying(text("[Service]\nType=forking\n"),
                             "Type=forking: exec or oneshot belongs there"));
    EXPECT_TRUE(succeeds(text("[Service]\nType=oneshot\nExecStartPre=/bin/true\n")));
}

}  // namespace
}  // namespace sbx::quadlet
