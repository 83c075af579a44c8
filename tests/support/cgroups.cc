#include "support/cgroups.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "oci/default_spec.h"
#include "runtime/remove.h"
#include "sandbox/assumed_host.h"

namespace sbx::test {

void with_cgroups(const Body& body) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root may";
    in_own_process([&] {
        ASSERT_EQ(::unshare(CLONE_NEWNS), 0);
        ASSERT_EQ(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
        ASSERT_EQ(::mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, nullptr), 0) << errno;
        body();
    });
}

Box::Box() : states_(*runtime::States::open(folder_.at("states"))) {
    spec_ = oci::default_spec();
    spec_.process.args = {"/bin/sleep", "60"};
    spec_.process.terminal = false;
    spec_.root_path = "/";
    spec_.mounts.clear();
    spec_.masked_paths.clear();
    spec_.read_only_paths.clear();
    spec_.cgroups_path = fmt::format("/sbx-test-{}", ::getpid());
    creation = {.id = "box", .bundle = folder_.path()};
}

Box::~Box() { EXPECT_TRUE(runtime::remove(states_, "box", runtime::Force::yes)); }

Result<> Box::create() {
    make_file(folder_.at("config.json"), spec_.to_json().dump());
    const runtime::Warnings warnings =
        TRY(runtime::create(states_, creation, sandbox::assumed_host()));
    for (const std::string& warning : warnings)
        warnings_ += warning + "\n";
    return {};
}

}  // namespace sbx::test
