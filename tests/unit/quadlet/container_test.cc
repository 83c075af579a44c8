#include "quadlet/container.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

using test::fails_saying;

// The lines of the service that begin with one of these keys, or why there is none.
std::string lines_of(const std::string& text, std::initializer_list<std::string_view> keys) {
    if (!text.starts_with("# Made by")) return text;
    std::string lines;
    for (const std::string_view line : split(text, '\n'))
        for (const std::string_view key : keys)
            if (line.starts_with(fmt::format("{}=", key))) lines += fmt::format("{}\n", line);
    return lines;
}

std::string service(const std::string& lines) {
    return test::service_text({{"web.container", "[Container]\n" + lines}}, "web.container");
}

// Between what each has, and the image.
std::string options(const std::string& lines) {
    const std::string line = lines_of(service("Image=i\n" + lines), {"ExecStart"});
    const std::string before = "ExecStart=/bin/sbx run --name systemd-web --replace --rm ";
    return line.starts_with(before) ? line.substr(before.size()) : line;
}

TEST(QuadletContainer, RunsAndGoes) {
    EXPECT_EQ(lines_of(service("Image=docker.io/library/i:1\nExec=sh -c 'a b' $X\n"),
                       {"Type", "Restart", "SuccessExitStatus", "KillMode", "ExecStart", "ExecStop",
                        "ExecStopPost"}),
              "Type=exec\nRestart=no\nSuccessExitStatus=143\nKillMode=mixed\n"
              "ExecStart=/bin/sbx run --name systemd-web --replace --rm docker.io/library/i:1 "
              "sh -c \"a b\" $X\n"
              "ExecStop=/bin/sbx stop --ignore systemd-web\n"
              "ExecStopPost=-/bin/sbx rm --force --ignore --volumes systemd-web\n");
}

TEST(QuadletContainer, HasOptionsForKeys) {
    EXPECT_EQ(options("PublishPort=8080:80\nEnvironment=A=b 'C=d e'\nReadOnly=yes\n"),
              "--env A=b --env \"C=d e\" --publish 8080:80 --read-only=true i\n");
    EXPECT_EQ(options("User=1000\nGroup=100\n"), "--user 1000:100 i\n");
    EXPECT_EQ(options("NoNewPrivileges=true\nSeccompProfile=/p\nAutoUpdate=registry\n"),
              "--label io.containers.autoupdate=registry --security-opt=no-new-privileges "
              "--security-opt seccomp=/p i\n");
    EXPECT_EQ(options("EnvironmentFile=env /abs/env\n"),
              "--env-file /units/env --env-file /abs/env i\n");
    EXPECT_EQ(options("PodmanArgs=--cpus 2\nPodmanArgs=\"--label=a b\"\nNotify=no\n"),
              "--cpus 2 \"--label=a b\" i\n");
    EXPECT_EQ(lines_of(service("Rootfs=/r\nContainerName=box\nGlobalArgs=--log-level debug\n"),
                       {"ExecStart"}),
              "ExecStart=/bin/sbx --log-level debug run --name box --replace --rm --rootfs /r\n");
    EXPECT_EQ(lines_of(service("Image=i\nStopSignal=INT\n"), {"SuccessExitStatus"}),
              "SuccessExitStatus=130\n");
}

TEST(QuadletContainer, IsInAPod) {
    const auto in_pod = [](const std::string& lines) {
        return lines_of(test::service_text({{"web.container", "[Container]\nImage=i\n" + lines},
                                            {"app.pod", "[Pod]\nPodName=p\n"}},
                                           "web.container"),
                        {"BindsTo", "After", "ExecStart"});
    };
    EXPECT_EQ(in_pod("Pod=app.pod\n"),
              "BindsTo=app-pod.service\nAfter=app-pod.service\n"
              "ExecStart=/bin/sbx run --name systemd-web --replace --rm --pod p i\n");
    EXPECT_EQ(in_pod("Pod=no.pod\n"),
              "/units/web.container:3: Pod=no.pod: there is no unit 'no.pod'");
    EXPECT_EQ(in_pod("Pod=p\n"), "/units/web.container:3: Pod=p: the name of a .pod belongs there");
}

TEST(QuadletContainer, LeavesStartingAgainToSystemd) {
    for (const char* action : {"restart", "kill"})
        EXPECT_EQ(
            lines_of(service(fmt::format("Image=i\nHealthOnFailure={}\n", action)), {"ExecStart"}),
            "ExecStart=/bin/sbx run --name systemd-web --replace --rm "
            "--health-on-failure kill i\n");
}

TEST(QuadletContainer, SaysWhatItCannotDo) {
    EXPECT_EQ(service(""),
              "/units/web.container: neither Image= nor Rootfs= is in section 'Container'");
    EXPECT_EQ(service("Image=a.image\n"),
              "/units/web.container:2: Image=a.image: units of the kind '.image' are unknown");
    EXPECT_EQ(service("Image=i\nRootfs=/r\n"),
              "/units/web.container:3: Rootfs=/r: Image= and Rootfs= exclude each other");
    EXPECT_EQ(service("Image=i\nTimezone=local\n"),
              "/units/web.container:3: unsupported key 'Timezone' in section 'Container'");
    EXPECT_EQ(service("Image=i\nGroup=1\n"), "/units/web.container:3: Group=1: Group= needs User=");
    EXPECT_EQ(service("Image=i\nNotify=healthy\n"),
              "/units/web.container:3: Notify=healthy: a container does not tell systemd of "
              "itself");
    EXPECT_TRUE(service("Image=i\nStopSignal=X\n").starts_with("/units/web.container:3: "));
}

}  // namespace
}  // namespace sbx::quadlet
