#include "container/systemd_unit.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;

Blueprint blueprint() {
    Blueprint blueprint;
    blueprint.record = {.id = std::string(64, 'a'), .name = "web"};
    return blueprint;
}

UnitOptions options() { return {.program = "/usr/bin/sbx", .globals = {"--root", "/srv/sbx"}}; }

std::string unit(const UnitOptions& options) {
    return systemd_unit(blueprint(), "web", options).value_or("");
}

TEST(SystemdUnit, StartsAndStopsTheContainer) {
    UnitOptions plain = options();
    plain.header = false;
    EXPECT_EQ(unit(plain),
              "[Unit]\n"
              "Description=Container web\n"
              "\n"
              "[Service]\n"
              "Type=exec\n"
              "ExecStart=/usr/bin/sbx --root /srv/sbx start --attach web\n"
              "SuccessExitStatus=143\n"
              "Restart=on-failure\n"
              "ExecStop=/usr/bin/sbx --root /srv/sbx stop --time 10 web\n"
              "TimeoutStopSec=30\n"
              "\n"
              "[Install]\n"
              "WantedBy=default.target\n");
    EXPECT_TRUE(unit(options()).starts_with("# Made by sbx "));
}

TEST(SystemdUnit, CanMakeANewContainerEachTime) {
    UnitOptions fresh = options();
    fresh.run = {"run", "--rm", "image", "$HOME"};
    Blueprint own = blueprint();
    own.record.remove_after = true;
    own.create_directory = "/srv/50% off";
    const std::string text = systemd_unit(own, "web", fresh).value_or("");
    for (const char* line : {"\nType=exec\nWorkingDirectory=/srv/50%% off\n",
                             "\nExecStart=/usr/bin/sbx --root /srv/sbx run --rm image \"$$HOME\"\n",
                             " stop --time 10 --ignore web\n", "\nRestart=on-failure\n"})
        EXPECT_TRUE(text.contains(line)) << line << text;
    own.restart = RestartPolicy::parse("unless-stopped").value();
    EXPECT_TRUE(systemd_unit(own, "web", fresh).value_or("").contains("\nRestart=always\n"))
        << "systemd has the container's policy";
    own.create_directory = "/a\nb";
    EXPECT_TRUE(fails_saying(systemd_unit(own, "web", fresh), "no unit can have"));
}

TEST(SystemdUnit, HasWhatItIsAskedFor) {
    UnitOptions asked = options();
    asked.restart = "always";
    asked.restart_seconds = 5;
    asked.start_seconds = 7;
    asked.stop_seconds = -1;
    asked.wants = {"a.service", "b.service"};
    asked.after = {"a.service"};
    asked.needs = {"c.target"};
    const std::string text = unit(asked);
    for (const char* line :
         {"\nWants=a.service\nWants=b.service\nRequires=c.target\nAfter=a.service\n",
          "\nRestart=always\nTimeoutStartSec=7\nRestartSec=5\n",
          "stop --time -1 web\nTimeoutStopSec=infinity\n"})
        EXPECT_TRUE(text.contains(line)) << line << text;
}

TEST(SystemdUnit, KeepsTheContainersOwnWayToEnd) {
    Blueprint own = blueprint();
    own.stop_signal = 2;
    own.stop_timeout = 60;
    const std::string text = systemd_unit(own, "web", options()).value_or("");
    EXPECT_TRUE(text.contains("stop --time 60 web\nTimeoutStopSec=80\n")) << text;
    EXPECT_TRUE(text.contains("SuccessExitStatus=130\n"));
    own.stop_timeout = INT32_MAX;
    EXPECT_TRUE(systemd_unit(own, "web", options())->contains("TimeoutStopSec=2147483667\n"));
}

TEST(SystemdUnit, LeavesAContainerWithARestartPolicyToItsMonitor) {
    Blueprint own = blueprint();
    own.restart.when = RestartPolicy::When::always;
    const std::string text = systemd_unit(own, "web", options()).value_or("");
    EXPECT_TRUE(
        text.contains("Type=oneshot\nRemainAfterExit=yes\n"
                      "ExecStart=/usr/bin/sbx --root /srv/sbx start web\n"))
        << text;
    EXPECT_FALSE(text.contains("\nRestart="));
    UnitOptions asked = options();
    asked.restart = "always";
    EXPECT_TRUE(fails_saying(systemd_unit(own, "web", asked), "started again by its own settings"));
}

TEST(SystemdUnit, QuotesWhatMeansSomethingThere) {
    UnitOptions odd = options();
    odd.program = "/opt/my \"$x\" 100%/sbx";
    odd.environment = {"A=b c", "B=$x"};
    const std::string text = unit(odd);
    EXPECT_TRUE(text.contains("ExecStart=\"/opt/my \\\"$$x\\\" 100%%/sbx\" --root")) << text;
    EXPECT_TRUE(text.contains("Environment=\"A=b c\"\nEnvironment=\"B=$x\"\n")) << text;
}

TEST(SystemdUnit, RefusesWhatCannotStandThere) {
    const auto refused = [](const auto& change, const std::string& why) {
        UnitOptions changed = options();
        change(changed);
        return fails_saying(systemd_unit(blueprint(), "web", changed), why);
    };
    EXPECT_TRUE(refused([](auto& o) { o.restart = "often"; }, "--restart-policy often"));
    EXPECT_TRUE(refused([](auto& o) { o.environment = {"A"}; }, "--env A: NAME=VALUE"));
    EXPECT_TRUE(refused([](auto& o) { o.environment = {"A=b\nExecStart=x"}; }, "no unit can have"));
    EXPECT_TRUE(refused([](auto& o) { o.after = {"a\nb"}; }, "no name of a unit"));
    EXPECT_TRUE(refused([](auto& o) { o.wants = {""}; }, "no name of a unit"));
    Blueprint removed = blueprint();
    removed.record.remove_after = true;
    EXPECT_TRUE(fails_saying(systemd_unit(removed, "web", options()), "removed at its end"));
}

}  // namespace
}  // namespace sbx::container
