#include "image/filter.h"

#include <gtest/gtest.h>

namespace sbx::image {
namespace {

Instant at(const char* time) { return parse_rfc3339(time).value(); }

store::Image made(const std::string& seed, const std::vector<std::string>& names,
                  const char* created = "2026-01-02T00:00:00Z") {
    store::Image image{.id = oci::Digest::of(seed),
                       .manifest = {.media_type = std::string(oci::media::kManifest),
                                    .digest = oci::Digest::of(seed + " manifest")},
                       .created = at(created)};
    for (const std::string& name : names)
        image.names.push_back(oci::Reference::parse(name).value());
    return image;
}

Filter::Facts facts() {
    return {.now = at("2026-01-03T00:00:00Z"),
            .find = [](const std::string& text) -> Result<store::Image> {
                if (text == "middle") return made("m", {}, "2026-01-02T12:00:00Z");
                return Error(Error::Kind::not_found, "no image '{}'", text);
            },
            .used = [](const store::Image& image) { return image.id == oci::Digest::of("used"); }};
}

bool admits(const std::vector<std::string>& texts, const store::Image& image) {
    const Result<Filter> filter = Filter::parse(texts, facts());
    EXPECT_TRUE(filter) << filter.error().text();
    return filter && filter->admits(image);
}

TEST(Filter, AdmitsEverythingWithoutAWord) { EXPECT_TRUE(admits({}, made("a", {}))); }

TEST(Filter, KnowsImagesWithoutAName) {
    EXPECT_TRUE(admits({"dangling=true"}, made("a", {})));
    EXPECT_FALSE(admits({"dangling=true"}, made("a", {"alpine"})));
    EXPECT_TRUE(admits({"dangling=false"}, made("a", {"alpine"})));
}

TEST(Filter, TakesPatternsOfNamesAsPeopleWriteThem) {
    const store::Image image = made("a", {"docker.io/library/alpine:3.20"});
    for (const char* pattern : {"alpine", "alpine:3.20", "alp*", "alp*:3*", "library/alpine",
                                "docker.io/library/alpine", "docker.io/*/alpine:3.20"})
        EXPECT_TRUE(admits({std::string("reference=") + pattern}, image)) << pattern;
    for (const char* pattern : {"alpin", "alpine:3.21", "docker.io/*", "*/alpine:3.20x"})
        EXPECT_FALSE(admits({std::string("reference=") + pattern}, image)) << pattern;
}

TEST(Filter, CountsOnlyTheNamesThatMatch) {
    const Filter filter = Filter::parse({"reference=alpine"}, facts()).value();
    EXPECT_TRUE(filter.admits(oci::Reference::parse("alpine:1").value()));
    EXPECT_FALSE(filter.admits(oci::Reference::parse("debian").value()));
}

TEST(Filter, WantsAllLabelsAndOneOfTheOthers) {
    store::Image image = made("a", {"alpine"});
    image.defaults.labels = {{"team", "red"}, {"kind", ""}};
    EXPECT_TRUE(admits({"label=team"}, image));
    EXPECT_TRUE(admits({"label=team=red", "label=kind"}, image));
    EXPECT_FALSE(admits({"label=team=red", "label=other"}, image));
    EXPECT_FALSE(admits({"label=team=blue"}, image));
    EXPECT_FALSE(admits({"label!=team"}, image));
    EXPECT_TRUE(admits({"label!=team=blue"}, image));
    EXPECT_TRUE(admits({"reference=debian", "reference=alpine"}, image));
}

TEST(Filter, ComparesTimes) {
    const store::Image early = made("a", {}, "2026-01-02T00:00:00Z");
    const store::Image late = made("b", {}, "2026-01-02T13:00:00Z");
    EXPECT_TRUE(admits({"before=middle"}, early));
    EXPECT_FALSE(admits({"before=middle"}, late));
    EXPECT_TRUE(admits({"since=middle"}, late));
    EXPECT_FALSE(admits({"after=middle"}, early));
    store::Image undated = early;
    undated.created.reset();
    EXPECT_FALSE(admits({"until=12h"}, undated)) << "its age is not known";
    for (const char* limit : {"12h", "2026-01-02T12:00:00Z", "1767355200", "2026-01-03"})
        EXPECT_TRUE(admits({std::string("until=") + limit}, early)) << limit;
    for (const char* limit : {"12h", "2026-01-02T12:00:00Z", "1767355200", "2026-01-02"})
        EXPECT_FALSE(admits({std::string("until=") + limit}, late)) << limit;
}

TEST(Filter, KnowsIdsAndContainers) {
    const store::Image image = made("used", {});
    EXPECT_TRUE(admits({"id=" + image.id.hex().substr(0, 12)}, image));
    EXPECT_TRUE(admits({"id=" + image.id.text()}, image));
    EXPECT_TRUE(admits({"digest=" + image.manifest.digest.text()}, image));
    EXPECT_FALSE(admits({"id=zz"}, image));
    EXPECT_TRUE(admits({"containers=true"}, image));
    EXPECT_FALSE(admits({"containers=false"}, image));
}

Error::Kind refusal(const std::string& text) {
    const Result<Filter> filter = Filter::parse({text}, facts());
    EXPECT_FALSE(filter) << text;
    return filter ? Error::Kind::failed : filter.error().kind();
}

TEST(Filter, RefusesWhatMeansNothing) {
    for (const char* text : {"", "=", "dangling", "dangling=", "dangling=maybe", "colour=red",
                             "until=yesterday", "until=-1", "label==x", "label!==x"})
        EXPECT_EQ(refusal(text), Error::Kind::usage) << text;
    EXPECT_EQ(refusal("before=nothing"), Error::Kind::not_found);
}

}  // namespace
}  // namespace sbx::image
