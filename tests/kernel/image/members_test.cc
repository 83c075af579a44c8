#include "image/members.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;
using test::tar_file;
using test::tar_symlink;

class MembersTest : public testing::Test {
protected:
    Result<Members> extract(const std::string& archive) const {
        return Members::extract(test::open_with(folder_, archive), staging_.directory(),
                                *workshop_);
    }
    // "NAME=CONTENT" of each, or the words of the failure.
    std::string content(const std::string& archive, const std::vector<std::string>& names) const {
        const Result<Members> members = extract(archive);
        if (!members) return members.error().text();
        std::string text;
        for (const std::string& name : names)
            text += name + "=" + members->read(name, 100).value_or("none") + " ";
        return text;
    }

    test::TempFolder folder_;
    test::TestWorkshop workshop_;
    store::Staging staging_ = workshop_.store()->stage().value();
};

TEST(MemberName, MeansWhatTarMeans) {
    EXPECT_EQ(plain_member_name("a/../b/./c//d/").value_or("none"), "b/c/d");
    EXPECT_EQ(plain_member_name("/etc/passwd").value_or("none"), "etc/passwd");
    for (const char* name : {"", "/", ".", "..", "../a", "a/../../b", "a/.."})
        EXPECT_FALSE(plain_member_name(name)) << name;
}

TEST_F(MembersTest, AreReadByName) {
    const std::string tar = tar_file("manifest.json", "[]") + test::tar_folder("d") +
                            tar_file("./d/layer.tar", "layer") + tar_file("empty", "");
    EXPECT_EQ(content(tar, {"manifest.json", "d/layer.tar", "empty", "d", "no"}),
              "manifest.json=[] d/layer.tar=layer empty= d=none no=none ");
}

TEST_F(MembersTest, AreNotWaitedForWhenTheirReaderIsKilled) {
    struct rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
    const os::Fd archive = test::open_with(folder_, tar_file("a", "1"));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);  // whoever writes a file gets SIGXFSZ
    const Result<Members> members = Members::extract(archive, staging_.directory(), *workshop_);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_TRUE(fails_saying(members, "the process that reads it was killed"));
}

TEST_F(MembersTest, OfCompressedArchivesAreReadLikewise) {
    EXPECT_EQ(content(test::gzip_stored(tar_file("a", "1")), {"a"}), "a=1 ");
    const store::Staging second = workshop_.store()->stage().value();
    const Result<Members> members =
        Members::extract(test::open_with(folder_, test::zstd_stored(tar_file("a", "2"))),
                         second.directory(), *workshop_);
    ASSERT_TRUE(succeeds(members));
    EXPECT_EQ(members->read("a", 100).value(), "2");
}

TEST_F(MembersTest, AreTheLastOfSeveralOfAName) {
    EXPECT_EQ(content(tar_file("a", "1") + tar_file("./a", "2"), {"a"}), "a=2 ");
}

// docker save of old has them: a layer that an image shares with one before.
TEST_F(MembersTest, MayBeLinksInTheArchive) {
    EXPECT_EQ(
        content(tar_file("a/layer.tar", "layer") + tar_symlink("b/layer.tar", "../a/layer.tar") +
                    tar_symlink("c/layer.tar", "../b/layer.tar") +
                    test::tar_hard_link("d", "a/layer.tar"),
                {"b/layer.tar", "c/layer.tar", "d"}),
        "b/layer.tar=layer c/layer.tar=layer d=layer ");
}

TEST_F(MembersTest, LinksLeadNowhereElse) {
    test::make_file(folder_.at("secret"), "secret");
    EXPECT_EQ(content(tar_symlink("out", folder_.at("secret")) +
                          tar_symlink("up", "../../../../../../.." + folder_.at("secret")) +
                          tar_symlink("loop", "loop") + tar_symlink("dangling", "none") +
                          tar_symlink("number", "1") + tar_symlink("table", "members.json"),
                      {"out", "up", "loop", "dangling", "number", "table", "members.json", "1",
                       "../" + staging_.name() + "/members.json"}),
              "out=none up=none loop=none dangling=none number=none table=none "
              "members.json=none 1=none ../" +
                  staging_.name() + "/members.json=none ");
}

TEST_F(MembersTest, OfPathsThatLeadOutAreLeftOut) {
    EXPECT_EQ(content(tar_file("../evil", "x") + tar_file("a/../../evil", "x") +
                          tar_file("/abs", "y") + tar_file("good", "z"),
                      {"../evil", "evil", "abs", "good"}),
              "../evil=none evil=none abs=y good=z ");
    EXPECT_FALSE(test::exists(workshop_.store().at("tmp/evil")));
}

TEST_F(MembersTest, MayHaveAnyName) {
    const std::string odd = "\xff\xfe\x1b[2J";
    EXPECT_EQ(content(tar_file(odd, "x") + tar_file("b", "y"), {"b"}), "b=y ");
}

TEST_F(MembersTest, AreReadUpToALimit) {
    const Result<Members> members = extract(tar_file("a", std::string(101, 'x')));
    ASSERT_TRUE(succeeds(members));
    EXPECT_TRUE(succeeds(members->read("a", 101)));
    EXPECT_TRUE(fails_saying(members->read("a", 100), "a"));
    EXPECT_TRUE(fails_saying(members->read("b\x1b", 100), "the archive has no file 'b\\x1b'"));
}

TEST_F(MembersTest, OfWhatIsNoArchiveAreRefused) {
    for (const std::string& bad :
         {std::string(2000, 'x'), tar_file("a", std::string(2000, 'x')).substr(0, 1000),
          "\x1f\x8b" + std::string(100, 'x'), std::string("\xfd\x37zXZ\0", 6) + "xz"})
        EXPECT_FALSE(extract(bad)) << bad.substr(0, 20);
}

// A hole costs nothing to make, and would be hashed for years.
TEST_F(MembersTest, MayNotBeHolesWithoutEnd) {
    const std::string tar = test::tar_pax({{"GNU.sparse.major", "1"},
                                           {"GNU.sparse.minor", "0"},
                                           {"GNU.sparse.name", "hole"},
                                           {"GNU.sparse.realsize", "4611686018427387904"}}) +
                            tar_file("GNUSparseFile.0/hole", "0\n" + std::string(510, '\0'));
    EXPECT_TRUE(fails_saying(extract(tar), "it is larger than"));
}

TEST_F(MembersTest, MayBeMany) {
    std::string tar;
    for (int i = 0; i < 20000; ++i)
        tar += tar_file(fmt::format("{}", i), "");
    const Result<Members> members = extract(tar);
    ASSERT_TRUE(succeeds(members));
    EXPECT_TRUE(members->has("0"));
    EXPECT_TRUE(members->has("19999"));
}

}  // namespace
}  // namespace sbx::image
