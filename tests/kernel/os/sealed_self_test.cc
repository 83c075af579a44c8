#include "os/sealed_self.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::os {
namespace {

using test::bytes_of;
using test::comes_true;
using test::make_file;
using test::succeeds;
using test::TempFolder;

constexpr const char* kProgram = "/bin/busybox";

bool is_on_read_only_mount(FdView file) {
    struct statvfs status{};
    return ::fstatvfs(file.get(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

// A program of this user's, which anybody with the same rights could change.
class SealedSelf : public testing::Test {
protected:
    SealedSelf() { make_file(path_, bytes_of(kProgram), 0755); }

    Result<Fd> seal() const {
        return sealed(Fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)), path_);
    }

    bool is_as_it_was() const {
        return bytes_of(path_) == bytes_of(kProgram) && test::mode_of(path_) == 0755;
    }

    TempFolder folder_;
    std::string path_ = folder_.at("program");
};

// What the program's file, reached by `link`, lets a process do to it: nothing, or what it let.
std::string let_by(const std::string& link) {
    std::string let;
    const auto attempt = [&](const char* name, bool success) {
        if (success) let += fmt::format("{} ", name);
    };
    const Fd open(::open(link.c_str(), O_RDONLY | O_CLOEXEC));
    const Fd path(::open(link.c_str(), O_PATH | O_CLOEXEC));
    if (!open || !path) return "it cannot be opened";
    const std::string again = fmt::format("/proc/self/fd/{}", open.get());
    for (const std::string& name : {link, again})
        for (const int flags : {O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC})
            attempt("write", static_cast<bool>(Fd(::open(name.c_str(), flags | O_CLOEXEC))));
    attempt("fchmod", ::fchmod(open.get(), 0777) == 0);
    attempt("chmod", ::chmod(again.c_str(), 0777) == 0);
    attempt("chown", ::fchown(open.get(), ::getuid(), ::getgid()) == 0);
    attempt("truncate", ::truncate(link.c_str(), 0) == 0);
    attempt("touch", ::futimens(open.get(), nullptr) == 0);
    return let;
}

// And what it lets root of a container do with its mount.
std::string let_mount_by(const std::string& link) {
    std::string let;
    const auto attempt = [&](const char* name, bool success) {
        if (success) let += fmt::format("{} ", name);
    };
    const Fd open(::open(link.c_str(), O_RDONLY | O_CLOEXEC));
    const Fd path(::open(link.c_str(), O_PATH | O_CLOEXEC));
    if (!open || !path) return "it cannot be opened";
    for (const Fd* file : {&open, &path}) {
        attempt("clone", static_cast<bool>(clone_mount(FdView(*file), Depth::this_one)));
        attempt("set attributes", static_cast<bool>(change_mount(
                                      *file, {.clear = MOUNT_ATTR_RDONLY}, Depth::this_one)));
        attempt("remount", ::mount(nullptr, fmt::format("/proc/self/fd/{}", file->get()).c_str(),
                                   nullptr, MS_REMOUNT | MS_BIND, nullptr) == 0);
        attempt("bind", ::mount(fmt::format("/proc/self/fd/{}", file->get()).c_str(), "/bin/true",
                                nullptr, MS_BIND, nullptr) == 0);
    }
    return let;
}

TEST_F(SealedSelf, IsNotWritable) {
    const Result<Fd> program = seal();
    ASSERT_TRUE(succeeds(program));
    EXPECT_TRUE(is_on_read_only_mount(*program));
    EXPECT_EQ(let_by(fmt::format("/proc/self/fd/{}", program->get())), "");
    EXPECT_TRUE(is_as_it_was());
}

Process running(const Fd& program) {
    Process process = spawn(0, [&] {
                          (void)execute_file(program, {"busybox", "sleep", "1000"}, {});
                          ::_exit(1);
                      }).value();
    const std::string words = fmt::format("/proc/{}/cmdline", process.pid());
    EXPECT_TRUE(comes_true([&] { return bytes_of(words).starts_with("busybox"); }));
    return process;
}

// Root may mount that anew, to be written to.
TEST_F(SealedSelf, IsNotLeftOnAReadOnlyMountOfTheHosts) {
    IN_NAMESPACES {
        ASSERT_EQ(::mount(path_.c_str(), path_.c_str(), nullptr, MS_BIND, nullptr), 0);
        const auto remount = [&](unsigned long how) {
            return ::mount(nullptr, path_.c_str(), nullptr, MS_REMOUNT | MS_BIND | how, nullptr);
        };
        ASSERT_EQ(remount(MS_RDONLY), 0);
        const Result<Fd> program = seal();
        ASSERT_TRUE(succeeds(program));
        ASSERT_EQ(remount(0), 0);
        EXPECT_EQ(let_by(fmt::format("/proc/self/fd/{}", program->get())), "");
    };
}

// As root of the namespaces that the program runs in, which is more than a container has.
TEST_F(SealedSelf, IsNotWritableWhereItRuns) {
    IN_NAMESPACES {
        Result<Fd> program = seal();
        ASSERT_TRUE(succeeds(program));
        Process process = running(*program);
        program->reset();
        const std::string link = fmt::format("/proc/{}/exe", process.pid());
        EXPECT_EQ(let_by(link) + let_mount_by(link), "");
        // Nor once it has ended, to whoever has kept it open.
        const Fd kept(::open(link.c_str(), O_RDONLY | O_CLOEXEC));
        ASSERT_TRUE(succeeds(process.signal(SIGKILL)));
        ASSERT_TRUE(succeeds(process.wait()));
        const std::string again = fmt::format("/proc/self/fd/{}", kept.get());
        EXPECT_EQ(let_by(again) + let_mount_by(again), "");
    };
    EXPECT_TRUE(is_as_it_was());
}

// That what the tests above look for would be found.
TEST_F(SealedSelf, IsNotWhatItWasBefore) {
    IN_NAMESPACES {
        const std::string let = let_by(path_) + let_mount_by(path_);
        for (const char* name : {"write", "fchmod", "chmod", "touch", "clone", "bind"})
            EXPECT_TRUE(let.contains(name)) << name << " of " << let;
    };
}

TEST_F(SealedSelf, LeavesNothingBehindInThisProcess) {
    const int before = test::open_descriptors();
    ASSERT_TRUE(succeeds(seal()));
    EXPECT_EQ(test::open_descriptors(), before);
    EXPECT_TRUE(is_as_it_was());
}

TEST_F(SealedSelf, GoesWithTheNextProgram) {
    const Result<Fd> program = seal();
    ASSERT_TRUE(succeeds(program));
    EXPECT_EQ(::fcntl(program->get(), F_GETFD), FD_CLOEXEC);
}

TEST_F(SealedSelf, IsACopyInMemoryWhereItsNameIsAnothers) {
    const Result<Fd> copy = sealed(Fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)), "/bin/true");
    ASSERT_TRUE(succeeds(copy));
    EXPECT_EQ(::fcntl(copy->get(), F_GET_SEALS),
              F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
    EXPECT_TRUE(bytes_of(fmt::format("/proc/self/fd/{}", copy->get())) == bytes_of(kProgram));
    EXPECT_LT(::pwrite(copy->get(), "x", 1, 0), 0);
    Process process = running(*copy);
    EXPECT_TRUE(is_as_it_was());
}

TEST_F(SealedSelf, IsSealedOnce) {
    const Result<Fd> program = seal();
    ASSERT_TRUE(succeeds(program));
    for (const char* path : {"/bin/true", path_.c_str()}) {
        Result<Fd> again = sealed(duplicate(*program).value(), path);
        ASSERT_TRUE(succeeds(again));
        EXPECT_TRUE(is_on_read_only_mount(*again));
        EXPECT_EQ(status_of(*again)->st_ino, status_of(*program)->st_ino);
    }
    const Result<Fd> copy = sealed(Fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)), "/bin/true");
    const Result<Fd> copy_again = sealed(duplicate(*copy).value(), path_);
    EXPECT_EQ(status_of(*copy_again)->st_ino, status_of(*copy)->st_ino);
}

// It has to be neither mounted nor copied.
TEST(SealedSelfOfRoot, IsLeftAsItIsToOthers) {
    const Result<Fd> program = sealed(Fd(::open(kProgram, O_RDONLY | O_CLOEXEC)), kProgram);
    ASSERT_TRUE(succeeds(program));
    EXPECT_EQ(is_on_read_only_mount(*program), ::geteuid() == 0);
    EXPECT_EQ(status_of(*program)->st_ino, test::status(kProgram).st_ino);
}

TEST(SealedSelfOfThisProcess, IsItsProgram) {
    const Result<Fd> self = sealed_self();
    ASSERT_TRUE(succeeds(self));
    struct stat own{};
    ASSERT_EQ(::stat("/proc/self/exe", &own), 0);
    EXPECT_EQ(status_of(*self)->st_ino, own.st_ino);
}

}  // namespace
}  // namespace sbx::os
