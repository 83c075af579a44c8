#include "store/images.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"
#include "store/blobs.h"
#include "support/at_once.h"
#include "support/files.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::exists;
using test::fails_saying;
using test::succeeds;

oci::Reference named(std::string_view text) { return *oci::Reference::parse(text); }

Image image_of(std::string_view seed) {
    return {.id = oci::Digest::of(seed),
            .manifest = {.media_type = std::string(oci::media::kManifest),
                         .digest = oci::Digest::of(fmt::format("manifest of {}", seed)),
                         .size = 12},
            .layers = {"abcde", "fghij"},
            .bytes = 3,
            .platform = oci::Platform::native()};
}

class ImagesTest : public testing::Test {
protected:
    void add(const Image& image, const std::vector<std::string>& names = {}) {
        ASSERT_TRUE(succeeds(images_.add(image)));
        for (const std::string& name : names)
            ASSERT_TRUE(succeeds(images_.name(named(name), image.id)));
    }
    // "sha256:..." of what is found, or the words of the failure.
    std::string found(const std::string& text) const {
        const Result<Image> image = images_.find(text);
        return image ? image->id.text() : image.error().text();
    }
    std::string names_of(const Image& image) const {
        std::string names;
        const Result<Image> found = images_.find(image.id.text());
        for (const oci::Reference& name : found->names)
            names += name.familiar() + " ";
        return names;
    }
    std::string record_of(const Image& image) const {
        return store_.at("image-records/" + image.id.hex() + ".json");
    }

    test::TempStore store_;
    Images images_ = *Images::open(*store_);
    const Image one_ = image_of("one");
    const Image two_ = image_of("two");
};

TEST_F(ImagesTest, AreReadAsTheyWereWritten) {
    Image whole = one_;
    whole.created = parse_rfc3339("2024-05-06T07:08:09Z").value();
    whole.platform = {.os = "linux", .architecture = "arm64", .variant = "v8"};
    whole.defaults.env = {"A=1\n2"};
    whole.defaults.cmd = {"sh", ""};
    whole.defaults.labels = {{"a", "b"}};
    add(whole);
    const Result<Image> read = images_.find(whole.id.text());
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->manifest.digest, whole.manifest.digest);
    EXPECT_EQ(read->layers, whole.layers);
    EXPECT_EQ(read->platform, whole.platform);
    EXPECT_EQ(read->created, whole.created);
    EXPECT_EQ(read->defaults.env, whole.defaults.env);
    EXPECT_EQ(read->defaults.cmd, whole.defaults.cmd);
    EXPECT_EQ(read->defaults.labels, whole.defaults.labels);
}

TEST_F(ImagesTest, AreFoundByNameIdAndItsBeginning) {
    add(one_, {"alpine:3", "quay.io:5000/team/app"});
    const std::string hex = one_.id.hex();
    for (const std::string& text :
         {std::string("alpine:3"), std::string("docker.io/library/alpine:3"),
          std::string("quay.io:5000/team/app:latest"), hex, "sha256:" + hex, hex.substr(0, 3),
          "sha256:" + hex.substr(0, 1)})
        EXPECT_EQ(found(text), one_.id.text()) << text;
    EXPECT_EQ(found("alpine"), "there is no image 'alpine'") << "that is alpine:latest";
    EXPECT_EQ(found("sha256:"), "there is no image 'sha256:'");
    EXPECT_EQ(found(std::string(64, '0')), "there is no image '" + std::string(64, '0') + "'");
    EXPECT_FALSE(images_.find(""));
    EXPECT_FALSE(images_.find("../x"));
}

TEST_F(ImagesTest, AreNotFoundByABeginningOfTwo) {
    Image other = one_;
    other.id = *oci::Digest::from_hex(one_.id.hex().substr(0, 10) + std::string(54, '0'));
    add(one_);
    add(other);
    EXPECT_EQ(found(one_.id.hex().substr(0, 10)),
              "more than one image's id begins with '" + one_.id.hex().substr(0, 10) + "'");
    EXPECT_EQ(found(one_.id.hex().substr(0, 11)), one_.id.text());
}

