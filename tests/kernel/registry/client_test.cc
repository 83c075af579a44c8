// What goes well with docker's own registry, and manifests of one that lies.
#include "registry/client.h"

#include "kernel/registry/hostile_client.h"

namespace sbx::registry {
namespace {

std::string noise(std::size_t size, char seed) {
    std::string bytes(size, seed);
    std::uint32_t state = static_cast<unsigned char>(seed);
    for (char& c : bytes)
        c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return bytes;
}

class DockersRegistry : public testing::Test {
protected:
    static void SetUpTestSuite() {
        server_ = &test::DockerRegistry::instance();
        server_->push("team/app:1", {noise(3'000'000, 'a'), noise(10, 'b')});
        server_->push("team/app:2", {noise(10, 'b')});
    }

    void SetUp() override {
        Result<Client> client = Client::open(
            poll_, Routes({}, {{server_->host(), {.insecure = true}}}), {.environment = {}});
        ASSERT_TRUE(client) << client.error().text();
        client_.emplace(*std::move(client));
    }

    oci::Reference reference(const std::string& name) const {
        return *oci::Reference::parse(server_->host() + "/" + name);
    }

    oci::Manifest manifest(const oci::Reference& reference) {
        const Result<Client::Fetched> fetched = client_->manifest(reference);
        EXPECT_TRUE(fetched) << fetched.error().text();
        return std::get<oci::Manifest>(*oci::parse_manifest(fetched->bytes, fetched->media_type));
    }

