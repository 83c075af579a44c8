#include "sandbox/child_secrets.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::bytes_of;
using test::exists;
using test::fails_saying;
using test::make_file;
using test::make_folder;
using test::mode_of;
using test::succeeds;
using test::TempFolder;

os::Fd opened(const std::string& path) { return os::Fd(::open(path.c_str(), O_PATH | O_CLOEXEC)); }

// The folder of secrets is `folder`/run; every other place is the file `folder`/elsewhere.
Result<> make_in(const TempFolder& folder, std::vector<SecretFile> files) {
    const os::Fd where = opened(folder.at("run"));
    const auto elsewhere = [&](const os::InnerPath& /*to*/) -> Result<os::Fd> {
        return opened(folder.at("elsewhere"));
    };
    return make_secrets({.to = os::InnerPath::clean("/run/secrets"), .files = std::move(files)},
                        where, elsewhere);
}

SecretFile file_at(const std::string& path, mode_t mode = 0444) {
    return {.name = "db", .to = os::InnerPath::clean(path), .mode = mode, .value = "hunter2"};
}

TEST(ChildSecrets, AreFilesThatCanBeReadAndNotChanged) {
    const TempFolder folder;
    IN_NAMESPACES {
        make_folder(folder.at("run"));
        ASSERT_TRUE(succeeds(
            make_in(folder, {file_at("/run/secrets/db"), file_at("/run/secrets/own", 0400)})));
        EXPECT_EQ(bytes_of(folder.at("run/db")), "hunter2");
        EXPECT_EQ(mode_of(folder.at("run/db")), 0444U);
        EXPECT_EQ(mode_of(folder.at("run/own")), 0400U);
        EXPECT_EQ(::open(folder.at("run/db").c_str(), O_WRONLY | O_CLOEXEC), -1);
        EXPECT_EQ(errno, EROFS);
        EXPECT_EQ(::unlink(folder.at("run/db").c_str()), -1);
        EXPECT_EQ(errno, EROFS);
    };
}

TEST(ChildSecrets, CanBeElsewhere) {
    const TempFolder folder;
    IN_NAMESPACES {
        make_folder(folder.at("run"));
        make_file(folder.at("elsewhere"), "of the image");
        ASSERT_TRUE(succeeds(make_in(folder, {file_at("/etc/key"), file_at("/run/secrets/db")})));
        EXPECT_EQ(bytes_of(folder.at("elsewhere")), "hunter2");
        EXPECT_EQ(::open(folder.at("elsewhere").c_str(), O_WRONLY | O_CLOEXEC), -1);
        EXPECT_EQ(errno, EROFS);
        EXPECT_TRUE(exists(folder.at("run/db")));
        EXPECT_FALSE(exists(folder.at("run/.elsewhere"))) << "only where it belongs";
    };
}

TEST(ChildSecrets, OfUsersThatThereAreNotFail) {
    const TempFolder folder;
    IN_NAMESPACES {
        make_folder(folder.at("run"));
        SecretFile file = file_at("/run/secrets/db");
        file.uid = 4'000'000'000;
        EXPECT_TRUE(fails_saying(make_in(folder, {std::move(file)}),
                                 "secret 'db': give it to 4000000000:0"));
    };
}

}  // namespace
}  // namespace sbx::sandbox
