#include "sandbox/child_volume.h"

#include <optional>

#include <sys/file.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::sandbox {
namespace {

using test::succeeds;

class ChildVolume : public testing::Test {
protected:
    ChildVolume() { test::make_folder(folder_.at("data")); }

    Result<> fill(const std::function<Result<>()>& copy, const char* below = "/") {
        const os::Fd into = os::open_directory(folder_.fd(), "data").value();
        return fill_volume(
            {.from = folder_.at("data"), .below = os::InnerPath::clean(below), .to = {}}, into,
            copy);
    }
    Result<> put(const char* name) {
        test::make_file(folder_.at(std::string("data/") + name));
        return {};
    }
    // In a process that is killed in the middle of it.
    os::Process start_to_fill() {
        os::Process child = os::spawn(0, [&] {
                                (void)fill([&]() -> Result<> {
                                    (void)put("part");
                                    ::pause();
                                    return {};
                                });
                            }).value();
        EXPECT_TRUE(test::comes_true([&] { return test::exists(folder_.at("data/part")); }));
        return child;
    }
    bool is_locked() const {
        const os::Fd file(::open(folder_.at("filling").c_str(), O_RDWR | O_CLOEXEC));
        return ::flock(file.get(), LOCK_EX | LOCK_NB) != 0;
    }

    test::TempFolder folder_ = {};
};

TEST_F(ChildVolume, IsFilledOnce) {
    ASSERT_TRUE(succeeds(fill([&] { return put("a"); })));
    ASSERT_TRUE(succeeds(fill([&] { return put("b"); })));
    EXPECT_TRUE(test::exists(folder_.at("data/a")));
    EXPECT_FALSE(test::exists(folder_.at("data/b")));
    EXPECT_EQ(test::bytes_of(folder_.at("filling")), "");
}

TEST_F(ChildVolume, IsHeldByWhoFillsItAlone) {
    os::Process child = start_to_fill();
    EXPECT_TRUE(is_locked());
    ASSERT_TRUE(succeeds(child.signal(SIGKILL)));
    ASSERT_TRUE(succeeds(child.wait()));
    EXPECT_FALSE(is_locked());
}

TEST_F(ChildVolume, IsWaitedForUntilItIsWhole) {
    std::optional<os::Process> other;
    ASSERT_TRUE(succeeds(fill([&]() -> Result<> {
        other.emplace(os::spawn(0, [&] {
                          const bool filled = bool{fill([&] { return put("b"); })};
                          ::_exit(filled ? 0 : 1);
                      }).value());
        (void)put("a");
        return put("c");
    })));
    EXPECT_EQ(other.value().wait()->code, 0);
    EXPECT_FALSE(test::exists(folder_.at("data/b")));
}

TEST_F(ChildVolume, IsFilledAgainWhereThatWasCutOff) {
    os::Process child = start_to_fill();
    ASSERT_TRUE(succeeds(child.signal(SIGKILL)));
    ASSERT_TRUE(succeeds(child.wait()));
    ASSERT_TRUE(succeeds(fill([&] { return put("subpath"); }, "/x")));
    EXPECT_FALSE(test::exists(folder_.at("data/subpath"))) << "it is another folder that is a part";
    ASSERT_TRUE(succeeds(fill([&] { return put("a"); })));
    EXPECT_TRUE(test::exists(folder_.at("data/a")));
    ASSERT_TRUE(succeeds(fill([&] { return put("b"); })));
    EXPECT_FALSE(test::exists(folder_.at("data/b")));
}

TEST_F(ChildVolume, IsFilledAgainWhereThatFailed) {
    const auto fail = [&]() -> Result<> {
        (void)put("part");
        return Error(Error::Kind::failed, "disk full");
    };
    EXPECT_TRUE(test::fails_saying(fill(fail), "disk full"));
    ASSERT_TRUE(succeeds(fill([&] { return put("a"); })));
    EXPECT_TRUE(test::exists(folder_.at("data/a")));
}

}  // namespace
}  // namespace sbx::sandbox
