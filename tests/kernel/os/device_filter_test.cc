#include "os/device_filter.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <linux/sched.h>

#include <gtest/gtest.h>

#include "os/mount.h"
#include "os/process.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::succeeds;

constexpr DeviceRule kNull{.allow = true,
                           .kind = DeviceRule::Kind::character,
                           .major = 1,
                           .minor = 3,
                           .access = BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE};

// Tests that only root of the machine can do are run by the suite kernel-root alone.
class DeviceFilterOfRealRoot : public testing::Test {
protected:
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "only root may";
        const Result<Fd> mount = new_mount("cgroup2", {});
        ASSERT_TRUE(succeeds(mount));
        const std::string name = fmt::format("sbx-test-{}", ::getpid());
        top_ = Fd(::openat(mount->get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        ASSERT_EQ(::mkdirat(top_.get(), name.c_str(), 0755), 0);
        name_ = name;
        cgroup_ = Fd(::openat(top_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }

    void TearDown() override {
        if (name_.empty()) return;
        EXPECT_EQ(::unlinkat(top_.get(), name_.c_str(), AT_REMOVEDIR), 0);
    }

    // Whether a process in the cgroup can open a device for reading.
    int status_of_opening(const char* device) const {
        Result<Process> child = spawn(0, [&] {
            const Fd procs(::openat(cgroup_.get(), "cgroup.procs", O_WRONLY | O_CLOEXEC));
            if (::write(procs.get(), "0", 1) != 1) ::_exit(100);
            const Fd opened(::open(device, O_RDONLY | O_CLOEXEC));
            ::_exit(opened ? 0 : errno);
        });
        EXPECT_TRUE(succeeds(child));
        return child->wait().value_or(ExitStatus{.code = 101}).code;
    }

    Fd top_;
    Fd cgroup_;
    std::string name_;
};

TEST_F(DeviceFilterOfRealRoot, IsAskedByTheKernel) {
    EXPECT_EQ(status_of_opening("/dev/null"), 0);
    ASSERT_TRUE(succeeds(attach_device_filter(cgroup_, device_filter({}))));
    EXPECT_EQ(status_of_opening("/dev/null"), EPERM);
}

TEST_F(DeviceFilterOfRealRoot, TakesThePlaceOfTheOneBefore) {
    ASSERT_TRUE(succeeds(attach_device_filter(cgroup_, device_filter({}))));
    ASSERT_TRUE(succeeds(attach_device_filter(cgroup_, device_filter(std::vector{kNull}))));
    EXPECT_EQ(status_of_opening("/dev/null"), 0);
    EXPECT_EQ(status_of_opening("/dev/zero"), EPERM);
}

TEST(DeviceFilterOfNobody, IsRefused) {
    if (::geteuid() == 0) return;  // root's are tested above
    const test::TempFolder folder;
    EXPECT_FALSE(attach_device_filter(folder.fd(), device_filter({})));
}

}  // namespace
}  // namespace sbx::os
