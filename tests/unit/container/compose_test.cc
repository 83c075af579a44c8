#include "container/compose.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"
#include "support/store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

store::Image image(oci::ImageDefaults defaults) {
    return {.id = oci::Digest::of("config"),
            .manifest = {.media_type = {}, .digest = oci::Digest::of("manifest"), .size = 0},
            .layers = {"AB", "CD"},
            .defaults = std::move(defaults)};
}

class Compose : public testing::Test {
protected:
    Result<Blueprint> try_compose(const Options& options, oci::ImageDefaults defaults = {}) {
        if (defaults.cmd.empty()) defaults.cmd = {"image-cmd"};
        const Surroundings surroundings{.environment = {"HOME=/home/u", "TERM=vt100"},
                                        .working_directory = "/work",
                                        .hostname = "machine",
                                        .no_network = no_network_,
                                        .no_journal = no_journal_,
                                        .uid = 1000,
                                        .gid = 100};
        return compose(options, image(std::move(defaults)), surroundings, store_);
    }

    Blueprint composed(const Options& options, oci::ImageDefaults defaults = {}) {
        Result<Blueprint> blueprint = try_compose(options, std::move(defaults));
        EXPECT_TRUE(succeeds(blueprint));
        return *std::move(blueprint);
    }

    Strings args(const Options& options, oci::ImageDefaults defaults = {}) {
        return composed(options, std::move(defaults)).request.spec.process.args;
    }

    test::TestStore store_;
    std::string no_network_;
    std::string no_journal_;
};

const oci::ImageDefaults kServer = {.entrypoint = {"/serve", "-x"}, .cmd = {"--port", "80"}};

TEST_F(Compose, LogsToAJournalThatIsThere) {
    EXPECT_TRUE(composed({.log_driver = "journald"}).log.in_journal());
    no_journal_ = "nothing listens at '/run'";
    const Result<Blueprint> refused = try_compose({.log_driver = "journald"});
    EXPECT_TRUE(fails_saying(refused, "--log-driver journald: nothing listens at '/run'"));
    EXPECT_NE(refused.error().hint().find("systemd-journald has to run"), std::string::npos);
    EXPECT_TRUE(succeeds(try_compose({})));
}

TEST_F(Compose, RunsTheImagesEntrypointWithItsCommand) {
    EXPECT_EQ(args({}, kServer), (Strings{"/serve", "-x", "--port", "80"}));
    EXPECT_EQ(args({}, {.cmd = {"sh"}}), Strings{"sh"});
}

TEST_F(Compose, TakesACommandInPlaceOfTheImages) {
    EXPECT_EQ(args({.command = {"--help"}}, kServer), (Strings{"/serve", "-x", "--help"}));
    EXPECT_EQ(args({.command = {"ls", "-l"}}, {.cmd = {"sh"}}), (Strings{"ls", "-l"}));
}

TEST_F(Compose, WithAnotherEntrypointDoesWithoutTheImagesCommand) {
    EXPECT_EQ(args({.entrypoint = "sh"}, kServer), Strings{"sh"});
    EXPECT_EQ(args({.entrypoint = "sh", .command = {"-l"}}, kServer), (Strings{"sh", "-l"}));
    EXPECT_EQ(args({.entrypoint = "a b"}, kServer), Strings{"a b"}) << "one word";
    EXPECT_EQ(args({.entrypoint = R"(["sh", "-c", "a b"])"}, kServer),
              (Strings{"sh", "-c", "a b"}));
    EXPECT_EQ(args({.entrypoint = "", .command = {"ls"}}, kServer), Strings{"ls"});
}

TEST_F(Compose, RemembersWhatOfTheCommandIsItsEntrypoint) {
    EXPECT_EQ(composed({}, kServer).entrypoint_words, 2U);
    EXPECT_EQ(composed({.command = {"ls"}}, {.cmd = {"sh"}}).entrypoint_words, 0U);
    EXPECT_EQ(composed({.entrypoint = "sh", .command = {"-l"}}, kServer).entrypoint_words, 1U);
}

TEST_F(Compose, NeedsACommand) {
    constexpr const char* kDropped =
        "no command given, and with --entrypoint the image's does not count";
    constexpr const char* kEmpty = "the command is an empty word";
    EXPECT_TRUE(fails_saying(compose({}, std::nullopt, {}, store_),
                             "no command given, and the image names none"));
    EXPECT_TRUE(fails_saying(try_compose({.entrypoint = ""}, kServer), kDropped));
    EXPECT_TRUE(fails_saying(try_compose({.entrypoint = "[]"}, kServer), kDropped));
    EXPECT_TRUE(fails_saying(try_compose({}, {.entrypoint = {""}}), kEmpty));
    EXPECT_TRUE(fails_saying(try_compose({.command = {""}}, {.cmd = {"sh"}}), kEmpty));
    EXPECT_TRUE(fails_saying(try_compose({.entrypoint = "[sh]"}, kServer), "--entrypoint: "));
    EXPECT_TRUE(fails_saying(try_compose({.entrypoint = "[1]"}, kServer), "--entrypoint: "));
}

