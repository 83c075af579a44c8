#include "cli/complete.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace sbx::cli {
namespace {

using Words = std::vector<std::string>;

std::vector<Candidate> live(Complete kind, const std::string&) {
    switch (kind) {
        case Complete::images: return {{.text = "alpine"}, {.text = "localhost/app:1"}};
        case Complete::containers: return {{.text = "box"}, {.text = "other"}};
        case Complete::running_containers: return {{.text = "box"}};
        case Complete::stopped_containers: return {{.text = "other"}};
        case Complete::volumes: return {{.text = "data"}};
        case Complete::networks: return {{.text = "net1"}};
        case Complete::pods: return {{.text = "pod1"}};
        case Complete::paths: return {{.text = "layout/"}};
        default: return {};
    }
}

// What is offered, in one line; ":files" where the shell adds its own.
std::string offered(const Words& words) {
    const Completion completion = complete(words, live);
    Words all;
    for (const Candidate& candidate : completion.candidates)
        all.push_back(candidate.text);
    if (completion.files) all.emplace_back(":files");
    if (completion.directories) all.emplace_back(":directories");
    return join(all, " ");
}

TEST(Completion, OffersCommandsAndGroups) {
    EXPECT_EQ(offered({"ru"}), "run");
    EXPECT_EQ(offered({"im"}), "import images image");
    EXPECT_EQ(offered({"image", "pr"}), "prune");
    EXPECT_EQ(offered({"container", "r"}), "run restart rename rm");
    EXPECT_EQ(offered({"__"}), "");
    EXPECT_TRUE(offered({""}).starts_with("run create start"));
}

TEST(Completion, OffersOptionsWithTheirHelp) {
    EXPECT_EQ(offered({"run", "--read"}), "--read-only --read-only-tmpfs");
    EXPECT_EQ(offered({"image", "inspect", "--f"}), "--format");
    const Completion completion = complete({"rm", "--al"}, live);
    EXPECT_EQ(completion.candidates, (std::vector<Candidate>{{"--all", "All containers"}}));
}

TEST(Completion, OffersWordsOfAnOption) {
    EXPECT_EQ(offered({"run", "--pull", ""}), "missing always never newer");
    EXPECT_EQ(offered({"run", "--pull=n"}), "--pull=never --pull=newer");
    EXPECT_EQ(offered({"run", "--cap-add", "NET_B"}), "NET_BIND_SERVICE NET_BROADCAST");
    EXPECT_EQ(offered({"run", "--cap-add", "CAP_NET_BI"}), "CAP_NET_BIND_SERVICE");
    EXPECT_EQ(offered({"run", "--ulimit", "nof"}), "nofile=");
    EXPECT_EQ(offered({"run", "--stop-signal", "SIGUSR"}), "SIGUSR1 SIGUSR2");
}

TEST(Completion, OffersShellsForTheirScripts) {
    EXPECT_EQ(offered({"completion", ""}), "bash zsh fish");
    EXPECT_EQ(offered({"completion", "f"}), "fish");
}

TEST(Completion, OffersWhatIsInTheStore) {
    EXPECT_EQ(offered({"run", ""}), "alpine localhost/app:1");
    EXPECT_EQ(offered({"run", "--rm", "-it", "loc"}), "localhost/app:1");
    EXPECT_EQ(offered({"rm", "box", ""}), "box other");
    EXPECT_EQ(offered({"start", ""}), "other");
    EXPECT_EQ(offered({"wait", "x", ""}), "box");
    EXPECT_EQ(offered({"history", "alpine", ""}), "");
}

TEST(Completion, KnowsWhichWordIsAnOptionsValue) {
    EXPECT_EQ(offered({"run", "--env-file", ""}), ":files");
    EXPECT_EQ(offered({"run", "--env-file=x"}), ":files");
    EXPECT_EQ(offered({"run", "--cert-dir", ""}), ":directories");
    EXPECT_EQ(offered({"run", "-itv", ""}), "data :files");
    EXPECT_EQ(offered({"run", "--name", ""}), "");
    EXPECT_EQ(offered({"run", "--name", "x", "al"}), "alpine");
    EXPECT_EQ(offered({"run", "--name=x", "al"}), "alpine");
}

TEST(Completion, LeavesTheContainersOwnCommandToTheShell) {
    EXPECT_EQ(offered({"run", "alpine", "ls", "--re"}), ":files");
    EXPECT_EQ(offered({"run", "alpine", ""}), ":files");
}

TEST(Completion, PassesOverWhatStandsBeforeTheCommand) {
    EXPECT_EQ(offered({"--root", "/x", "ru"}), "run");
    EXPECT_EQ(offered({"--root=/x", "run", "al"}), "alpine");
}

TEST(Completion, OffersOptionsThatStandBeforeTheCommand) {
    EXPECT_EQ(offered({"--"}), "--help --root --log-level --version");
    EXPECT_EQ(offered({"-"}), "--help -h --root --log-level --version -v");
    EXPECT_EQ(offered({"--ro"}), "--root");
    EXPECT_EQ(offered({"--root", ""}), ":directories");
    EXPECT_EQ(offered({"--log-level", ""}), "error warning info debug");
    EXPECT_EQ(offered({"--log-level=d"}), "--log-level=debug");
    EXPECT_EQ(offered({"--log-level", "debug", "--ro"}), "--root");
    EXPECT_EQ(offered({"oci", "--log-f"}), "--log-format");
    EXPECT_EQ(offered({"oci", "--debug", "sta"}), "start state");
}

TEST(Completion, OffersModesOfNamespaces) {
    EXPECT_EQ(offered({"run", "--network", ""}), "none host slirp pasta container: net1");
    EXPECT_EQ(offered({"run", "--network", "container:o"}), "container:other");
    EXPECT_EQ(offered({"run", "--network=container:o"}), "--network=container:other");
    EXPECT_EQ(offered({"run", "--pid", "h"}), "host");
    EXPECT_EQ(offered({"run", "--ipc", ""}), "private host container:");
    EXPECT_EQ(offered({"run", "--userns", "k"}), "keep-id");
    EXPECT_EQ(offered({"run", "--pod", ""}), "new: pod1");
}

TEST(Completion, OffersWordsOfOtherOptions) {
    EXPECT_EQ(offered({"run", "--platform", "linux/arm64"}), "linux/arm64");
    EXPECT_EQ(offered({"run", "--mount", "type=v"}), "type=volume,");
    EXPECT_EQ(offered({"run", "--security-opt", "no"}), "no-new-privileges");
    EXPECT_EQ(offered({"run", "--restart", "on"}), "on-failure");
    EXPECT_EQ(offered({"run", "--log-driver", ""}), "k8s-file journald none passthrough");
    EXPECT_EQ(offered({"pull", "--tls-verify", ""}), "true false");
    EXPECT_EQ(offered({"ps", "--filter", "sta"}), "status=");
    EXPECT_EQ(offered({"images", "--filter", "d"}), "dangling= digest=");
}

TEST(Completion, OffersWhatMayStandInOnePlace) {
    EXPECT_EQ(offered({"run", "-v", ""}), "data :files");
    EXPECT_EQ(offered({"inspect", ""}), "box other alpine localhost/app:1 data net1");
    EXPECT_EQ(offered({"cp", ""}), "box: other: :files");
    EXPECT_EQ(offered({"cp", "./file", "bo"}), "box: :files");
    EXPECT_EQ(offered({"run", "--rootfs", ""}), ":directories");
    EXPECT_EQ(offered({"pull", "oci"}), "oci: oci-archive:");
    EXPECT_EQ(offered({"pull", "oci:l"}), "oci:layout/");
}

TEST(Completion, OffersNothingForWhatIsNone) {
    EXPECT_EQ(offered({"frobnicate", ""}), "");
    EXPECT_EQ(offered({"run", "--frob=x"}), "");
    EXPECT_EQ(offered({}), offered({""}));
}

}  // namespace
}  // namespace sbx::cli