TEST_F(ImagesTest, AreFoundByANameThatLooksLikeAnId) {
    add(one_);
    add(two_, {one_.id.hex().substr(0, 6)});
    EXPECT_EQ(found(one_.id.hex().substr(0, 6)), two_.id.text());
    EXPECT_EQ(found("sha256:" + one_.id.hex().substr(0, 6)), one_.id.text());
}

TEST_F(ImagesTest, ANameIsTakenFromWhoHadIt) {
    add(one_, {"app", "app:1"});
    add(two_, {"app"});
    EXPECT_EQ(found("app"), two_.id.text());
    EXPECT_EQ(names_of(one_), "app:1 ");
    add(one_, {"app"});
    EXPECT_EQ(found("app"), one_.id.text()) << "and given back";
    EXPECT_EQ(names_of(two_), "");
    EXPECT_EQ(images_.all_names()->size(), 2U);
}

TEST_F(ImagesTest, ANameGoesAlone) {
    add(one_, {"app:1", "app:2"});
    ASSERT_TRUE(succeeds(images_.unname(named("app:1"))));
    EXPECT_EQ(names_of(one_), "app:2 ");
    const Result<> twice = images_.unname(named("app:1"));
    EXPECT_TRUE(fails_saying(twice, "there is no image 'app:1'"));
    EXPECT_EQ(twice.error().kind(), Error::Kind::not_found);
    EXPECT_TRUE(fails_saying(images_.name(named("x"), two_.id), "No such file"));
    EXPECT_FALSE(images_.find(named("x")).value()) << "no name for what is not there";
}

TEST_F(ImagesTest, AReplacedRecordKeepsItsNames) {
    add(one_, {"app"});
    Image again = one_;
    again.bytes = 99;
    add(again);
    EXPECT_EQ(names_of(one_), "app:latest ");
    EXPECT_EQ(images_.find("app")->bytes, 99U);
}

TEST_F(ImagesTest, AreRemovedWithTheirNames) {
    add(one_, {"app:1", "app:2"});
    add(two_, {"app:3"});
    ASSERT_TRUE(succeeds(images_.remove(one_.id)));
    EXPECT_EQ(found("app:1"), "there is no image 'app:1'");
    EXPECT_EQ(found(one_.id.text()), "there is no image '" + one_.id.text() + "'");
    EXPECT_EQ(images_.all()->size(), 1U);
    EXPECT_EQ(store_.names_at("image-names").size(), 1U);
}

TEST_F(ImagesTest, ANameMayBeLongerThanAFileName) {
    const std::string name = "registry.example.org/" + std::string(200, 'n') + ":tag";
    add(one_, {name});
    EXPECT_EQ(found(name), one_.id.text());
    add(two_, {name});
    EXPECT_EQ(found(name), two_.id.text());
    EXPECT_EQ(names_of(one_), "");
    ASSERT_TRUE(succeeds(images_.unname(named(name))));
    EXPECT_EQ(found(name), "there is no image '" + excerpt(name) + "'");
}

// A link says who has a name. Between the record and the link there may have been a power cut.
TEST_F(ImagesTest, ACrashBetweenRecordAndNameLeavesTheOldState) {
    add(one_, {"app"});
    test::make_file(record_of(two_), [&] {
        std::string record = test::bytes_of(record_of(one_));
        return record.replace(record.find(one_.id.text()), one_.id.text().size(), two_.id.text());
    }());
    EXPECT_EQ(names_of(two_), "") << "its record says 'app', the link does not";
    EXPECT_EQ(found("app"), one_.id.text());
    ASSERT_EQ(::unlink(record_of(one_).c_str()), 0);
    EXPECT_EQ(found("app"), "there is no image 'app'") << "nor does a dangling link break anything";
}

