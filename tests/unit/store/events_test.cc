#include "store/events.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "store/volumes.h"
#include "support/at_once.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::succeeds;

Event small() { return {.type = "volume", .action = "create", .id = "v"}; }

class EventsTest : public testing::Test {
protected:
    Events events() { return Events::open(*store_).value(); }

    // "TYPE ACTION ID|" of each that there is now.
    static std::string rest(Events& events) {
        std::string all;
        for (;;) {
            const auto event = events.next();
            EXPECT_TRUE(succeeds(event));
            if (!event || !*event) return all;
            all += (*event)->type + " " + (*event)->action + " " + (*event)->id + "|";
        }
    }

    std::size_t count() {
        Events all = events();
        std::size_t n = 0;
        while (all.next().value())
            ++n;
        return n;
    }

    void put_line(const std::string& line) {
        const os::Fd file(::openat(store_->runtime().get(), "events",
                                   O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
        EXPECT_TRUE(succeeds(os::write_all(file, line + "\n")));
    }

    test::TempStore store_;
};

TEST_F(EventsTest, AreTheOnesThatWereNoted) {
    Events events = this->events();
    EXPECT_EQ(rest(events), "");
    const Instant before = now();
    const ContainerRecord record{.id = std::string(64, 'a'),
                                 .name = "box",
                                 .image_name = "alpine",
                                 .labels = {{"tier", "1"}, {"name", "of a label"}}};
    note(*store_, event_of(record, "die", {{"exitCode", "3"}}));
    const std::optional<Event> event = events.next().value();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, "container");
    EXPECT_EQ(event->action, "die");
    EXPECT_EQ(event->id, record.id);
    EXPECT_EQ(event->attributes,
              (std::map<std::string, std::string>{
                  {"exitCode", "3"}, {"image", "alpine"}, {"name", "box"}, {"tier", "1"}}));
    EXPECT_GE(event->time, before);
    EXPECT_LE(event->time, now());
    EXPECT_EQ(event->attribute("image"), "alpine");
    EXPECT_EQ(event->attribute("nosuch"), "");
}

TEST_F(EventsTest, OfImagesHaveTheirNames) {
    note(*store_, event_of_image("tag", "sha256:12", "docker.io/library/a:1"));
    note(*store_, event_of_image("delete", "sha256:12", ""));
    Events events = this->events();
    EXPECT_EQ(events.next().value()->attribute("name"), "docker.io/library/a:1");
    EXPECT_TRUE(events.next().value()->attributes.empty());
}

TEST_F(EventsTest, KeepLittleOfMuchText) {
    Event event = small();
    event.attributes = {{"name", "v"}, {"label", std::string(100'000, 'x')}};
    note(*store_, event);
    Events events = this->events();
    EXPECT_EQ(events.next().value()->attributes,
              (std::map<std::string, std::string>{{"name", "v"}}));
}

TEST_F(EventsTest, PassOverLinesThatAreNone) {
    for (const char* line : {"", "{", "[]", "{\"time\":\"yesterday\"}", "{\"time\":1}"})
        put_line(line);
    note(*store_, small());
    Events events = this->events();
    EXPECT_EQ(rest(events), "volume create v|");
}

TEST_F(EventsTest, AreOfManyWhoNoteAtOnce) {
    constexpr int kEach = 50;
    test::at_once(4, [&](int) {
        for (int i = 0; i < kEach; ++i)
            note(*store_, small());
        return 0;
    });
    EXPECT_EQ(count(), 4 * kEach);
}

TEST_F(EventsTest, ForgetTheOldestWhereThereAreVeryMany) {
    Event event = small();
    event.attributes = {{"name", std::string(10'000, 'x')}};
    Events reader = events();
    std::size_t read = 0;
    constexpr std::size_t kMany = 350;  // three files, of which one is gone
    for (std::size_t i = 0; i < kMany; ++i) {
        note(*store_, event);
        while (reader.next().value())
            ++read;
    }
    EXPECT_EQ(read, kMany) << "who keeps up sees all of them";
    EXPECT_LT(count(), kMany);
    EXPECT_GT(count(), 100U) << "a file's worth stays";
}

TEST_F(EventsTest, FailNobodyWhereTheyCannotBeNoted) {
    ASSERT_EQ(::mkdirat(store_->runtime().get(), "events", 0700), 0);
    note(*store_, small());
    const Volumes volumes = Volumes::open(*store_).value();
    EXPECT_TRUE(succeeds(volumes.create({.name = "v"})));
}

TEST_F(EventsTest, TellOfVolumes) {
    const Volumes volumes = Volumes::open(*store_).value();
    ASSERT_TRUE(succeeds(volumes.create({.name = "v"})));
    EXPECT_FALSE(volumes.create({.name = "v"}));
    ASSERT_TRUE(succeeds(volumes.remove("v", {})));
    ASSERT_TRUE(succeeds(volumes.remove("v", {}))) << "absent is fine";
    Events events = this->events();
    EXPECT_EQ(rest(events), "volume create v|volume destroy v|");
}

}  // namespace
}  // namespace sbx::store
