#include "image/registry_source.h"

#include "kernel/registry/hostile_client.h"
#include "support/results.h"

namespace sbx::image {
namespace {

using test::succeeds;

class RegistrySourceTest : public registry::HostileClient {
protected:
    RegistrySource source(const std::string& name) {
        client_.emplace(open());
        return RegistrySource(*client_, reference(name));
    }
    // Its one layer in `sink_`, or the words of the failure.
    std::string fetch_layer(const std::string& name, std::uint64_t from = 0) {
        RegistrySource at = source(name);
        const Result<Document> top = at.top();
        if (!top) return top.error().text();
        const auto parsed = oci::parse_manifest(top->bytes, top->media_type);
        layer_ = std::get<oci::Manifest>(*parsed).layers.front();
        const Result<> started = at.fetch(*layer_, from, sink_);
        return started ? sink_.wait(poll_) : started.error().text();
    }

    std::optional<registry::Client> client_;
};

TEST_F(RegistrySourceTest, BringsManifestConfigurationAndBlobs) {
    RegistrySource at = source("open/good");
    const Result<Document> top = at.top();
    ASSERT_TRUE(succeeds(top));
    const auto parsed = oci::parse_manifest(top->bytes, top->media_type);
    const oci::Manifest& manifest = std::get<oci::Manifest>(*parsed);
    const Result<Document> config = at.document(manifest.config, oci::kLargestConfig);
    ASSERT_TRUE(succeeds(config));
    EXPECT_EQ(oci::Digest::of(config->bytes), manifest.config.digest);
    EXPECT_EQ(fetch_layer("open/good"), "");
    EXPECT_TRUE(is_whole());
}

// Registries keep them apart: a manifest is not to be had as a blob.
TEST_F(RegistrySourceTest, AsksForManifestsAsManifests) {
    RegistrySource at = source("open/good");
    const Document top = at.top().value();
    const oci::Descriptor itself{.media_type = top.media_type,
                                 .digest = oci::Digest::of(top.bytes),
                                 .size = top.bytes.size()};
    const Result<Document> again = at.document(itself, oci::kLargestManifest);
    ASSERT_TRUE(succeeds(again));
    EXPECT_EQ(again->bytes, top.bytes);
    EXPECT_EQ(log_of("plain", "/manifests/" + itself.digest.text()).size(), 1U);
}

TEST_F(RegistrySourceTest, BringsTheRestOfABlob) {
    EXPECT_EQ(fetch_layer("open/good", 2'999'000), "");
    EXPECT_EQ(sink_.bytes.size(), 1000U);
}

TEST_F(RegistrySourceTest, BringsNothingMoreOnceItIsCancelled) {
    RegistrySource at = source("open/stall");
    const Document top = at.top().value();
    const auto parsed = oci::parse_manifest(top.bytes, top.media_type);
    ASSERT_TRUE(succeeds(at.fetch(std::get<oci::Manifest>(*parsed).layers[0], 0, sink_)));
    while (sink_.bytes.empty())
        ASSERT_TRUE(poll_.wait());
    const std::size_t before = sink_.bytes.size();
    at.cancel(sink_);
    ASSERT_TRUE(poll_.wait(os::Poll::Clock::now()));
    EXPECT_EQ(sink_.bytes.size(), before);
    EXPECT_EQ(sink_.ends, 0);
}

}  // namespace
}  // namespace sbx::image
