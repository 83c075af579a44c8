#include "image/changes.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::image {
namespace {

using Words = std::vector<std::string>;

oci::ImageDefaults changed(const std::vector<std::string>& changes) {
    oci::ImageDefaults defaults;
    EXPECT_TRUE(test::succeeds(apply_changes(changes, defaults)));
    return defaults;
}

TEST(Changes, CommandsAreListsOrLinesForTheShell) {
    EXPECT_EQ(changed({R"(CMD ["a b","c"])"}).cmd, (Words{"a b", "c"}));
    EXPECT_EQ(changed({"CMD echo  a b"}).cmd, (Words{"/bin/sh", "-c", "echo  a b"}));
    EXPECT_EQ(changed({"entrypoint\t[\"/init\"]"}).entrypoint, Words{"/init"});
    EXPECT_EQ(changed({"CMD [\"a\"]", "CMD []"}).cmd, Words{}) << "the last one holds";
}

TEST(Changes, VariablesAreSetAsInADockerfile) {
    EXPECT_EQ(changed({"ENV A=1"}).env, Words{"A=1"});
    EXPECT_EQ(changed({"ENV A=1 B=\"x y\" C='$d \"'  D=e\\ f\tE="}).env,
              (Words{"A=1", "B=x y", "C=$d \"", "D=e f", "E="}));
    EXPECT_EQ(changed({"ENV A some = words"}).env, Words{"A=some = words"}) << "the older form";
    EXPECT_EQ(changed({"ENV A=1", "ENV AB=2", "ENV A=3"}).env, (Words{"AB=2", "A=3"}));
}

TEST(Changes, VariablesStandForWhatIsSetByThen) {
    const oci::ImageDefaults d =
        changed({"ENV DIR=/srv P=/bin", "ENV P=/x:$P Q=$P", "WORKDIR ${DIR}/a", "USER $NOBODY:1",
                 "LABEL at=\"$DIR\" as='$DIR'", "VOLUME $DIR /v", "EXPOSE ${PORT:-80}",
                 "CMD echo $DIR", "ENV DIR=/other"});
    EXPECT_EQ(d.env, (Words{"P=/x:/bin", "Q=/bin", "DIR=/other"}));
    EXPECT_EQ(d.working_dir, "/srv/a");
    EXPECT_EQ(d.user, ":1");
    EXPECT_EQ(d.labels, (std::map<std::string, std::string>{{"at", "/srv"}, {"as", "$DIR"}}));
    EXPECT_EQ(d.volumes, (Words{"/srv", "/v"}));
    EXPECT_EQ(d.exposed_ports, Words{"80/tcp"});
    EXPECT_EQ(d.cmd, (Words{"/bin/sh", "-c", "echo $DIR"}));
}

TEST(Changes, LabelsMayHaveBlanksAndEqualSigns) {
    using Labels = std::map<std::string, std::string>;
    EXPECT_EQ(changed({"LABEL a=b=c \"d e\"=f", "LABEL g h i"}).labels,
              (Labels{{"a", "b=c"}, {"d e", "f"}, {"g", "h i"}}));
    EXPECT_EQ(changed({"LABEL a=1", "LABEL a=2"}).labels, (Labels{{"a", "2"}}));
}

TEST(Changes, MayHaveAnEqualSignBehindTheInstruction) {
    EXPECT_EQ(changed({"CMD=sh"}).cmd, (Words{"/bin/sh", "-c", "sh"}));
    EXPECT_EQ(changed({"ENV=A=1"}).env, Words{"A=1"});
}

TEST(Changes, PortsHaveAProtocol) {
    EXPECT_EQ(changed({"EXPOSE 80 53/udp 8000-8010 9/TCP"}).exposed_ports,
              (Words{"80/tcp", "53/udp", "8000-8010/tcp", "9/tcp"}));
}

TEST(Changes, TheRestIsTakenAsItStands) {
    const oci::ImageDefaults defaults =
        changed({"USER bob:staff", "WORKDIR /srv", "WORKDIR a b", "STOPSIGNAL SIGINT",
                 R"(VOLUME ["/a b"])", "  VOLUME /c /d  "});
    EXPECT_EQ(defaults.user, "bob:staff");
    EXPECT_EQ(defaults.working_dir, "/srv/a b") << "from the one before";
    EXPECT_EQ(defaults.stop_signal, "SIGINT");
    EXPECT_EQ(defaults.volumes, (Words{"/a b", "/c", "/d"}));
}

TEST(Changes, TriggersAreKeptForLater) {
    EXPECT_EQ(changed({"ONBUILD RUN make", "onbuild\tCOPY . /src"}).on_build,
              (Words{"RUN make", "COPY . /src"}));
}

TEST(Changes, AnEntrypointTakesTheCommandOfBeforeAway) {
    oci::ImageDefaults defaults{.entrypoint = {"old"}, .cmd = {"its", "words"}};
    ASSERT_TRUE(test::succeeds(apply_changes({"ENTRYPOINT [\"new\"]"}, defaults)));
    EXPECT_EQ(defaults.cmd, Words{});
    ASSERT_TRUE(test::succeeds(apply_changes({"CMD [\"a\"]", "ENTRYPOINT [\"b\"]"}, defaults)));
    EXPECT_EQ(defaults.cmd, Words{"a"});
}

TEST(Changes, BadWordsAreNamed) {
    const std::pair<const char*, const char*> bad[] = {
        {"", "--change '': its value is missing"},
        {"ENV", "--change 'ENV': its value is missing"},
        {"ENV A", "NAME=VALUE belongs there"},
        {"ENV =b", "NAME=VALUE belongs there"},
        {"ENV A=1 B", "NAME=VALUE belongs there"},
        {"LABEL a=\"b", "a quote is not closed"},
        {"CMD [\"a\", b]", "--change 'CMD [\"a\", b]': "},
        {"CMD [1]", "'words' is [1]"},
        {"STOPSIGNAL NO", "--change 'STOPSIGNAL NO': "},
        {"ONBUILD", "its value is missing"},
        {"ONBUILD FROM x", "ONBUILD takes no such instruction"},
        {"ONBUILD onbuild RUN make", "ONBUILD takes no such instruction"},
        {"RUN make", "the instruction is none of CMD, ENTRYPOINT, ENV"},
        {"ENV\x1b[2J=1 x", "--change 'ENV\\x1b[2J=1 x': "},
    };
    for (const auto& [change, words] : bad) {
        oci::ImageDefaults defaults;
        EXPECT_TRUE(test::fails_saying(apply_changes({change}, defaults), words)) << change;
    }
}

TEST(Changes, PortsAreNumbers) {
    for (const char* port :
         {"http", "0", "65536", "80/x", "80/", "-1", "20-10", "1-", "80/tcp/x"}) {
        oci::ImageDefaults defaults;
        EXPECT_TRUE(test::fails_saying(apply_changes({std::string("EXPOSE ") + port}, defaults),
                                       "PORT or PORT/PROTOCOL belongs there"))
            << port;
    }
}

}  // namespace
}  // namespace sbx::image
