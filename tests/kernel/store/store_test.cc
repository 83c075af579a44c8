// What needs the ids of others. The rest is in tests/unit/store.
#include "store/store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "support/files.h"
#include "support/id_range.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

// A folder of user 1000 of a container, which nobody outside may enter.
void make_foreign_folder(const os::IdMap& ids, const std::string& path) {
    test::make_folder(path);
    Result<os::Process> process = os::spawn_mapped(ids, 0, [&] {
        const std::string below = path + "/closed";
        const bool made = ::mkdir(below.c_str(), 0700) == 0 &&
                          ::mkdir((below + "/deeper").c_str(), 0700) == 0 &&
                          ::chown((below + "/deeper").c_str(), 1000, 1000) == 0 &&
                          ::chown(below.c_str(), 1000, 1000) == 0;
        ::_exit(made ? 0 : 1);
    });
    ASSERT_TRUE(test::succeeds(process));
    ASSERT_EQ(process->wait()->code, 0);
}

TEST(StoreOfOthers, DiscardsWhatBelongsToOtherIds) {
    test::with_granted_range([] {
        const test::TempStore store;
        const os::IdMap ids = *test::id_range();
        test::make_folder(store.at("volumes"));
        make_foreign_folder(ids, store.at("volumes/v"));
        const os::Fd volumes = *store->folder("volumes");
        ASSERT_TRUE(test::succeeds(store->discard(volumes, "v", ids)));
        EXPECT_EQ(store.names_at("volumes"), std::vector<std::string>{});
        EXPECT_EQ(store.names_at("trash"), std::vector<std::string>{});
    });
}

TEST(StoreOfOthers, SweepsWhatBelongsToOtherIds) {
    test::with_granted_range([] {
        const test::TempStore store;
        const os::IdMap ids = *test::id_range();
        test::make_folder(store.at("trash"));
        make_foreign_folder(ids, store.at("trash/0123"));
        test::make_folder(store.at("tmp"));
        make_foreign_folder(ids, store.at("tmp/dead"));
        test::make_file(store.at("tmp/dead.lock"));
        EXPECT_EQ(store->sweep(ids).value(), 2U);
        EXPECT_EQ(store.names_at("tmp"), std::vector<std::string>{});
    });
}

TEST(StoreOfOthers, SaysWhoseFilesItMayNotRemove) {
    test::with_granted_range([] {
        if (::geteuid() == 0) return;  // who may remove anything
        const test::TempStore store;
        test::make_folder(store.at("trash"));
        make_foreign_folder(*test::id_range(), store.at("trash/0123"));
        EXPECT_TRUE(test::fails_saying(store->sweep(test::one_id()), "ermission denied"));
    });
}

}  // namespace
}  // namespace sbx::store