TEST_F(ImagesTest, WithABadRecordSayWhichFileItIs) {
    add(one_, {"app"});
    add(two_);
    const std::string whole = test::bytes_of(record_of(one_));
    const std::string file = "'image-records/" + one_.id.hex() + ".json': ";
    for (const std::string& bad :
         {std::string(), whole.substr(0, whole.size() / 2), std::string("{}"),
          test::bytes_of(record_of(one_)).replace(whole.find("\"bytes\":3"), 9, "\"bytes\":-1"),
          test::bytes_of(record_of(one_)).replace(whole.find("\"names\":["), 9, "\"names\":[1,")}) {
        test::make_file(record_of(one_), bad);
        EXPECT_TRUE(fails_saying(images_.find("app"), file)) << bad;
        EXPECT_EQ(images_.all()->size(), 1U) << "others are not in its way";
        const Images::Survey survey = images_.survey().value();
        ASSERT_EQ(survey.damaged.size(), 1U) << bad;
        EXPECT_TRUE(survey.damaged.front().starts_with(file)) << survey.damaged.front();
        const Result<Image> damaged = images_.find_to_remove(one_.id.hex().substr(0, 12));
        ASSERT_TRUE(succeeds(damaged));
        EXPECT_EQ(damaged->id, one_.id);
        EXPECT_EQ(damaged->names.size(), 1U);
    }
    add(one_, {"app"});
    EXPECT_EQ(found("app"), one_.id.text()) << "pulling it again mends it";
    test::make_file(record_of(one_), "{");
    EXPECT_TRUE(succeeds(images_.remove(one_.id))) << "and it can be removed";
    EXPECT_TRUE(images_.all_names()->empty());
}

TEST_F(ImagesTest, AreAnIndexThatOthersRead) {
    ASSERT_TRUE(succeeds(Blobs::open(*store_)));
    add(one_, {"alpine:3", "app"});
    add(two_);
    ASSERT_TRUE(succeeds(images_.publish_index()));
    const std::string index = test::bytes_of(store_.at("images/index.json"));
    const auto parsed = oci::parse_manifest(index, "");
    ASSERT_TRUE(succeeds(parsed));
    std::map<std::string, std::string> names;
    for (const oci::Descriptor& entry : std::get<oci::Index>(*parsed).manifests)
        for (const auto& [key, name] : entry.annotations)
            names[key + " " + name] = entry.digest.text();
    const std::string key = "org.opencontainers.image.ref.name ";
    EXPECT_EQ(names, (std::map<std::string, std::string>{
                         {key + "docker.io/library/alpine:3", one_.manifest.digest.text()},
                         {key + "docker.io/library/app:latest", one_.manifest.digest.text()}}));
    EXPECT_EQ(std::get<oci::Index>(*parsed).manifests.size(), 3U) << "and one without a name";
    EXPECT_EQ(test::mode_of(store_.at("images/index.json")), 0644U);
}

TEST_F(ImagesTest, OfManyProcessesLoseNothing) {
    const std::vector<int> codes = test::at_once(6, [&](int number) {
        for (int i = 0; i < 10; ++i) {
            const Result<os::Lock> lock = store_->lock(os::Share::exclusive);
            const Image image = image_of(fmt::format("{} {}", number, i));
            if (!images_.add(image) ||
                !images_.name(named(fmt::format("i{}-{}", number, i)), image.id) ||
                !images_.name(named("shared"), image.id) || !images_.publish_index())
                return 1;
        }
        return 0;
    });
    EXPECT_EQ(codes, std::vector<int>(6, 0));
    EXPECT_EQ(images_.all()->size(), 60U);
    EXPECT_EQ(images_.all_names()->size(), 61U);
    const Result<std::vector<Image>> all = images_.all();
    EXPECT_EQ(
        std::ranges::count_if(*all, [](const Image& image) { return image.names.size() == 2; }), 1)
        << "one has the name that all took";
}

// What reads without a lock sees the name always on one image or the other.
TEST_F(ImagesTest, ANameThatIsMovedIsNeverMissing) {
    add(one_, {"app"});
    add(two_);
    const std::vector<int> codes = test::at_once(3, [&](int number) {
        for (int i = 0; i < 100; ++i) {
            if (number == 0 && !images_.name(named("app"), i % 2 == 0 ? two_.id : one_.id))
                return 1;
            if (number != 0 && !images_.find("app")) return 2;
        }
        return 0;
    });
    EXPECT_EQ(codes, std::vector<int>(3, 0));
}

}  // namespace
}  // namespace sbx::store
