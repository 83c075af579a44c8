#include "sandbox/child_devices.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/canary.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;

class DeviceNodes : public testing::Test {
protected:
    os::Fd folder() const {
        return os::Fd(::open(scratch_.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    std::string at(const std::string& name) const { return scratch_.path() + "/" + name; }

    test::Scratch scratch_;
};

constexpr DeviceNode kFifo{.kind = S_IFIFO, .mode = 0622};

TEST_F(DeviceNodes, HaveTheModeThatIsAskedForWhateverTheUmask) {
    const DeviceNode mine{.kind = S_IFIFO, .mode = 0622, .uid = ::geteuid(), .gid = ::getegid()};
    const mode_t before = ::umask(077);
    ASSERT_TRUE(succeeds(make_node(folder(), "fifo", mine)));
    EXPECT_EQ(::umask(before), 077U) << "and the umask stays";
    EXPECT_EQ(test::status(at("fifo")).st_mode, S_IFIFO | 0622U);
}

TEST_F(DeviceNodes, StayWhereTheyAreAlready) {
    const DeviceNode null{.kind = S_IFCHR, .major = 1, .minor = 3};
    const os::Fd dev(::open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC));
    EXPECT_TRUE(succeeds(make_node(dev, "null", null)));
    EXPECT_TRUE(fails_saying(make_node(dev, "null", {.kind = S_IFCHR, .major = 1, .minor = 5}),
                             "'null' is there and is another file"));
}

TEST_F(DeviceNodes, AreNoneWhereAFileOrALinkIs) {
    test::make_file(at("file"), "x");
    test::make_link(at("link"), "/dev/null");
    const DeviceNode null{.kind = S_IFCHR, .major = 1, .minor = 3};
    for (const char* name : {"file", "link"}) {
        EXPECT_TRUE(fails_saying(make_node(folder(), name, null), "is another file")) << name;
        EXPECT_TRUE(make_node(folder(), name, kFifo).failed_as(Error::Kind::exists)) << name;
    }
}

TEST_F(DeviceNodes, AreRootsToMake) {
    const DeviceNode null{.kind = S_IFCHR, .major = 1, .minor = 3, .mode = 0640, .gid = 7};
    const Result<> made = make_node(folder(), "null", null);
    if (::geteuid() != 0) {
        EXPECT_TRUE(fails_saying(made, "make device 'null': Operation not permitted"));
        EXPECT_FALSE(made.error().hint().empty());
        return;
    }
    ASSERT_TRUE(succeeds(made));
    EXPECT_EQ(test::status(at("null")).st_rdev, ::makedev(1, 3));
    EXPECT_EQ(test::status(at("null")).st_mode, S_IFCHR | 0640U);
    EXPECT_EQ(test::status(at("null")).st_gid, 7U);
}

}  // namespace
}  // namespace sbx::sandbox
