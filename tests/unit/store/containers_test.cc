#include "store/containers.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <unistd.h>

#include "oci/digest.h"
#include "os/file.h"
#include "os/process.h"
#include "support/at_once.h"
#include "support/files.h"
#include "support/id_range.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::exists;
using test::fails_saying;
using test::succeeds;

std::string id_of(std::string_view seed) { return oci::Digest::of(seed).hex(); }

class ContainersTest : public testing::Test {
protected:
    // As whoever makes one does: under its lock.
    Result<> create(const ContainerRecord& record) const {
        const os::Lock lock = TRY(containers_.lock(record.id));
        TRY(containers_.create(record, Json::object().set("spec", record.name),
                               os::Durability::until_reboot));
        return {};
    }
    std::string folder_of(const std::string& id) const { return store_.at("containers/" + id); }

    test::TempStore store_;
    Containers containers_ = *Containers::open(*store_);
    const ContainerRecord box_{.id = id_of("1"), .name = "box", .created = now()};
};

TEST(ObjectName, IsOfLettersDigitsAndALittleMore) {
    for (const char* name : {"a", "A-1", "x_.-", "0"})
        EXPECT_TRUE(succeeds(check_object_name("volume", name))) << name;
    for (const char* name : {"", "-a", ".a", "..", "_a", "a/b", "a b", "\xc3\xa9", "a\nb"})
        EXPECT_TRUE(fails_saying(check_object_name("volume", name), "is not a name for a volume"))
            << name;
    EXPECT_TRUE(succeeds(check_object_name("volume", std::string(253, 'x'))));
    EXPECT_TRUE(fails_saying(check_object_name("volume", std::string(254, 'x')),
                             "the name of the volume is longer than 253"));
}

TEST_F(ContainersTest, AreReadAsTheyWereWritten) {
    const Instant moment = *parse_rfc3339("2024-05-06T07:08:09.123Z");
    const ContainerRecord whole{.id = id_of("2"),
                                .name = "whole",
                                .image_id = "sha256:" + id_of("i"),
                                .image_name = "alpine",
                                .command = {"echo", "a\nb", "\"x\""},
                                .labels = {{"k", "v=1"}},
                                .created = moment,
                                .remove_after = true,
                                .anonymous_volumes = {"v"},
                                .mount_points = {"/data"},
                                .started = moment,
                                .finished = moment,
                                .exit_code = 137,
                                .failure = "no such command"};
    ASSERT_TRUE(succeeds(create(whole)));
    const Result<ContainerRecord> read = containers_.read(whole.id);
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->command, whole.command);
    EXPECT_EQ(read->labels, whole.labels);
    EXPECT_EQ(read->created, moment);
    EXPECT_EQ(read->finished, moment);
    EXPECT_EQ(read->exit_code, 137);
    EXPECT_TRUE(read->remove_after);
    EXPECT_EQ(read->failure, "no such command");
}

TEST_F(ContainersTest, OfANewOneHaveNoPast) {
    ASSERT_TRUE(succeeds(create(box_)));
    const Result<ContainerRecord> read = containers_.read(box_.id);
    EXPECT_FALSE(read->started || read->finished || read->exit_code);
    for (const char* name : {"upper", "work"})
        EXPECT_EQ(test::mode_of(folder_of(box_.id) + "/" + name), 0755U) << name;
    EXPECT_EQ(test::mode_of(folder_of(box_.id)), 0700U);
    EXPECT_EQ(*containers_.read_spec(box_.id).value()["spec"].as_string(), "box");
    EXPECT_FALSE(containers_.live(box_.id));
}

TEST_F(ContainersTest, AreFoundByNameIdAndItsBeginning) {
    ASSERT_TRUE(succeeds(create(box_)));
    for (const std::string& text : {std::string("box"), box_.id, box_.id.substr(0, 1)})
        EXPECT_EQ(containers_.resolve(text).value_or("none"), box_.id) << text;
    for (const std::string text : {"", ".", "..", "/", "no", "BOX", "box/", "../containers"})
        EXPECT_TRUE(fails_saying(containers_.resolve(text), "there is no container '" + text + "'"))
            << text;
}

TEST_F(ContainersTest, AreNotFoundByABeginningOfTwo) {
    ContainerRecord other = box_;
    other.id = box_.id.substr(0, 10) + std::string(54, '0');
    other.name = "other";
    ASSERT_TRUE(succeeds(create(box_)));
    ASSERT_TRUE(succeeds(create(other)));
    EXPECT_TRUE(fails_saying(containers_.resolve(box_.id.substr(0, 10)),
                             "more than one container's id begins with"));
    EXPECT_EQ(containers_.resolve(box_.id.substr(0, 11)).value(), box_.id);
}

TEST_F(ContainersTest, AreFoundByANameThatLooksLikeAnId) {
    ContainerRecord other{.id = id_of("3"), .name = box_.id.substr(0, 4), .created = now()};
    ASSERT_TRUE(succeeds(create(box_)));
    ASSERT_TRUE(succeeds(create(other)));
    EXPECT_EQ(containers_.resolve(other.name).value(), other.id);
}

