#include "oci/manifest.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

const Digest kBlob = Digest::of("blob");

Json descriptor(std::string_view type) {
    Json json = Json::object();
    return std::move(json.set("mediaType", type).set("digest", kBlob.text()).set("size", 7));
}

// A manifest of two layers; each test spoils one member of it.
Json manifest() {
    Json json = Json::object();
    json.set("schemaVersion", 2)
        .set("mediaType", media::kManifest)
        .set("config", descriptor(media::kConfig))
        .set("layers",
             Json::array().push(descriptor(media::kLayerGzip)).push(descriptor(media::kLayerZstd)));
    return json;
}

Json with(Json json, std::string_view key, Json value) {
    json.set(key, std::move(value));
    return json;
}

Json index_of(Json::Array entries) {
    Json json = Json::object();
    json.set("schemaVersion", 2).set("mediaType", media::kIndex).set("manifests", entries);
    return json;
}

Json entry_of(const Platform& platform) {
    return with(descriptor(media::kManifest), "platform", platform.to_json());
}

Json entry(std::string_view platform) { return entry_of(*Platform::parse(platform)); }

auto parsed(const Json& json, std::string_view content_type = "") {
    return parse_manifest(json.dump(), content_type);
}

TEST(Manifest, GivesItsConfigurationAndLayers) {
    const auto document = parsed(manifest());
    ASSERT_TRUE(succeeds(document));
    const Manifest& read = std::get<Manifest>(*document);
    EXPECT_EQ(read.config.digest, kBlob);
    EXPECT_EQ(read.config.size, 7U);
    ASSERT_EQ(read.layers.size(), 2U);
    EXPECT_EQ(read.layers[1].media_type, media::kLayerZstd);
}

TEST(Manifest, IsWrittenAsItWasRead) {
    const auto document = parsed(manifest());
    ASSERT_TRUE(succeeds(document));
    EXPECT_EQ(to_json(std::get<Manifest>(*document)).dump(), manifest().dump());
}

TEST(Manifest, OfDockerIsOneToo) {
    Json json = manifest();
    json.set("mediaType", media::kDockerManifest)
        .set("config", descriptor(media::kDockerConfig))
        .set("layers", Json::array().push(descriptor(media::kDockerLayer)));
    EXPECT_TRUE(succeeds(parsed(json, media::kDockerManifest)));
}

TEST(Manifest, MayBeKnownByWhatItCameAs) {
    const Json untyped = with(manifest(), "mediaType", Json());
    EXPECT_TRUE(succeeds(parsed(untyped)));
    EXPECT_TRUE(succeeds(parsed(untyped, std::string(media::kManifest) + "; charset=utf-8")));
    EXPECT_TRUE(succeeds(parsed(manifest(), "application/json")));
    EXPECT_TRUE(fails_saying(parsed(untyped, media::kIndex), "'layers' may be read as a manifest"));
}

TEST(Manifest, SizesReachFarBeyondDoubles) {
    constexpr std::uint64_t kSize = (1ULL << 53) + 1;
    Json json = manifest();
    json.set("config", with(descriptor(media::kConfig), "size", kSize));
    const auto document = parsed(json);
    ASSERT_TRUE(succeeds(document));
    EXPECT_EQ(std::get<Manifest>(*document).config.size, kSize);
}

struct Spoiled {
    std::string_view key;
    Json value;
    std::string_view why;
};

class SpoiledManifests : public testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledManifests, AreRefused) {
    const Json spoiled = with(manifest(), GetParam().key, GetParam().value);
    EXPECT_TRUE(fails_saying(parsed(spoiled), GetParam().why)) << spoiled.dump();
}

INSTANTIATE_TEST_SUITE_P(
    All, SpoiledManifests,
    testing::Values(
        Spoiled{"schemaVersion", 1, "'schemaVersion' is 1, where 2 belongs"},
        Spoiled{"schemaVersion", 3, "'schemaVersion' is 3, where 2 belongs"},
        Spoiled{"schemaVersion", "2", "an integer belongs"},
        Spoiled{"schemaVersion", 2.0000001, "an integer belongs"},
        Spoiled{"schemaVersion", Json(), "'schemaVersion' is missing"},
        Spoiled{"signatures", Json::array(), "docker's schema 1"},
        Spoiled{"layers", Json(), "'layers' is not an array"},
        Spoiled{"layers", Json::object(), "'layers' is not an array"},
        Spoiled{"layers", Json::Array(501, descriptor(media::kLayer)),
                "501 entries, more than 500"},
        Spoiled{"layers", Json::array().push(7), "/layers/0: a descriptor is not an object"},
        Spoiled{"layers", Json::array().push(descriptor("text/plain")),
                "/layers/0/mediaType: 'text/plain' is not supported"},
        Spoiled{"config", Json(), "/config: a descriptor is not an object"},
        Spoiled{"config", descriptor("application/vnd.oci.empty.v1+json"), "not an image but an"},
        Spoiled{"manifests", Json::array(), "may be read as an index too"},
        Spoiled{"mediaType", "text/html", "'text/html' is not the type of an image"},
        Spoiled{"mediaType", "APPLICATION/VND.OCI.IMAGE.MANIFEST.V1+JSON", "is not the type"},
        Spoiled{"mediaType", std::string(media::kManifest) + "; charset=utf-8", "is not the type"},
        Spoiled{"mediaType", std::string(1 << 20, 'x'), "is not the type of an image"},
        Spoiled{"mediaType", media::kIndex, "may be read as a manifest too"},
        Spoiled{"mediaType", 7, "a string belongs"}));