TEST_F(Compose, BeginsTheEnvironmentWithTheImages) {
    const Blueprint blueprint = composed({.env = {"B=mine", "HOME"}, .hostname = "h"},
                                         {.env = {"PATH=/opt", "A=image", "B=image"}});
    EXPECT_EQ(
        blueprint.request.spec.process.env,
        (Strings{"PATH=/opt", "A=image", "B=mine", "container=sbx", "HOSTNAME=h", "HOME=/home/u"}));
}

TEST_F(Compose, SetsWhatProgramsExpect) {
    const auto env = [](const Blueprint& b) { return b.request.spec.process.env; };
    constexpr const char* kPath =
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    EXPECT_EQ(env(composed({.tty = true, .hostname = "h"})),
              (Strings{kPath, "container=sbx", "HOSTNAME=h", "TERM=xterm"}));
    EXPECT_EQ(env(composed({.env = {"A=1"}, .unset_env = {"PATH", "HOSTNAME"}, .hostname = "h"})),
              (Strings{"container=sbx", "A=1"}));
}

TEST_F(Compose, ReadsFilesOfVariablesBeforeSingleOnes) {
    const test::TempFolder folder;
    test::make_file(folder.at("env"), "A=file\nB=file\nTERM\n");
    const Blueprint blueprint = composed({.env = {"A=line"}, .env_files = {folder.at("env")}},
                                         {.env = {"PATH=/", "HOSTNAME=x", "container=y"}});
    EXPECT_EQ(blueprint.request.spec.process.env,
              (Strings{"PATH=/", "HOSTNAME=x", "container=y", "A=line", "B=file", "TERM=vt100"}));
}

TEST_F(Compose, WorksWhereTheImageSaysOrThePerson) {
    const auto cwd = [](const Blueprint& b) { return b.request.spec.process.cwd; };
    EXPECT_EQ(cwd(composed({})), "/");
    EXPECT_EQ(cwd(composed({}, {.working_dir = "/srv"})), "/srv");
    EXPECT_EQ(cwd(composed({}, {.working_dir = "srv/../../etc"})), "/etc") << "strangers' words";
    EXPECT_EQ(cwd(composed({.workdir = "/tmp"}, {.working_dir = "/srv"})), "/tmp");
    EXPECT_TRUE(fails_saying(try_compose({.workdir = "tmp"}), "--workdir tmp: an absolute path"));
}

TEST_F(Compose, RunsAsTheImagesUserOrThePersons) {
    EXPECT_EQ(composed({}, {.user = "www"}).request.identity.user, "www");
    EXPECT_EQ(composed({.user = "1:2"}, {.user = "www"}).request.identity.user, "1:2");
    const sandbox::Identity identity = composed({.groups = {"a", "keep-groups"}}).request.identity;
    EXPECT_EQ(identity.groups, Strings{"a"});
    EXPECT_TRUE(identity.keep_groups);
}

TEST_F(Compose, KeepsThePersonsIdWhereAsked) {
    const auto keep = [&](const std::string& mode, const std::string& user = "") {
        return composed({.user = user, .userns = mode}, {.user = "www"}).request;
    };
    EXPECT_EQ(keep("keep-id").identity.user, "1000:100");
    EXPECT_EQ(keep("keep-id:uid=7,gid=8").identity.user, "7:8");
    EXPECT_EQ(keep("keep-id:uid=7").identity.user, "7:100");
    EXPECT_EQ(keep("keep-id", "root").identity.user, "root");
    EXPECT_EQ(std::get<sandbox::KeepId>(keep("keep-id:uid=7").user_namespace).uid, 7U);
    EXPECT_EQ(keep("host").identity.user, "www");
    for (const char* mode : {"auto", "keep-id:", "keep-id:uid", "keep-id:uid=-1", "keep-id:x=1",
                             "keep-id:uid=4294967295"})
        EXPECT_TRUE(fails_saying(try_compose({.userns = mode}), "--userns")) << mode;
}

TEST_F(Compose, StopsWithTheImagesSignalOrThePersons) {
    EXPECT_EQ(composed({}).stop_signal, SIGTERM);
    EXPECT_EQ(composed({}, {.stop_signal = "SIGQUIT"}).stop_signal, SIGQUIT);
    EXPECT_EQ(composed({.stop_signal = "INT"}, {.stop_signal = "SIGQUIT"}).stop_signal, SIGINT);
    EXPECT_TRUE(fails_saying(try_compose({.stop_signal = "SIGX"}), "--stop-signal: "));
    EXPECT_TRUE(fails_saying(try_compose({}, {.stop_signal = "SIGX"}), "the image's StopSignal: "));
}

