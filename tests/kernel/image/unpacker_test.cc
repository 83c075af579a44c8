#include "image/unpacker.h"

#include <dirent.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>

#include "base/sha256.h"
#include "os/random.h"
#include "support/canary.h"
#include "support/id_range.h"
#include "support/layer.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

using test::tar_entry;
using test::tar_file;
using test::tar_folder;

os::IdMap one_id() {
    return {.uids = {{.inside = 0, .outside = ::getuid()}},
            .gids = {{.inside = 0, .outside = ::getgid()}},
            .writer = os::IdMap::Writer::self};
}

class UnpackerTest : public testing::Test {
protected:
    void start(const os::IdMap& ids, Ownership ownership = Ownership::as_recorded) {
        staging_ = *os::open_directory(os::FdView::cwd(), scratch_.tree());
        Result<Unpacker> started = Unpacker::start(poll_, ids, staging_, ownership);
        ASSERT_TRUE(started) << started.error().text();
        unpacker_.emplace(std::move(*started));
    }

    // A blob that is `bytes` now and will be `size`.
    std::uint32_t submit(const std::string& name, const std::string& bytes,
                         std::optional<std::uint64_t> size = {}, const LayerLimits& limits = {}) {
        os::Fd blob(::memfd_create("blob", MFD_CLOEXEC));
        EXPECT_TRUE(os::write_all(blob, bytes));
        blobs_[name] = *os::duplicate(blob);
        Result<std::uint32_t> job =
            unpacker_->submit({.name = name,
                               .blob = std::move(blob),
                               .size = size.value_or(bytes.size()),
                               .limits = limits},
                              [this, name](Result<Unpacked> done) -> Result<> {
                                  outcomes_.emplace(name, std::move(done));
                                  return {};
                              });
        EXPECT_TRUE(job) << job.error().text();
        if (!size) {
            EXPECT_TRUE(unpacker_->available(*job, bytes.size()));
        }
        return *job;
    }

    // "ok", or the words of the failure, once there is an outcome.
    std::string wait_for(const std::string& name) {
        const auto deadline = os::Poll::Clock::now() + std::chrono::seconds(60);
        while (!outcomes_.contains(name) && os::Poll::Clock::now() < deadline)
            if (const auto waited = poll_.wait(deadline); !waited) return waited.error().text();
        if (!outcomes_.contains(name)) return "nothing happened";
        const Result<Unpacked>& done = outcomes_.at(name);
        return done ? "ok" : done.error().text();
    }

    std::string at(const std::string& path) const { return scratch_.tree() + "/" + path; }

    test::Scratch scratch_;
    os::Poll poll_;
    os::Fd staging_;
    std::optional<Unpacker> unpacker_;
    std::map<std::string, os::Fd> blobs_;
    std::map<std::string, Result<Unpacked>> outcomes_;
};

std::string large_layer() {
    return tar_folder("d") + tar_file("d/noise", os::random_hex(3'000'000)) +
           tar_file("d/end", "end") + test::tar_end() + std::string(9000, '\0');
}

TEST_F(UnpackerTest, UnpacksEveryCompressionAndKnowsTheDiffId) {
    start(one_id());
    const std::string tar = tar_folder("d") + tar_file("d/f", "text") + std::string(5000, '\0');
    submit("plain", tar);
    submit("gzip", test::gzip_stored(tar));
    submit("zstd", test::zstd_stored(tar));
    for (const char* name : {"plain", "gzip", "zstd"}) {
        ASSERT_EQ(wait_for(name), "ok");
        EXPECT_EQ(outcomes_.at(name)->diff_id, oci::Digest::of(tar));
        EXPECT_EQ(outcomes_.at(name)->bytes, 4U);
        EXPECT_EQ(test::content_of(at(name + std::string("/d/f"))), "text");
    }
}

TEST_F(UnpackerTest, UnpacksLargeLayersInTwoProcesses) {
    start(one_id());
    const std::string tar = large_layer();
    for (const char* name : {"one", "two", "three", "four", "five"})
        submit(name, test::gzip_stored(tar));
    for (const char* name : {"one", "two", "three", "four", "five"}) {
        ASSERT_EQ(wait_for(name), "ok");
        EXPECT_EQ(outcomes_.at(name)->diff_id, oci::Digest::of(tar));
        EXPECT_EQ(test::content_of(at(name + std::string("/d/end"))), "end");
    }
}