    static test::DockerRegistry* server_;
    os::Poll poll_;
    std::optional<Client> client_;
};
test::DockerRegistry* DockersRegistry::server_ = nullptr;

TEST_F(DockersRegistry, GivesAManifestByTagAndByDigest) {
    const Result<Client::Fetched> by_tag = client_->manifest(reference("team/app:1"));
    ASSERT_TRUE(by_tag) << by_tag.error().text();
    EXPECT_EQ(by_tag->media_type, oci::media::kManifest);
    const Result<Client::Fetched> by_digest =
        client_->manifest(reference("team/app").with_digest(by_tag->digest));
    ASSERT_TRUE(by_digest) << by_digest.error().text();
    EXPECT_EQ(by_digest->bytes, by_tag->bytes);
}

TEST_F(DockersRegistry, GivesBlobsSeveralAtOnce) {
    const oci::Reference app = reference("team/app:1");
    const oci::Manifest image = manifest(app);
    std::vector<test::MemorySink> sinks(12);
    for (std::size_t i = 0; i < sinks.size(); ++i)
        ASSERT_TRUE(client_->download(app, image.layers[i % 2], 0, sinks[i]));
    for (std::size_t i = 0; i < sinks.size(); ++i) {
        EXPECT_EQ(sinks[i].wait(poll_), "");
        EXPECT_EQ(oci::Digest::of(sinks[i].bytes), image.layers[i % 2].digest);
    }
}

TEST_F(DockersRegistry, GivesTheRestOfABlob) {
    const oci::Reference app = reference("team/app:1");
    const oci::Manifest image = manifest(app);
    test::MemorySink sink;
    sink.bytes = noise(3'000'000, 'a').substr(0, 1'234'567);
    ASSERT_TRUE(client_->download(app, image.layers[0], sink.bytes.size(), sink));
    EXPECT_EQ(sink.wait(poll_), "");
    EXPECT_EQ(sink.restarts, 0);
    EXPECT_EQ(oci::Digest::of(sink.bytes), image.layers[0].digest);
}

TEST_F(DockersRegistry, NothingIsAskedForWhereNothingIsMissing) {
    const oci::Reference nowhere = *oci::Reference::parse("nowhere.invalid/a");
    test::MemorySink sink;
    const oci::Descriptor whole{.media_type = "", .digest = oci::Digest::of("abc"), .size = 3};
    ASSERT_TRUE(client_->download(nowhere, whole, 3, sink));
    EXPECT_EQ(sink.ends, 0);
    EXPECT_EQ(sink.wait(poll_), "");
}

TEST_F(DockersRegistry, GivesASmallBlobWhole) {
    const oci::Reference app = reference("team/app:2");
    const oci::Manifest image = manifest(app);
    const Result<std::string> config = client_->blob(app, image.config, oci::kLargestConfig);
    ASSERT_TRUE(config) << config.error().text();
    EXPECT_TRUE(config->contains("diff_ids"));
    const Result<std::string> limited = client_->blob(app, image.config, 5);
    ASSERT_FALSE(limited);
    EXPECT_TRUE(limited.error().text().ends_with("bytes, more than 5")) << limited.error().text();
}

TEST_F(DockersRegistry, ListsTags) {
    const Result<std::vector<std::string>> tags = client_->tags(reference("team/app"));
    ASSERT_TRUE(tags) << tags.error().text();
    EXPECT_EQ(*tags, (std::vector<std::string>{"1", "2"}));
}

TEST_F(DockersRegistry, SaysWhatItDoesNotHave) {
    const Result<Client::Fetched> missing = client_->manifest(reference("team/app:none"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind(), Error::Kind::not_found);
    EXPECT_EQ(missing.error().text(),
              fmt::format("fetching the manifest of '{0}/team/app:none': the registry '{0}' says: "
                          "manifest unknown (404)",
                          server_->host()));
}

TEST_F(DockersRegistry, IsNotAskedOverPlainHttpUnlessItMayBe) {
    Result<Client> strict = Client::open(poll_, Routes({}, {}), {.retries = 0});
    ASSERT_TRUE(strict);
    const Result<Client::Fetched> refused = strict->manifest(reference("team/app:1"));
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().text().contains("TLS with '" + server_->host()))
        << refused.error().text();
    EXPECT_TRUE(refused.error().hint().contains("--tls-verify=false, or insecure = true"));
}

class Manifests : public HostileClient {};

TEST_F(Manifests, ThatAreNotWhatTheRegistrySaysAreRefused) {
    Client client = open();
    const std::string error = manifest_of(client, "wrongdigest:1");
    EXPECT_TRUE(error.contains("says the manifest is 'sha256:")) << error;
    EXPECT_TRUE(error.contains("', but what it sends is 'sha256:")) << error;
}

TEST_F(Manifests, ThatAreNotWhatWasAskedForAreRefused) {
    Client client = open();
    const Result<Client::Fetched> good = client.manifest(reference("good:1"));
    ASSERT_TRUE(good);
    const oci::Reference by_digest = reference("otherbody:1").with_digest(good->digest);
    const Result<Client::Fetched> other = client.manifest(by_digest);
    ASSERT_FALSE(other);
    EXPECT_TRUE(other.error().text().contains("sends a manifest that has another digest, 'sha256:"))
        << other.error().text();
}

TEST_F(Manifests, AreAskedForByDigestWhereThereIsATagToo) {
    Client client = open();
    const Result<Client::Fetched> good = client.manifest(reference("good:1"));
    ASSERT_TRUE(good);
    server_.forget();
    ASSERT_TRUE(client.manifest(reference("good:other").with_digest(good->digest)));
    EXPECT_EQ(*server_.log().front()["path"].as_string(),
              "/v2/good/manifests/" + good->digest.text());
}

// A registry whose mirror is another port of the same server.
class Mirrors : public HostileClient {
protected:
    Client open_mirrored(const std::string& below, Mirror::Use use = Mirror::Use::always) {
        const Mirror mirror{
            .location = server_.host("other") + below, .insecure = true, .use = use};
        const Rule rule{.prefix = server_.host(),
                        .location = server_.host(),
                        .insecure = true,
                        .mirrors = {mirror}};
        return open(Routes({.rules = {rule}}, {}), patient());
    }
};

TEST_F(Mirrors, AreAskedFirst) {
    Client client = open_mirrored("");
    EXPECT_EQ(layer_of(client, "good:1"), "");
    EXPECT_TRUE(log_of("plain").empty());
}

TEST_F(Mirrors, AreAskedForWhatTheyAreUsedFor) {
    Client client = open_mirrored("", Mirror::Use::by_digest);
    EXPECT_EQ(manifest_of(client, "good:1"), "fetched");
    EXPECT_TRUE(log_of("other").empty());
}

TEST_F(Mirrors, ThatHaveNothingArePassedOver) {
    Client client = open_mirrored("/nothing/at/all");
    EXPECT_EQ(layer_of(client, "good:1"), "");
    EXPECT_FALSE(log_of("other").empty());
    EXPECT_EQ(sink_.restarts, 0);
}

TEST_F(Mirrors, ThatFailInTheMiddleLeaveNothingBehind) {
    Client client = open();
    ASSERT_EQ(layer_of(client, "good:1"), "");
    Client mirrored = open_mirrored("");
    sink_ = {};
    ASSERT_TRUE(mirrored.download(reference("mirrorextra:1"), *layer_, 0, sink_));
    EXPECT_EQ(sink_.wait(poll_), "");
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(sink_.restarts, 1);
}

}  // namespace
}  // namespace sbx::registry
