#include "container/give_volumes.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/container_test.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

uid_t owner_of(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_uid;
}

class GiveVolumes : public test::ContainerTest {
protected:
    // Of a container of that user that has the folder at /v.
    Result<Strings> give(const std::string& user, const Strings& targets) const {
        Options o = options("true");
        o.user = user;
        o.volumes = {folder_.path() + ":/v"};
        Life made = life(o);
        TRY(made.create());
        Result<Strings> notes = give_volumes(store_, *host_, made.id(), targets);
        TRY(remove_container(store_, made.blueprint().record, ids()));
        return notes;
    }

    test::TempFolder folder_;
};

TEST_F(GiveVolumes, GivesTheFilesToTheUserAndBack) {
    test::make_folder(folder_.at("sub"));
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);  // or its owner alone could look
    test::make_file(folder_.at("sub/file"), "x");
    ASSERT_TRUE(succeeds(give("7:8", {"/v"})));
    EXPECT_NE(owner_of(folder_.at("sub/file")), ::geteuid());
    EXPECT_NE(owner_of(folder_.path()), ::geteuid());
    ASSERT_TRUE(succeeds(give("0:0", {"/v"})));
    EXPECT_EQ(owner_of(folder_.at("sub/file")), ::geteuid());
    EXPECT_EQ(owner_of(folder_.path()), ::geteuid());
}

TEST_F(GiveVolumes, TellsOfWhatStaysWhoseItIs) {
    const test::TempFolder other;
    test::make_file(other.at("canary"), "mine");
    ASSERT_EQ(::link(other.at("canary").c_str(), folder_.at("hard").c_str()), 0);
    ASSERT_EQ(::symlink(other.at("canary").c_str(), folder_.at("soft").c_str()), 0);
    const Result<Strings> notes = give("7", {"/v"});
    ASSERT_TRUE(succeeds(give("0", {"/v"})));
    ASSERT_TRUE(succeeds(notes));
    EXPECT_EQ(*notes,
              Strings{"'hard' in '/v' has a further name elsewhere, and stays whose it is"});
    EXPECT_EQ(owner_of(other.at("canary")), ::geteuid());
}

TEST_F(GiveVolumes, FailsForUsersThatThereAreNot) {
    EXPECT_TRUE(fails_saying(give("nobody-knows", {"/v"}), "nobody-knows"));
    EXPECT_TRUE(succeeds(give("nobody-knows", {})));
}

TEST_F(GiveVolumes, AreThoseWithTheOption) {
    Options o;
    o.volumes = {"/a:/a:U", "/b:/b", "name:/c:nosuid,U"};
    o.mounts = {"type=volume,dst=/d,U=true", "type=bind,src=/e,dst=/e,chown=false"};
    EXPECT_EQ(targets_to_give(o).value(), (Strings{"/a", "/c", "/d"}));
    o.volumes = {"/a:/a:ro,U"};
    EXPECT_TRUE(fails_saying(targets_to_give(o), "'ro' and 'U' contradict each other"));
    o.volumes = {};
    o.mounts = {"type=tmpfs,dst=/t,U"};
    EXPECT_TRUE(fails_saying(targets_to_give(o), "U is for folders of the host and volumes"));
}

}  // namespace
}  // namespace sbx::container
