#include "archive/tar_writer.h"

#include <gtest/gtest.h>

#include "archive/tar.h"
#include "support/results.h"

namespace sbx::archive {
namespace {

using test::succeeds;

std::string written(const Entry& entry, std::string_view content = "") {
    std::string bytes;
    TarWriter tar([&](std::string_view piece) -> Result<> {
        bytes += piece;
        return {};
    });
    EXPECT_TRUE(succeeds(tar.begin(entry)));
    EXPECT_TRUE(succeeds(tar.add_content(content)));
    EXPECT_TRUE(succeeds(tar.finish()));
    return bytes;
}

// The only entry, as the strict reader has it.
Entry read_back(const Entry& entry) {
    const std::string bytes = written(entry);
    TextReader text(bytes);
    TarReader tar(text);
    Result<std::optional<Entry>> first = tar.next();
    EXPECT_TRUE(succeeds(first));
    EXPECT_FALSE(tar.next()->has_value());
    return first && *first ? **first : Entry{};
}

TEST(TarWriter, WritesWhatTarReads) {
    const std::string bytes = written({.path = "a/b", .mode = 04755, .uid = 7, .size = 4}, "text");
    EXPECT_EQ(bytes.size(), 512U * 4);
    EXPECT_EQ(bytes.substr(512, 5), std::string("text\0", 5));
    TextReader text(bytes);
    TarReader tar(text);
    const Entry entry = tar.next().value().value();
    EXPECT_EQ(entry.path, "a/b");
    EXPECT_EQ(entry.mode, 04755U);
    EXPECT_EQ(entry.uid, 7U);
    const auto block = tar.block().value().value();
    EXPECT_EQ(std::string(block.bytes.begin(), block.bytes.end()), "text");
}

TEST(TarWriter, WritesEveryKind) {
    for (const Entry::Kind kind :
         {Entry::Kind::hard_link, Entry::Kind::symbolic_link, Entry::Kind::character_device,
          Entry::Kind::block_device, Entry::Kind::directory, Entry::Kind::fifo}) {
        const bool link = kind == Entry::Kind::hard_link || kind == Entry::Kind::symbolic_link;
        const Entry entry = read_back({.kind = kind,
                                       .path = "name",
                                       .target = link ? "to" : "",
                                       .device_major = 1,
                                       .device_minor = 3});
        EXPECT_EQ(entry.kind, kind);
        EXPECT_EQ(entry.target, link ? "to" : "");
    }
}

TEST(TarWriter, HasRoomForNamesOfAnyLength) {
    for (const std::size_t size : {1U, 99U, 100U, 101U, 200U, 255U, 256U, 257U, 1000U, 4000U}) {
        std::string path;
        while (path.size() < size)
            path += path.size() % 50 == 49 ? '/' : 'n';
        if (path.ends_with('/')) path.back() = 'e';
        EXPECT_EQ(read_back({.path = path}).path, path);
        const Entry link =
            read_back({.kind = Entry::Kind::symbolic_link, .path = "l", .target = path});
        EXPECT_EQ(link.target, path);
        EXPECT_EQ(read_back({.path = std::string(size, 'n')}).path, std::string(size, 'n'));
    }
}

TEST(TarWriter, HasRoomForNumbersOfAnySize) {
    const Entry entry = read_back({.path = "f", .uid = 4294967294U, .gid = 2097152U});
    EXPECT_EQ(entry.uid, 4294967294U);
    EXPECT_EQ(entry.gid, 2097152U);
    for (const Moment moment : {Moment{0, 0}, Moment{-1, 0}, Moment{-2, 500'000'000}, Moment{-1, 1},
                                Moment{1'000'000'000, 1}, Moment{1LL << 34, 0}}) {
        const Entry then = read_back({.path = "f", .modified = moment});
        EXPECT_EQ(then.modified, moment) << moment.seconds << "." << moment.nanoseconds;
    }
}

TEST(TarWriter, KeepsAttributesAndBytesOfNames) {
    const std::vector<std::pair<std::string, std::string>> attributes = {
        {"user.note", std::string("a\0=\n", 4)}, {"security.capability", std::string(20, '\1')}};
    const Entry entry = read_back({.path = "odd\x1b\xff", .attributes = attributes});
    EXPECT_EQ(entry.path, "odd\x1b\xff");
    EXPECT_EQ(entry.attributes, attributes);
}

TEST(TarWriter, PassesOnTheFailureOfItsSink) {
    TarWriter tar([](std::string_view) -> Result<> {
        return Error(Error::Kind::failed, "the disk is full");
    });
    EXPECT_TRUE(succeeds(tar.begin({.path = "f"})));
    EXPECT_TRUE(test::fails_saying(tar.finish(), "the disk is full"));
}

}  // namespace
}  // namespace sbx::archive