TEST_F(Compose, IsKilledTenSecondsLaterOrWhenThePersonSays) {
    EXPECT_EQ(composed({}).stop_timeout, 10);
    EXPECT_EQ(composed({.stop_timeout = "0"}).stop_timeout, 0);
    EXPECT_EQ(composed({.stop_timeout = "-1"}).stop_timeout, -1);
    for (const char* text : {"soon", "-2", "1.5", "99999999999"})
        EXPECT_TRUE(fails_saying(try_compose({.stop_timeout = text}), "--stop-timeout: ")) << text;
}

TEST_F(Compose, HasTheImagesLabelsAndThePersons) {
    EXPECT_EQ(
        composed({.labels = {"a=1", "c"}}, {.labels = {{"a", "0"}, {"b", "2"}}}).record.labels,
        (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}, {"c", ""}}));
}

TEST_F(Compose, NamesTheContainer) {
    const Blueprint blueprint = composed({.name = "box"});
    EXPECT_EQ(blueprint.record.name, "box");
    EXPECT_EQ(blueprint.record.id.size(), 64U);
    EXPECT_EQ(blueprint.request.spec.hostname, blueprint.record.id.substr(0, 12));
    EXPECT_FALSE(composed({}).record.name.empty());
    EXPECT_EQ(composed({.hostname = "h"}).request.spec.hostname, "h");
    for (const char* name : {"a b", "../x", "-x", "x\n1.2.3.4 bank"})
        EXPECT_TRUE(fails_saying(try_compose({.name = name}), "is not a name for a container"));
}

bool has(const Blueprint& blueprint, std::string_view type) {
    return blueprint.request.spec.find_namespace(type) != nullptr;
}

TEST_F(Compose, HasNamespacesOfItsOwnUnlessAskedForTheHosts) {
    const Blueprint own = composed({});
    for (const char* type : {"user", "mount", "network", "pid", "ipc", "uts", "cgroup"})
        EXPECT_TRUE(has(own, type)) << type;
    const Blueprint host = composed(
        {.network = "host", .pid = "host", .ipc = "host", .uts = "host", .cgroupns = "host"});
    for (const char* type : {"network", "pid", "ipc", "uts", "cgroup"})
        EXPECT_FALSE(has(host, type)) << type;
    EXPECT_TRUE(has(host, "user"));
    EXPECT_EQ(host.request.spec.hostname, "") << "it would be set for the host";
}

TEST_F(Compose, HasTheHostsNameOnTheHostsNetworkUnlessTold) {
    const auto name = [&](const Options& options) { return composed(options).files.hostname; };
    EXPECT_EQ(name({.network = "host"}), "machine\n");
    EXPECT_EQ(composed({.network = "host"}).request.spec.hostname, "machine");
    EXPECT_EQ(name({.uts = "host"}), "machine\n");
    EXPECT_EQ(name({.hostname = "h", .network = "host"}), "h\n");
    EXPECT_NE(name({.network = "host", .uts = "private"}), "machine\n");
    EXPECT_NE(name({}), "machine\n");
}

TEST_F(Compose, ConnectsANetworkOfItsOwnUnlessAskedNotTo) {
    EXPECT_EQ(composed({}).slirp, network::Settings());
    EXPECT_EQ(composed({.network = "slirp:mtu=1500"}).slirp, network::Settings{.mtu = 1500});
    EXPECT_EQ(composed({.network = "pasta:-4"}).pasta, network::PastaOptions{.words = {"-4"}});
    EXPECT_FALSE(composed({.network = "pasta"}).slirp);
    EXPECT_TRUE(
        fails_saying(try_compose({.network = "pasta", .egress = {.allow = {"example.org"}}}),
                     "--network pasta does without it"));
    EXPECT_FALSE(composed({.network = "none"}).slirp);
    EXPECT_FALSE(composed({.network = "host"}).slirp);
}

TEST_F(Compose, DoesWithoutANetworkThatNobodyAskedFor) {
    no_network_ = "open '/dev/net/tun': No such device";
    const Blueprint blueprint = composed({});
    EXPECT_FALSE(blueprint.slirp);
    EXPECT_TRUE(has(blueprint, "network"));
    EXPECT_EQ(blueprint.warnings,
              Strings{"no network but the loopback: open '/dev/net/tun': No such device"});
    EXPECT_TRUE(composed({.network = "none"}).warnings.empty());
    EXPECT_TRUE(fails_saying(try_compose({.network = "slirp"}),
                             "--network slirp: open '/dev/net/tun': No such device"));
}

