#include "container/commit_config.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using Words = std::vector<std::string>;

class CommitConfig : public testing::Test {
protected:
    CommitConfig() {
        image_.defaults = {.user = "nina",
                           .env = {"PATH=/bin", "GREETING=hello"},
                           .entrypoint = {"/init"},
                           .cmd = {"default"},
                           .working_dir = "/srv",
                           .volumes = {"/data"},
                           .exposed_ports = {"80/tcp"},
                           .labels = {{"a", "1"}}};
        image_.author = "Nina";
        image_.diff_ids = {oci::Digest::of("below")};
        image_.history = {{.created_by = "before"}};
        container_.record = {.id = std::string(64, 'c'),
                             .name = "box",
                             .command = {"/init", "sh", "-c", "a b"},
                             .labels = {{"a", "1"}, {"b", "2"}}};
        oci::Spec& spec = container_.request.spec;
        spec.process.args = container_.record.command;
        spec.process.env = {"PATH=/bin",     "GREETING=hello",
                            "container=sbx", "HOSTNAME=cccccccccccc",
                            "TERM=xterm",    "MINE=1"};
        spec.process.cwd = "/work";
        spec.hostname = "cccccccccccc";
        container_.entrypoint_words = 1;
        container_.request.identity.user = "bob";
    }

    oci::ImageConfig config(const CommitWords& words = {}) const {
        Result<oci::ImageConfig> made = commit_config(container_, image_, words);
        EXPECT_TRUE(test::succeeds(made));
        return made ? *std::move(made) : oci::ImageConfig{.platform = oci::Platform::native()};
    }

    oci::ImageConfig image_{.platform = oci::Platform::native()};
    Blueprint container_;
};

TEST_F(CommitConfig, HasTheHealthCheckOfTheContainer) {
    image_.defaults.healthcheck = oci::Healthcheck{.test = {"CMD", "true"}};
    EXPECT_FALSE(config().defaults.healthcheck) << "it was made without";
    container_.health =
        HealthCheck{.config = {.test = {"CMD", "other"}, .interval = std::chrono::seconds(30)}};
    EXPECT_EQ(config().defaults.healthcheck->test, (Words{"CMD", "other"}));
    container_.health->config.interval = {};
    EXPECT_FALSE(config().defaults.healthcheck) << "it is run by nobody but a person";
}

TEST_F(CommitConfig, HasWhatTheContainerWasToldAndElseWhatItsImageSays) {
    const oci::ImageDefaults defaults = config().defaults;
    EXPECT_EQ(defaults.entrypoint, Words{"/init"});
    EXPECT_EQ(defaults.cmd, (Words{"sh", "-c", "a b"}));
    EXPECT_EQ(defaults.user, "bob");
    EXPECT_EQ(defaults.working_dir, "/work");
    EXPECT_EQ(defaults.labels, (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}}));
    EXPECT_EQ(defaults.volumes, Words{"/data"});
    EXPECT_EQ(defaults.exposed_ports, Words{"80/tcp"});
}

TEST_F(CommitConfig, LeavesOutWhatSbxSetsInEachContainer) {
    EXPECT_EQ(config().defaults.env, (Words{"PATH=/bin", "GREETING=hello", "MINE=1"}));
    container_.request.spec.process.env = {"HOSTNAME=mine", "TERM=dumb", "container=sbx",
                                           "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/"
                                           "bin:/sbin:/bin"};
    EXPECT_EQ(config().defaults.env, (Words{"HOSTNAME=mine", "TERM=dumb"})) << "somebody's own";
    image_.defaults.env = {"container=sbx"};
    EXPECT_EQ(config().defaults.env.back(), "container=sbx") << "the image's own";
}

TEST_F(CommitConfig, HasNoSecrets) {
    container_.env_secrets = {{"TOKEN", "token"}};
    for (const std::string& entry : config().defaults.env)
        EXPECT_FALSE(entry.contains("TOKEN")) << entry;
}

TEST_F(CommitConfig, KnowsAnEntrypointThatWasTakenAway) {
    container_.entrypoint_words = 0;
    EXPECT_EQ(config().defaults.entrypoint, Words{});
    EXPECT_EQ(config().defaults.cmd, (Words{"/init", "sh", "-c", "a b"}));
}

TEST_F(CommitConfig, DoesNotTakeThePersonForAUserOfTheImage) {
    container_.request.user_namespace = sandbox::KeepId{.uid = 1000, .gid = 1001};
    container_.request.identity.user = "1000:1001";
    EXPECT_EQ(config().defaults.user, "nina");
    container_.request.identity.user = "bob";
    EXPECT_EQ(config().defaults.user, "bob");
}

TEST_F(CommitConfig, NamesAFolderAndASignalThatDifferAlone) {
    EXPECT_EQ(config().defaults.stop_signal, "");
    container_.stop_signal = SIGUSR1;
    EXPECT_EQ(config().defaults.stop_signal, "SIGUSR1");
    image_.defaults.stop_signal = "usr1";
    EXPECT_EQ(config().defaults.stop_signal, "usr1") << "the same, in its words";
    container_.request.spec.process.cwd = "/";
    EXPECT_EQ(config().defaults.working_dir, "/") << "the image has another";
    image_.defaults.working_dir = "";
    EXPECT_EQ(config().defaults.working_dir, "");
}

TEST_F(CommitConfig, GoesOnWithTheHistory) {
    const oci::ImageConfig one = config({.author = "Bob", .message = "why"});
    ASSERT_EQ(one.history.size(), 2U);
    EXPECT_EQ(one.history[1].created_by, "/init sh -c a b");
    EXPECT_EQ(one.history[1].author, "Bob");
    EXPECT_EQ(one.history[1].comment, "why");
    EXPECT_EQ(one.history[1].created, one.created);
    EXPECT_EQ(one.diff_ids.size(), 1U);
    EXPECT_EQ(one.author, "Bob");
    EXPECT_EQ(config().author, "Nina");
}

TEST_F(CommitConfig, OfOneLayerHasOneStep) {
    const oci::ImageConfig one = config({.squash = true});
    EXPECT_EQ(one.history.size(), 1U);
    EXPECT_EQ(one.diff_ids.size(), 0U);
}

TEST_F(CommitConfig, TakesChangesLast) {
    const oci::ImageDefaults defaults =
        config({.changes = {"ENTRYPOINT [\"/other\"]", "ENV MINE=2", "ONBUILD RUN make"}}).defaults;
    EXPECT_EQ(defaults.entrypoint, Words{"/other"});
    EXPECT_EQ(defaults.cmd, Words{}) << "it belongs to the entrypoint of before";
    EXPECT_EQ(defaults.env.back(), "MINE=2");
    EXPECT_EQ(defaults.on_build, Words{"RUN make"});
}

TEST_F(CommitConfig, HasMountPointsAsVolumesWhereThatIsWanted) {
    container_.record.mount_points = {"/data", "/more"};
    EXPECT_EQ(config({.include_volumes = true}).defaults.volumes, (Words{"/data", "/more"}));
    EXPECT_EQ(config().defaults.volumes, Words{"/data"});
}

TEST_F(CommitConfig, RefusesBadChanges) {
    const Result<oci::ImageConfig> made =
        commit_config(container_, image_, {.changes = {"FROM x"}});
    EXPECT_TRUE(test::fails_saying(made, "--change 'FROM x': "));
    EXPECT_EQ(made.error().kind(), Error::Kind::usage);
}

}  // namespace
}  // namespace sbx::container
