#include "store/places.h"

#include <map>

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::store {
namespace {

Environment of(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

// Root has places of its own: these are looked for as anybody else.
void as_a_user(const std::function<void()>& body) {
    test::in_own_process([&] {
        ASSERT_TRUE(::geteuid() != 0 || ::setresuid(54321, 54321, 54321) == 0);
        body();
    });
}

TEST(Places, AreThoseOfTheXdgSpecification) {
    as_a_user([] {
        const test::TempFolder runtime;
        const Result<Places> places = find_places("", of({{"XDG_DATA_HOME", "/somewhere/data"},
                                                          {"XDG_RUNTIME_DIR", runtime.path()},
                                                          {"HOME", "/home/bob"}}));
        ASSERT_TRUE(test::succeeds(places));
        EXPECT_EQ(places->data, "/somewhere/data/sbx");
        EXPECT_EQ(places->runtime, runtime.at("sbx"));
    });
}

TEST(Places, PassOverRelativePathsInTheEnvironment) {
    as_a_user([] {
        const Environment environment =
            of({{"XDG_DATA_HOME", "data"}, {"XDG_RUNTIME_DIR", "."}, {"HOME", "/home/bob"}});
        EXPECT_EQ(find_places("", environment)->data, "/home/bob/.local/share/sbx");
        EXPECT_TRUE(find_places("", environment)->runtime.starts_with('/'));
        EXPECT_TRUE(test::fails_saying(find_places("", of({{"HOME", "."}})),
                                       "neither XDG_DATA_HOME nor HOME is an absolute path"));
    });
}

TEST(Places, DoNotTrustARuntimeFolderThatOthersMayWriteTo) {
    as_a_user([] {
        const test::TempFolder folder;
        test::make_folder(folder.at("open"), 0777);
        test::make_folder(folder.at("mine"), 0700);
        test::make_link(folder.at("link"), "mine");
        for (const char* name : {"open", "link", "absent"}) {
            const Result<Places> places =
                find_places("", of({{"HOME", "/home/bob"}, {"XDG_RUNTIME_DIR", folder.at(name)}}));
            EXPECT_FALSE(places->runtime.starts_with(folder.path())) << name;
        }
    });
}

TEST(Places, OfRootAreTheMachines) {
    if (::geteuid() != 0) return;
    const Result<Places> places =
        find_places("", of({{"XDG_DATA_HOME", "/x"}, {"XDG_RUNTIME_DIR", "/y"}}));
    EXPECT_EQ(places->data, "/var/lib/sbx");
    EXPECT_EQ(places->runtime, "/run/sbx");
}

TEST(Places, OfTwoRootsShareNothing) {
    const Environment environment = of({{"HOME", "/home/bob"}});
    const Result<Places> one = find_places("/srv/a", environment);
    const Result<Places> other = find_places("/srv/b", environment);
    EXPECT_EQ(one->data, "/srv/a");
    EXPECT_EQ(other->data, "/srv/b");
    EXPECT_NE(one->runtime, other->runtime);
    EXPECT_EQ(find_places("/srv/a", of({}))->data, "/srv/a") << "needs no HOME";
}

TEST(Places, OfARelativeRootAreBelowTheWorkingDirectory) {
    const test::TempFolder folder;
    test::in_own_process([&] {
        ASSERT_EQ(::chdir(folder.path().c_str()), 0);
        EXPECT_EQ(find_places("store", of({}))->data, folder.at("store"));
    });
}

}  // namespace
}  // namespace sbx::store