TEST_F(Compose, SharesNetworksThatAreThere) {
    const store::Networks networks = store::Networks::open(store_).value();
    ASSERT_TRUE(succeeds(
        networks.create({.id = std::string(64, 'a'),
                         .name = "app",
                         .subnets = {{.subnet = "10.89.0.0/24", .gateway = "10.89.0.1"}}})));
    const Blueprint blueprint = composed({.networks = {"app:ip=10.89.0.5"}});
    EXPECT_TRUE(blueprint.shares);
    EXPECT_FALSE(blueprint.slirp);
    EXPECT_EQ(
        blueprint.attachments,
        (std::vector<Attachment>{{.network = "app", .interface = "eth0", .v4 = "10.89.0.5"}}));
    EXPECT_EQ(blueprint.record.networks, Strings{"app"});
    EXPECT_EQ(composed({.networks = {"aaaa"}}).record.networks, Strings{"app"}) << "by its id";
    EXPECT_TRUE(fails_saying(try_compose({.networks = {"none"}}), "there is no network 'none'"));
    EXPECT_TRUE(fails_saying(try_compose({.networks = {"app:ip=10.9.0.5"}}), "has no address"));
    EXPECT_TRUE(
        fails_saying(try_compose({.attachment = {.aliases = {"x"}}}), "are for networks by name"));
    const Blueprint judged =
        composed({.networks = {"app"}, .egress = {.allow = {"example.org"}, .log = "log"}});
    EXPECT_EQ(judged.egress->rules.allowed[0].name, "example.org");
    EXPECT_TRUE(fails_saying(
        try_compose({.networks = {"app"}, .egress = {.deny = {"a.example"}}, .dns = {"192.0.2.1"}}),
        "own name server alone"));
    no_network_ = "open '/dev/net/tun': No such device";
    EXPECT_TRUE(fails_saying(try_compose({.networks = {"app"}}), no_network_));
}

TEST_F(Compose, RefusesNamespacesThereAreNot) {
    EXPECT_TRUE(
        fails_saying(try_compose({.network = "mine"}), "--network mine: there is no such network"));
    EXPECT_TRUE(fails_saying(try_compose({.pid = "container:x"}),
                             "--pid container:x: there is no container 'x'"));
    EXPECT_TRUE(
        fails_saying(try_compose({.ipc = "none"}), "--ipc none: private, host, container:NAME or"));
    EXPECT_TRUE(fails_saying(try_compose({.hostname = "h", .uts = "host"}), "--hostname h: "));
}

TEST_F(Compose, TakesTimesAndNumbers) {
    EXPECT_EQ(composed({.timeout = "90"}).timeout, std::chrono::seconds(90));
    EXPECT_FALSE(composed({.timeout = "0"}).timeout);
    EXPECT_EQ(composed({.oom_score_adj = "-500"}).request.spec.process.oom_score_adj, -500);
    EXPECT_EQ(composed({.umask = "077"}).request.spec.process.user.umask, 077U);
    EXPECT_TRUE(fails_saying(try_compose({.timeout = "soon"}), "--timeout: "));
    EXPECT_TRUE(fails_saying(try_compose({.oom_score_adj = "1001"}), "--oom-score-adj: "));
}

TEST_F(Compose, KnowsItsImage) {
    const Blueprint kept = composed({}, {.ignored = {"an entry means nothing"}});
    EXPECT_EQ(kept.record.image_id, oci::Digest::of("config").text());
    EXPECT_EQ(kept.request.image->layers, (Strings{"AB", "CD"}));
    EXPECT_TRUE(kept.request.image->lasting);
    EXPECT_FALSE(composed({.remove = true}).request.image->lasting);
    EXPECT_EQ(kept.warnings, Strings{"an entry means nothing"});
}

TEST_F(Compose, CanDoWithoutAnImage) {
    const auto blueprint =
        compose({.rootfs = "/srv/root", .command = {"sh"}}, std::nullopt, {}, store_);
    ASSERT_TRUE(succeeds(blueprint));
    EXPECT_EQ(blueprint->request.spec.root_path, "/srv/root");
    EXPECT_FALSE(blueprint->request.image);
    EXPECT_TRUE(blueprint->record.image_id.empty());
}

TEST_F(Compose, HandsOnWhatSecurityDecides) {
    const Blueprint blueprint =
        composed({.cap_drop = {"ALL"}, .security = {"no-new-privileges", "seccomp=unconfined"}});
    EXPECT_TRUE(blueprint.request.spec.process.capabilities.bounding.empty());
    EXPECT_TRUE(blueprint.request.spec.process.no_new_privileges);
    EXPECT_TRUE(std::holds_alternative<sandbox::Unconfined>(blueprint.request.seccomp));
    EXPECT_FALSE(blueprint.request.spec.masked_paths.empty());
}

}  // namespace
}  // namespace sbx::container
