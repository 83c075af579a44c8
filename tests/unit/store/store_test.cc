#include "store/store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "os/file.h"
#include "support/at_once.h"
#include "support/files.h"
#include "support/id_range.h"
#include "support/results.h"
#include "support/temp_store.h"
#include "support/waiting.h"

namespace sbx::store {
namespace {

using test::exists;
using test::fails_saying;
using test::succeeds;

TEST(Store, MakesFoldersThatNobodyElseMayEnter) {
    const test::TempFolder folder;
    const Result<Store> store =
        Store::open({.data = folder.at("a/b/data"), .runtime = folder.at("c/runtime")});
    ASSERT_TRUE(succeeds(store));
    EXPECT_EQ(test::mode_of(folder.at("a/b/data")), 0700U);
    EXPECT_EQ(test::mode_of(folder.at("c/runtime")), 0700U);
    ASSERT_TRUE(succeeds(store->folder("images")));
    EXPECT_EQ(test::mode_of(folder.at("a/b/data/images")), 0700U);
}

TEST(Store, RefusesFoldersThatOthersMayWriteTo) {
    const test::TempFolder folder;
    test::make_folder(folder.at("open"), 0770);
    const Places data{.data = folder.at("open"), .runtime = folder.at("runtime")};
    EXPECT_TRUE(fails_saying(Store::open(data), "can be written to by others"));
    const Places runtime{.data = folder.at("data"), .runtime = folder.at("open")};
    EXPECT_TRUE(fails_saying(Store::open(runtime), "can be written to by others"));
}

TEST(Store, RefusesFoldersOfSomebodyElse) {
    const test::TempFolder folder;
    test::make_folder(folder.at("given"));
    const bool gave = ::chown(folder.at("given").c_str(), 54321, 54321) == 0;
    const std::string other = gave ? folder.at("given") : "/usr";
    const Places places{.data = other, .runtime = folder.at("runtime")};
    EXPECT_TRUE(fails_saying(Store::open(places), "belongs to user"));
}

// Whoever has made the folder in /tmp first can put another of the user's folders in its place.
TEST(Store, RefusesARuntimeFolderInTmpThatOthersMayHaveMade) {
    const test::TempFolder folder;
    const std::string first = "/tmp/sbx-runtime-of-test-" + std::to_string(::getpid());
    const Places places{.data = folder.at("data"), .runtime = first + "/sbx"};
    test::make_folder(first, 0777);
    EXPECT_TRUE(fails_saying(Store::open(places), "was made by somebody else"));
    ASSERT_EQ(::rmdir(first.c_str()), 0);
    test::make_link(first, folder.path());
    EXPECT_FALSE(Store::open(places));
    EXPECT_FALSE(exists(folder.at("sbx")));
    ASSERT_EQ(::unlink(first.c_str()), 0);
}

TEST(Store, MakesItsRuntimeFolderInTmp) {
    const test::TempFolder folder;
    const std::string first = "/tmp/sbx-runtime-of-test-" + std::to_string(::getpid());
    ASSERT_TRUE(
        succeeds(Store::open({.data = folder.at("data"), .runtime = first + "/sbx/roots/1"})));
    EXPECT_EQ(test::mode_of(first), 0700U);
    ASSERT_EQ(::rmdir((first + "/sbx/roots/1").c_str()), 0);
    ASSERT_EQ(::rmdir((first + "/sbx/roots").c_str()), 0);
    ASSERT_EQ(::rmdir((first + "/sbx").c_str()), 0);
    ASSERT_EQ(::rmdir(first.c_str()), 0);
}

TEST(Store, KeepsToTheRuntimeFolderWhereContainersAreKnown) {
    const test::TempFolder folder;
    const auto runtime_of = [&](const std::string& wanted) {
        const Result<Store> store =
            Store::open({.data = folder.at("data"), .runtime = folder.at(wanted)});
        EXPECT_TRUE(succeeds(store));
        return store->places().runtime;
    };
    EXPECT_EQ(runtime_of("one"), folder.at("one"));
    EXPECT_EQ(runtime_of("two"), folder.at("two")) << "nothing was known in the first";
    test::make_folder(folder.at("two/containers"));
    test::make_folder(folder.at("two/containers/id"));
    EXPECT_EQ(runtime_of("one"), folder.at("two"));
    ASSERT_EQ(::rmdir(folder.at("two/containers/id").c_str()), 0);
    EXPECT_EQ(runtime_of("one"), folder.at("one")) << "the machine was started again";
}

TEST(Store, IsMadeByManyAtOnce) {
    const test::TempFolder folder;
    const Places places{.data = folder.at("x/data"), .runtime = folder.at("y/runtime")};
    const std::vector<int> codes = test::at_once(8, [&](int) {
        const Result<Store> store = Store::open(places);
        return store && store->folder("images") && store->lock(os::Share::shared) ? 0 : 1;
    });
    EXPECT_EQ(codes, std::vector<int>(8, 0));
}

TEST(Store, IsSharedByReadersAndHeldByOneWriter) {
    const test::TempStore store;
    const Result<os::Lock> one = store->lock(os::Share::shared);
    EXPECT_TRUE(succeeds(store->lock(os::Share::shared)));
    EXPECT_TRUE(fails_saying(os::Lock::try_take(store->data(), "lock", os::Share::exclusive),
                             "another sbx holds the lock"));
}

TEST(Store, OneWriterAtATimeOfManyProcesses) {
    const test::TempStore store;
    test::make_file(store.at("count"), "0");
    const std::vector<int> codes = test::at_once(8, [&](int) {
        for (int i = 0; i < 20; ++i) {
            const Result<os::Lock> lock = store->lock(os::Share::exclusive);
            if (!lock) return 1;
            const int count = std::stoi(test::bytes_of(store.at("count")));
            test::make_file(store.at("count"), std::to_string(count + 1));
        }
        return 0;
    });
    EXPECT_EQ(codes, std::vector<int>(8, 0));
    EXPECT_EQ(test::bytes_of(store.at("count")), "160");
}

TEST(Staging, GoesWithWhatIsLeftInIt) {
    const test::TempStore store;
    {
        const Result<Staging> staging = store->stage();
        ASSERT_TRUE(succeeds(staging));
        ASSERT_TRUE(os::make_directory(staging->directory(), "half", 0500));
        EXPECT_EQ(store.names_at("tmp").size(), 2U) << "the folder and its lock";
    }
    EXPECT_EQ(store.names_at("tmp"), std::vector<std::string>{});
}

TEST(Sweep, TakesWhatKilledProcessesLeft) {
    const test::TempStore store;
    const std::vector<int> codes = test::at_once(3, [&](int) {
        const Result<Staging> staging = store->stage();
        (void)os::make_directory(staging->directory(), "half", 0700);
        ::_exit(7);  // as if killed: nothing is tidied up
        return 0;
    });
    EXPECT_EQ(codes, std::vector<int>(3, 7));
    EXPECT_EQ(store.names_at("tmp").size(), 6U);
    EXPECT_EQ(store->sweep(test::one_id()).value(), 3U);
    EXPECT_EQ(store.names_at("tmp"), std::vector<std::string>{});
}

TEST(Sweep, LeavesWhatIsBeingMade) {
    const test::TempStore store;
    const Result<Staging> staging = store->stage();
    ASSERT_TRUE(os::write_atomic(staging->directory(), "part", "x"));
    EXPECT_EQ(store->sweep(test::one_id()).value(), 0U);
    EXPECT_TRUE(exists(store.at("tmp/" + staging->name() + "/part")));
}

TEST(Sweep, NeverStopsWhoeverStages) {
    const test::TempStore store;
    const std::vector<int> codes = test::at_once(6, [&](int number) {
        for (int i = 0; i < 100; ++i) {
            if (number % 2 == 0 && !store->sweep(test::one_id())) return 1;
            if (number % 2 == 0) continue;
            const Result<Staging> staging = store->stage();
            if (!staging) return 2;
            if (!os::write_atomic(staging->directory(), "f", "x",
                                  {.durability = os::Durability::until_reboot}))
                return 3;
        }
        return 0;
    });
    EXPECT_EQ(codes, std::vector<int>(6, 0));
    EXPECT_EQ(store.names_at("tmp"), std::vector<std::string>{});
}

TEST(Sweep, TakesFilesThatWereHalfWritten) {
    const test::TempStore store;
    for (const char* name : {"images", "images/blobs", "images/blobs/sha256", "image-records"})
        test::make_folder(store.at(name));
    test::make_file(store.at("images/blobs/sha256/.abc.1234"), "half");
    test::make_file(store.at("image-records/.abc.json.1234"), "half");
    test::make_file(store.at("image-records/abc.json"), "whole");
    EXPECT_EQ(store->sweep(test::one_id()).value(), 2U);
    EXPECT_EQ(store.names_at("images/blobs/sha256"), std::vector<std::string>{});
    EXPECT_EQ(store.names_at("image-records"), std::vector<std::string>{"abc.json"});
}

TEST(Discard, TakesAwayATreeThatForbidsIt) {
    const test::TempStore store;
    test::make_folder(store.at("volumes"));
    test::make_folder(store.at("volumes/v"));
    test::make_folder(store.at("volumes/v/data"));
    test::make_file(store.at("volumes/v/data/f"));
    ASSERT_EQ(::chmod(store.at("volumes/v/data").c_str(), 0), 0);
    const os::Fd volumes = *store->folder("volumes");
    ASSERT_TRUE(succeeds(store->discard(volumes, "v", test::one_id())));
    EXPECT_FALSE(exists(store.at("volumes/v")));
    EXPECT_EQ(store.names_at("trash"), std::vector<std::string>{});
    EXPECT_TRUE(succeeds(store->discard(volumes, "v", test::one_id()))) << "it is gone already";
}

TEST(Discard, OfOneTreeByManyAndASweepAtOnce) {
    const test::TempStore store;
    const os::Fd volumes = *store->folder("volumes");
    for (int i = 0; i < 20; ++i) {
        test::make_folder(store.at("volumes/v"));
        for (int file = 0; file < 50; ++file)
            test::make_file(store.at("volumes/v/" + std::to_string(file)));
        const std::vector<int> codes = test::at_once(4, [&](int number) {
            if (number == 0) return store->sweep(test::one_id()) ? 0 : 1;
            return store->discard(volumes, "v", test::one_id()) ? 0 : 1;
        });
        ASSERT_EQ(codes, std::vector<int>(4, 0));
        ASSERT_FALSE(exists(store.at("volumes/v")));
    }
}

TEST(Discard, LeavesToTheSweepWhatACrashLeft) {
    const test::TempStore store;
    test::make_folder(store.at("trash"));
    test::make_folder(store.at("trash/0123"));
    test::make_file(store.at("trash/0123/f"));
    EXPECT_EQ(store->sweep(test::one_id()).value(), 1U);
    EXPECT_EQ(store.names_at("trash"), std::vector<std::string>{});
}

}  // namespace
}  // namespace sbx::store