TEST_F(ContainersTest, HaveNamesOfTheirOwn) {
    ASSERT_TRUE(succeeds(create(box_)));
    const ContainerRecord second{.id = id_of("2"), .name = "box", .created = now()};
    const Result<> refused = create(second);
    EXPECT_TRUE(fails_saying(refused, "the container name 'box' is taken"));
    EXPECT_EQ(refused.error().kind(), Error::Kind::exists);
    EXPECT_EQ(refused.error().hint(), "`sbx rm box` frees it");
    EXPECT_FALSE(exists(folder_of(second.id)));
    EXPECT_FALSE(containers_.name_is_free("box"));
    EXPECT_EQ(containers_.resolve("box").value(), box_.id);
}

TEST_F(ContainersTest, OfOneNameAreMadeByOneOfManyProcesses) {
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        const std::vector<int> codes = test::at_once(8, [&](int number) {
            const Result<> made =
                create({.id = id_of(fmt::format("{}{}", name, number)), .name = name});
            return made ? 0 : made.failed_as(Error::Kind::exists) ? 1 : 2;
        });
        EXPECT_EQ(std::ranges::count(codes, 0), 1) << name;
        EXPECT_EQ(std::ranges::count(codes, 1), 7) << name;
    }
    EXPECT_EQ(containers_.all()->size(), 5U);
    EXPECT_EQ(store_.names_at("containers").size(), 5U);
}

TEST_F(ContainersTest, AreMadeAndRemovedByManyUnderOneName) {
    const std::vector<int> codes = test::at_once(6, [&](int number) {
        for (int i = 0; i < 30; ++i) {
            const ContainerRecord record{.id = id_of(fmt::format("{} {}", number, i)),
                                         .name = "box"};
            const Result<> made = create(record);
            if (!made && !made.failed_as(Error::Kind::exists)) return 1;
            const Result<os::Lock> lock = containers_.lock(record.id);
            if (made && !containers_.remove(record, test::one_id())) return 2;
        }
        return 0;
    });
    EXPECT_EQ(codes, std::vector<int>(6, 0));
    EXPECT_TRUE(containers_.name_is_free("box"));
    EXPECT_EQ(store_.names_at("containers"), std::vector<std::string>{});
}

TEST_F(ContainersTest, ThatAKilledProcessLeftHalfMadeKeepNoName) {
    test::make_link(store_.at("container-names/box"), "../containers/" + id_of("dead"));
    test::make_folder(folder_of(id_of("dead")));
    test::make_folder(folder_of(id_of("dead")) + "/upper");
    ASSERT_TRUE(succeeds(create(box_)));
    EXPECT_EQ(containers_.resolve("box").value(), box_.id);
    EXPECT_EQ(store_.names_at("containers"), std::vector{box_.id});
    EXPECT_FALSE(exists(store_.places().runtime + "/containers/" + id_of("dead")));
}

TEST_F(ContainersTest, ThatAreBeingMadeKeepTheirName) {
    const std::string maker = id_of("maker");
    const Result<os::Lock> lock = containers_.lock(maker);
    test::make_link(store_.at("container-names/box"), "../containers/" + maker);
    EXPECT_TRUE(fails_saying(create(box_), "the container name 'box' is taken"));
    EXPECT_FALSE(containers_.name_is_free("box"));
}

TEST_F(ContainersTest, ThatCannotBeMadeLeaveNothing) {
    test::make_file(folder_of(box_.id), "in the way");
    EXPECT_FALSE(create(box_));
    EXPECT_TRUE(containers_.name_is_free("box"));
    EXPECT_EQ(store_.names_at("containers"), std::vector<std::string>{});
    EXPECT_TRUE(fails_saying(create({.id = id_of("2"), .name = "../x"}), "is not a name"));
}

TEST_F(ContainersTest, AreListedInTheOrderOfTheirMaking) {
    const Instant start = *parse_rfc3339("2024-01-01T00:00:00Z");
    for (const int i : {3, 1, 2})
        ASSERT_TRUE(succeeds(create({.id = id_of(std::to_string(i)),
                                     .name = fmt::format("c{}", i),
                                     .created = start + std::chrono::seconds(i)})));
    std::string names;
    const Result<std::vector<ContainerRecord>> all = containers_.all();
    for (const ContainerRecord& record : *all)
        names += record.name + " ";
    EXPECT_EQ(names, "c1 c2 c3 ");
    EXPECT_EQ(containers_.all_names().value(), (std::vector<std::string>{"c1", "c2", "c3"}));
}