TEST_F(UnpackerTest, UnpacksABlobWhileItGrows) {
    start(one_id());
    const std::string tar = large_layer();
    const std::string blob = test::gzip_stored(tar);
    const std::uint32_t job = submit("l", "", blob.size());
    constexpr std::size_t kPiece = 100'000;
    for (std::size_t at = 0; at < blob.size(); at += kPiece) {
        EXPECT_FALSE(outcomes_.contains("l"));
        ASSERT_TRUE(os::write_all(blobs_["l"], std::string_view(blob).substr(at, kPiece)));
        ASSERT_TRUE(unpacker_->available(job, std::min(at + kPiece, blob.size())));
        ASSERT_TRUE(poll_.wait(os::Poll::Clock::now() + std::chrono::milliseconds(2)));
    }
    ASSERT_EQ(wait_for("l"), "ok");
    EXPECT_EQ(outcomes_.at("l")->diff_id, oci::Digest::of(tar));
}

TEST_F(UnpackerTest, UnpacksManySmallLayers) {
    start(one_id());
    for (int i = 0; i < 100; ++i)
        submit(fmt::format("{}", i), test::gzip_stored(tar_file("f", fmt::format("{}", i))));
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(wait_for(fmt::format("{}", i)), "ok");
        EXPECT_EQ(test::content_of(at(fmt::format("{}/f", i))), fmt::format("{}", i));
    }
}

TEST_F(UnpackerTest, GivesFilesToTheIdsOfTheRange) {
    const std::optional<os::IdMap> ids = test::id_range();
    if (!ids && std::getenv("SBX_TEST_STRICT")) FAIL() << "there is no range in /etc/subuid";
    if (!ids) GTEST_SKIP() << "there is no range in /etc/subuid";
    start(*ids);
    submit("l", tar_entry({.name = "f", .mode = 0640, .uid = 33, .gid = 44}, "x"));
    ASSERT_EQ(wait_for("l"), "ok");
    EXPECT_EQ(test::status_of(at("l/f")).st_uid, ids->uids[1].outside + 32);
    EXPECT_EQ(test::status_of(at("l/f")).st_gid, ids->gids[1].outside + 43);
    EXPECT_EQ(test::status_of(at("l")).st_mode, S_IFDIR | 0755U);
}

TEST_F(UnpackerTest, GivesEverythingToTheUserWithoutARange) {
    start(one_id(), Ownership::all_mine);
    submit("l", tar_entry({.name = "f", .uid = 33, .gid = 44}, "x"));
    ASSERT_EQ(wait_for("l"), "ok");
    EXPECT_EQ(test::status_of(at("l/f")).st_uid, ::getuid());
}

TEST_F(UnpackerTest, PassesOnWhyALayerFailed) {
    start(one_id());
    submit("path", tar_file("../x", ""));
    submit("junk", test::gzip_stored(tar_file("x", "")) + "junk and more");
    submit("xz", std::string("\xfd"
                             "7zXZ\0",
                             6));
    submit("id", tar_entry({.name = "f", .uid = 33}));
    EXPECT_EQ(wait_for("path"), "entry 1 at offset 0x0 '../x': '../x' leads out of the layer");
    EXPECT_EQ(wait_for("junk"), "what should be a gzip header is none");
    EXPECT_EQ(wait_for("xz"), "the data are compressed with xz");
    EXPECT_TRUE(wait_for("id").contains("your subordinate ids do not reach"));
    EXPECT_TRUE(outcomes_.at("id").error().hint().contains("/etc/subuid"));
    submit("good", tar_file("x", ""));
    EXPECT_EQ(wait_for("good"), "ok") << "and goes on with others";
}

TEST_F(UnpackerTest, PassesOnWhyTheInflatingHalfFailed) {
    start(one_id());
    std::string blob = test::gzip_stored(large_layer());
    submit("short", blob.substr(0, blob.size() - 3));
    blob[blob.size() - 1] ^= 1;
    submit("damaged", blob);
    EXPECT_TRUE(wait_for("short").ends_with("the gzip data are cut short"));
    EXPECT_TRUE(wait_for("damaged").ends_with("the gzip data do not fit their checksum"));
}

TEST_F(UnpackerTest, AFailureOfTheWritingHalfEndsBoth) {
    start(one_id());
    submit("l", test::gzip_stored(tar_file("../x", "") + large_layer()));
    EXPECT_TRUE(wait_for("l").ends_with("leads out of the layer"));
}

