#include "oci/mounts.h"

#include <gtest/gtest.h>

#include "oci/members.h"
#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

template <class T>
Result<T> read(std::string_view text) {
    return read_document<T>(TRY(Json::parse(text)));
}

TEST(SpecMounts, AreTheJsonOfTheSpecification) {
    const std::string_view text =
        R"({"destination":"/m","type":"bind","source":"/s","options":["ro"],)"
        R"("uidMappings":[{"containerID":1,"hostID":2,"size":3}],)"
        R"("gidMappings":[{"containerID":4,"hostID":5,"size":6}]})";
    const Result<Mount> mount = read<Mount>(text);
    ASSERT_TRUE(succeeds(mount));
    EXPECT_EQ(mount->gid_mappings[0], (IdMapping{.container_id = 4, .host_id = 5, .size = 6}));
    EXPECT_EQ(write_document(*mount).dump(), text);
}

TEST(SpecMounts, MayHaveARelativeDestination) {
    EXPECT_TRUE(succeeds(read<Mount>(R"({"destination":"proc"})")));
}

TEST(SpecMounts, AreRefusedWithTheirPath) {
    EXPECT_TRUE(fails_saying(read<Mount>("{}"), "destination: is missing"));
    EXPECT_TRUE(fails_saying(read<Mount>(R"({"destination":""})"), "destination: \"\" is no path"));
    EXPECT_TRUE(fails_saying(read<Mount>(R"({"destination":"/","options":"ro"})"),
                             "options: \"ro\" is not an array"));
    EXPECT_TRUE(fails_saying(
        read<Mount>(R"({"destination":"/","uidMappings":[{"containerID":0,"hostID":0,"size":1}]})"),
        "uidMappings: "));
    EXPECT_TRUE(fails_saying(read<Mount>(R"({"destination":"/","gidMappings":[{}]})"),
                             "gidMappings[0].containerID: is missing"));
}

TEST(SpecMappings, AreRefusedWhereAnIdIsNobodys) {
    EXPECT_TRUE(fails_saying(read<IdMapping>(R"({"containerID":0,"hostID":4294967295,"size":1})"),
                             "hostID: "));
    EXPECT_TRUE(fails_saying(read<IdMapping>(R"({"containerID":0,"hostID":0,"size":4294967296})"),
                             "size: "));
}

TEST(SpecDevices, AreNodesOfTheSpecification) {
    const std::string_view text =
        R"({"path":"/dev/fuse","type":"c","major":10,"minor":229,"fileMode":0,"uid":0,"gid":5})";
    const Result<Device> device = read<Device>(text);
    ASSERT_TRUE(succeeds(device));
    EXPECT_EQ(device->file_mode, 0);
    EXPECT_EQ(device->gid, 5);
    EXPECT_EQ(write_document(*device).dump(), text);
}

TEST(SpecDevices, OfSbxsRecordsNameAFileOfTheHost) {
    const Result<Device> device = read<Device>(R"({"path":"/dev/a","source":"/dev/b"})");
    ASSERT_TRUE(succeeds(device));
    EXPECT_EQ(*device, (Device{.path = "/dev/a", .source = "/dev/b"}));
}

TEST(SpecDevices, AreRefusedWithTheirPath) {
    const auto fails = [](std::string_view text, std::string_view why) {
        return fails_saying(read<Device>(text), why);
    };
    EXPECT_TRUE(fails(R"({"type":"c"})", "path: is missing"));
    EXPECT_TRUE(fails(R"({"path":"dev/a","type":"p"})", "path: \"dev/a\" is not an absolute path"));
    EXPECT_TRUE(fails(R"({"path":"/dev/a"})", "type: is missing"));
    EXPECT_TRUE(fails(R"({"path":"/dev/a","type":"x"})", "type: 'x' is none of b, c, u, p"));
    EXPECT_TRUE(fails(R"({"path":"/dev/a","type":"c","major":1})", "minor: is missing"));
    EXPECT_TRUE(fails(R"({"path":"/dev/a","type":"c","major":-1,"minor":0})", "major: -1 is not"));
    EXPECT_TRUE(fails(R"({"path":"/dev/a","type":"c","major":4096,"minor":0})", "major: 4096 is"));
    EXPECT_TRUE(fails(R"({"path":"/dev/a","type":"c","major":1,"minor":1048576})", "minor: "));
    EXPECT_TRUE(fails(R"({"path":"/dev/a","type":"p","uid":-1})", "uid: -1 is not a number"));
}

}  // namespace
}  // namespace sbx::oci