TEST_F(ContainersTest, WithABadRecordSayWhichFileItIs) {
    ASSERT_TRUE(succeeds(create(box_)));
    ASSERT_TRUE(succeeds(create({.id = id_of("2"), .name = "good", .created = now()})));
    for (const char* bad : {"", "{", "[]", "{\"id\":1}", "{\"id\":\"x\",\"name\":\"y\"}",
                            R"({"id":"x","name":"y","created":"yesterday"})"}) {
        test::make_file(folder_of(box_.id) + "/record.json", bad);
        EXPECT_TRUE(
            fails_saying(containers_.read(box_.id), "'containers/" + box_.id + "/record.json': "))
            << bad;
        EXPECT_EQ(containers_.all()->size(), 1U) << "the others are listed all the same";
    }
    test::make_file(folder_of(box_.id) + "/spec.json", "{");
    EXPECT_TRUE(fails_saying(containers_.read_spec(box_.id), "/spec.json'"));
}

TEST_F(ContainersTest, ARecordIsTheOldOrTheNewOneForWhoeverReads) {
    ASSERT_TRUE(succeeds(create(box_)));
    const std::vector<int> codes = test::at_once(4, [&](int number) {
        ContainerRecord record = box_;
        for (int i = 0; i < 200; ++i) {
            record.failure = std::string(i % 7 * 1000, 'x');
            if (number < 2 && !containers_.write(record, os::Durability::until_reboot)) return 1;
            if (number >= 2 && !containers_.read(box_.id)) return 2;
        }
        return 0;
    });
    EXPECT_EQ(codes, std::vector<int>(4, 0));
    EXPECT_EQ(test::names_in_folder(folder_of(box_.id)).size(), 4U) << "nothing half written";
}

TEST_F(ContainersTest, AreRemovedWithTheirNameAndTheirLife) {
    ASSERT_TRUE(succeeds(create(box_)));
    ASSERT_TRUE(succeeds(containers_.write_live(box_.id, {.pid = 1, .start_time = 2})));
    ASSERT_TRUE(succeeds(containers_.remove(box_, test::one_id())));
    EXPECT_TRUE(containers_.name_is_free("box"));
    EXPECT_TRUE(fails_saying(containers_.read(box_.id), "there is no container"));
    EXPECT_FALSE(exists(folder_of(box_.id)));
    EXPECT_FALSE(exists(store_.places().runtime + "/containers/" + box_.id));
    EXPECT_FALSE(containers_.write(box_, os::Durability::durable)) << "nobody brings it back";
}

TEST_F(ContainersTest, AreRemovedWithoutTheNameThatAnotherTookMeanwhile) {
    ASSERT_TRUE(succeeds(create(box_)));
    ContainerRecord gone = box_;
    gone.id = id_of("gone");
    ASSERT_TRUE(succeeds(containers_.remove(gone, test::one_id())));
    EXPECT_EQ(containers_.resolve("box").value(), box_.id);
}

TEST_F(ContainersTest, AreRenamed) {
    ASSERT_TRUE(succeeds(create(box_)));
    ASSERT_TRUE(succeeds(containers_.rename(box_.id, "crate")));
    EXPECT_EQ(containers_.resolve("crate").value_or(""), box_.id);
    EXPECT_EQ(containers_.read(box_.id)->name, "crate");
    EXPECT_TRUE(containers_.name_is_free("box"));
    ASSERT_TRUE(succeeds(containers_.remove(box_, {}))) << "of somebody who knows the old name";
    EXPECT_TRUE(store_.names_at("container-names").empty());
}

TEST_F(ContainersTest, KeepTheirNewNameWhateverElseIsWritten) {
    ASSERT_TRUE(succeeds(create(box_)));
    ASSERT_TRUE(succeeds(containers_.rename(box_.id, "crate")));
    ContainerRecord ended = box_;
    ended.exit_code = 3;
    ASSERT_TRUE(succeeds(containers_.write(ended, os::Durability::until_reboot)));
    EXPECT_EQ(containers_.read(box_.id)->name, "crate");
    EXPECT_EQ(containers_.read(box_.id)->exit_code, 3);
}

TEST_F(ContainersTest, AreNotRenamedToWhatIsTakenOrNoName) {
    ASSERT_TRUE(succeeds(create(box_)));
    ASSERT_TRUE(succeeds(create({.id = id_of("2"), .name = "other"})));
    EXPECT_TRUE(containers_.rename(box_.id, "other").failed_as(Error::Kind::exists));
    EXPECT_TRUE(containers_.rename(box_.id, "box").failed_as(Error::Kind::exists));
    EXPECT_TRUE(containers_.rename(box_.id, "../x").failed_as(Error::Kind::usage));
    EXPECT_TRUE(containers_.rename(id_of("3"), "new").failed_as(Error::Kind::not_found));
    EXPECT_TRUE(containers_.name_is_free("new"));
    EXPECT_EQ(containers_.read(box_.id)->name, "box");
    EXPECT_EQ(containers_.resolve("other").value_or(""), id_of("2"));
}

TEST_F(ContainersTest, AreChangedByOneAtATime) {
    const Result<os::Lock> lock = containers_.lock(box_.id);
    const Result<os::Lock> second = containers_.try_lock(box_.id);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), Error::Kind::busy);
    EXPECT_TRUE(succeeds(containers_.try_lock(id_of("2"))));
}

}  // namespace
}  // namespace sbx::store