TEST_F(UnpackerTest, BoundsWhatComesOutOfABomb) {
    start(one_id());
    const std::uint64_t size = std::uint64_t{1} << 30;
    const std::string header = tar_entry({.name = "zeros", .patches = {{124, "10000000000"}}});
    submit("l", test::zstd_stored(header) + test::zstd_zeros(size), {}, {.bytes = 1 << 20});
    EXPECT_EQ(
        wait_for("l"),
        "entry 1 at offset 0x0 'zeros': the layer is larger than 1.05 MB, which is the limit");
}

TEST_F(UnpackerTest, RefusesAFolderThatIsThere) {
    start(one_id());
    ASSERT_EQ(::mkdir(at("l").c_str(), 0755), 0);
    submit("l", tar_file("x", ""));
    EXPECT_EQ(wait_for("l"), "make folder 'l': File exists");
}

TEST_F(UnpackerTest, AnAbandonedJobIsOverAtOnce) {
    start(one_id());
    const std::string blob = test::gzip_stored(large_layer());
    std::vector<std::uint32_t> jobs;
    for (int i = 0; i < 20; ++i)  // more than there are workers: some wait for one
        jobs.push_back(submit(fmt::format("{}", i), blob.substr(0, 500'000), blob.size()));
    for (const std::uint32_t job : jobs) {
        ASSERT_TRUE(unpacker_->available(job, 500'000));
        ASSERT_TRUE(unpacker_->abandon(job));
        ASSERT_TRUE(unpacker_->abandon(job)) << "twice is no harm";
    }
    EXPECT_TRUE(outcomes_.empty());
    submit("good", tar_file("x", ""));
    EXPECT_EQ(wait_for("good"), "ok");
}

std::vector<pid_t> children_of(pid_t parent) {
    const std::string path = fmt::format("/proc/{0}/task/{0}/children", parent);
    std::vector<pid_t> pids;
    const std::string text = os::read_proc(path).value_or("");
    for (std::size_t at = 0; at < text.size(); at = text.find(' ', at) + 1)
        pids.push_back(std::stoi(text.substr(at)));
    return pids;
}

template <class Condition>
bool soon(Condition condition) {
    for (int i = 0; i < 2000 && !condition(); ++i)
        ::usleep(1000);
    return condition();
}

TEST_F(UnpackerTest, AWorkerThatDiesFailsItsJobAlone) {
    start(one_id());
    const pid_t foreman = children_of(::getpid()).back();
    submit("victim", "", 100);
    ASSERT_TRUE(soon([&] { return !children_of(foreman).empty(); }));
    ::kill(children_of(foreman).front(), SIGKILL);
    EXPECT_EQ(wait_for("victim"), "the process that unpacked it was ended by signal 9");
    submit("next", tar_file("x", ""));
    EXPECT_EQ(wait_for("next"), "ok");
}

TEST_F(UnpackerTest, AnInflaterThatDiesFailsItsJobAlone) {
    start(one_id());
    const pid_t foreman = children_of(::getpid()).back();
    submit("victim", "", 5'000'000);
    ASSERT_TRUE(soon([&] {
        return !children_of(foreman).empty() && !children_of(children_of(foreman).front()).empty();
    }));
    ::kill(children_of(children_of(foreman).front()).front(), SIGKILL);
    EXPECT_TRUE(wait_for("victim").ends_with("the process that inflates it ended early"));
}

TEST_F(UnpackerTest, TheEndOfAllFailsEveryJob) {
    start(one_id());
    const pid_t foreman = children_of(::getpid()).back();
    submit("one", "", 100);
    submit("two", "", 5'000'000);
    ::kill(foreman, SIGKILL);
    EXPECT_EQ(wait_for("one"), "the processes that unpack layers are gone");
    EXPECT_EQ(wait_for("two"), "the processes that unpack layers are gone");
}

TEST_F(UnpackerTest, LeavesNoProcessBehind) {
    start(one_id());
    const pid_t foreman = children_of(::getpid()).back();
    submit("one", "", 5'000'000);
    ASSERT_TRUE(soon([&] { return !children_of(foreman).empty(); }));
    const pid_t worker = children_of(foreman).front();
    unpacker_.reset();
    EXPECT_TRUE(soon([&] { return ::kill(worker, 0) != 0 && ::kill(foreman, 0) != 0; }));
    EXPECT_TRUE(poll_.empty());
}

}  // namespace
}  // namespace sbx::image