class SpoiledDescriptors : public testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledDescriptors, AreRefusedByTheirPlace) {
    Json layers = Json::array();
    layers.push(descriptor(media::kLayer))
        .push(with(descriptor(media::kLayer), GetParam().key, GetParam().value));
    const auto document = parsed(with(manifest(), "layers", std::move(layers)));
    EXPECT_TRUE(fails_saying(document, "/layers/1: "));
    EXPECT_TRUE(fails_saying(document, GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, SpoiledDescriptors,
    testing::Values(Spoiled{"size", "123", "an integer from 0 up belongs"},
                    Spoiled{"size", 1e30, "an integer from 0 up belongs"},
                    Spoiled{"size", 1.5, "an integer from 0 up belongs"},
                    Spoiled{"size", -1, "an integer from 0 up belongs"},
                    Spoiled{"size", std::uint64_t{1} << 63, "which no blob has"},
                    Spoiled{"size", Json(), "'size' is missing"},
                    Spoiled{"digest", Json(), "'digest' is missing"},
                    Spoiled{"digest", "sha256:../x", "is not a digest"},
                    Spoiled{"digest", 7, "a string belongs"},
                    Spoiled{"mediaType", 7, "a string belongs"},
                    Spoiled{"platform", "linux", "a platform is not an object"},
                    Spoiled{"annotations", Json::object().set("a", 1), "an object of strings"},
                    Spoiled{"annotations", Json::array(), "an object of strings"}));

TEST(Manifest, ThatIsNoneSaysWhatItIs) {
    EXPECT_TRUE(fails_saying(parse_manifest("[]", ""), "it is not an object"));
    EXPECT_TRUE(fails_saying(parse_manifest("<html>", ""), "not valid JSON at line 1"));
    EXPECT_TRUE(fails_saying(
        parse_manifest("{}", "application/vnd.docker.distribution.manifest.v1+prettyjws"),
        "docker's schema 1, which is obsolete"));
}

TEST(Manifest, MayNotSayOtherwiseThanWhatItCameAs) {
    EXPECT_TRUE(fails_saying(parsed(manifest(), media::kDockerManifest), "it says it is"));
    EXPECT_TRUE(fails_saying(parsed(manifest(), media::kIndex), "but came as"));
}

TEST(Manifest, OfAnArtifactNamesItsType) {
    Json json = manifest();
    json.set("artifactType", "application/vnd.example+json").set("config", descriptor("x/y"));
    EXPECT_TRUE(fails_saying(parsed(json), "an artifact of type 'application/vnd.example+json'"));
}

TEST(Index, MayNotBeAManifestAsWell) {
    Json json = index_of({entry("linux/amd64")});
    EXPECT_TRUE(succeeds(parsed(json)));
    EXPECT_TRUE(fails_saying(parsed(with(json, "layers", Json::array())), "as a manifest too"));
    EXPECT_TRUE(fails_saying(parsed(with(json, "config", Json::object())), "as a manifest too"));
}

TEST(Index, OfMoreEntriesThanAnybodyNeedsIsRefused) {
    const Json json = index_of(Json::Array(1001, entry("linux/amd64")));
    EXPECT_TRUE(fails_saying(parsed(json), "'manifests' has 1001 entries, more than 1000"));
}

Index index_from(Json::Array entries) {
    return std::get<Index>(*parsed(index_of(std::move(entries))));
}

TEST(Index, PrefersTheVariantThatWasAskedFor) {
    const Index index = index_from(
        {entry("linux/arm/v6"), entry("linux/arm"), entry("linux/arm/v7"), entry("linux/amd64")});
    EXPECT_EQ(index.choose(*Platform::parse("linux/arm/v7"))->platform->text(), "linux/arm/v7");
    EXPECT_EQ(index.choose(*Platform::parse("linux/arm"))->platform->text(), "linux/arm");
    EXPECT_EQ(index.choose(*Platform::parse("linux/arm/v8"))->platform->text(), "linux/arm");
    EXPECT_EQ(index.choose(*Platform::parse("amd64"))->platform->text(), "linux/amd64");
}

TEST(Index, SaysWhatIsOfferedInstead) {
    const Index index =
        index_from({entry("linux/arm/v7"), entry_of({.os = "unknown", .architecture = "unknown"}),
                    entry("windows/amd64")});
    const Result<Descriptor> chosen = index.choose(*Platform::parse("linux/amd64"));
    EXPECT_TRUE(fails_saying(chosen, "for linux/amd64, only for linux/arm/v7, windows/amd64"));
    EXPECT_TRUE(chosen.failed_as(Error::Kind::not_found));
    EXPECT_TRUE(fails_saying(index_from({}).choose(Platform::native()), "no platform at all"));
}

TEST(Index, SaysNoMoreThanFitsOnAScreen) {
    const Index index = index_from(Json::Array(1000, entry("linux/arm/v7")));
    EXPECT_LT(index.choose(*Platform::parse("amd64")).error().text().size(), 500U);
}

TEST(Index, OfOneManifestNeedsNoPlatform) {
    const Index index = index_from({descriptor(media::kManifest)});
    EXPECT_TRUE(succeeds(index.choose(Platform::native())));
}

TEST(MediaTypes, AreSorted) {
    EXPECT_TRUE(is_index(media::kDockerIndex));
    EXPECT_FALSE(is_index(media::kManifest));
    EXPECT_TRUE(is_layer(media::kDockerLayerPlain));
    EXPECT_FALSE(is_layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
}

}  // namespace
}  // namespace sbx::oci
