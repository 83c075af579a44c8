// Blobs that come in pieces, wrong, late or not at all.
#include "registry/download.h"

#include "kernel/registry/hostile_client.h"

namespace sbx::registry {
namespace {

class Downloads : public HostileClient {
protected:
    std::vector<std::string> ranges() const {
        std::vector<std::string> all;
        for (const Json& entry : log_of("plain", "/blobs/")) {
            const std::string* range = entry["range"].as_string();
            all.push_back(range ? *range : "whole");
        }
        return all;
    }
};

TEST_F(Downloads, ArriveWhole) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "good:1"), "");
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(sink_.ends, 1);
    EXPECT_EQ(sink_.restarts, 0);
}

TEST_F(Downloads, ArriveWithoutALength) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "nolength:1"), "");
    EXPECT_TRUE(is_whole());
}

TEST_F(Downloads, AreResumedWhereTheyWereCut) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "cut-1200000:1"), "");
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(sink_.restarts, 0);
    EXPECT_EQ(ranges(), (std::vector<std::string>{"whole", "bytes=1200000-", "bytes=2400000-"}));
}

TEST_F(Downloads, GoOnForAsLongAsThereIsProgress) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "cut-1100000:1"), "");
    EXPECT_EQ(sink_.restarts, 0);
}

TEST_F(Downloads, EndAfterFiveCutsWithoutProgress) {
    Client client = open();
    const std::string error = layer_of(client, "cutall-1000000:1");
    EXPECT_TRUE(error.contains("at 33 %: ")) << error;
    EXPECT_TRUE(error.contains("cut the connection")) << error;
    EXPECT_TRUE(error.starts_with("fetching blob 'sha256:")) << error;
    EXPECT_EQ(ranges().size(), 5U);
    EXPECT_EQ(sink_.ends, 1);
}

TEST_F(Downloads, BeginAgainWhereTheServerKnowsNoRanges) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "cutnorange-1500000:1"), "");
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(sink_.restarts, 1);
    EXPECT_EQ(ranges(), (std::vector<std::string>{"whole", "bytes=1500000-"}));
}

// What came before came again: that is no progress, however many bytes it was.
TEST_F(Downloads, BeginAgainOnlySoOften) {
    Client client = open();
    EXPECT_TRUE(layer_of(client, "cutallnorange-2000000:1").contains("at 66 %"));
    EXPECT_LE(ranges().size(), 7U);
}

TEST_F(Downloads, BeginAgainAfterARangeThatWasNotAskedFor) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "badrange-1500000:1"), "");
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(sink_.restarts, 1);
    EXPECT_EQ(ranges(), (std::vector<std::string>{"whole", "bytes=1500000-", "whole"}));
}

TEST_F(Downloads, WithMoreBytesThanTheyShouldHaveAreRefused) {
    Client client = open();
    EXPECT_TRUE(layer_of(client, "extra:1").contains("sends more than the 3000000 bytes"));
    EXPECT_LE(sink_.bytes.size(), 3'000'000U);
    EXPECT_EQ(ranges().size(), 1U);
}

TEST_F(Downloads, WithFewerBytesThanTheyShouldHaveAreRefused) {
    Client client = open();
    const std::string error = layer_of(client, "short:1");
    EXPECT_TRUE(error.contains("ends it after 1000 bytes of 3000000")) << error;
}

TEST_F(Downloads, WithOtherBytesAreForTheSinkToRefuse) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "flip:1"), "");
    EXPECT_FALSE(is_whole());
    const Result<std::string> blob = client.blob(reference("flip:1"), *layer_, 4'000'000);
    ASSERT_FALSE(blob);
    EXPECT_TRUE(blob.error().text().contains("came with another digest")) << blob.error().text();
}

TEST_F(Downloads, ThatStallAreGivenUpInTime) {
    Options options = patient();
    options.stalled = std::chrono::seconds(1);
    options.retries = 0;
    Client client = open(std::move(options));
    const std::string error = layer_of(client, "stall:1");
    EXPECT_TRUE(error.contains("at 33 %: no data from '" + server_.host() + "' for 1 s")) << error;
}

TEST_F(Downloads, ThatAreSlowArrive) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "slow:1"), "");
    EXPECT_TRUE(is_whole());
}

TEST_F(Downloads, OfABusyServerAreTriedAgain) {
    Client client = open();
    for (const char* name : {"b429-3:1", "b500-3:1", "b503-2:1"}) {
        EXPECT_EQ(layer_of(client, name), "") << name;
        EXPECT_TRUE(is_whole()) << name;
    }
}

TEST_F(Downloads, OfAServerThatStaysBusyEnd) {
    Client client = open();
    EXPECT_TRUE(layer_of(client, "b429-4:1").ends_with("says: slow down (429)"));
    EXPECT_EQ(ranges().size(), 4U);
}

TEST_F(Downloads, ThatAreRefusedAreNotTriedAgain) {
    Client client = open();
    EXPECT_TRUE(layer_of(client, "gone:1").ends_with("says: blob unknown to registry (404)"));
    EXPECT_EQ(sink_.outcome.error().kind(), Error::Kind::not_found);
    EXPECT_TRUE(
        layer_of(client, "forbidden:1").ends_with("says: requested access is denied (403)"));
    EXPECT_EQ(sink_.outcome.error().kind(), Error::Kind::denied);
    EXPECT_EQ(ranges().size(), 2U);
}

TEST_F(Downloads, ThatAreAWebPageAreRefused) {
    Client client = open();
    const std::string error = layer_of(client, "webblob:1");
    EXPECT_TRUE(error.ends_with("answered 200: not a registry's reply (text/html)")) << error;
    EXPECT_EQ(sink_.bytes, "");
}

class Refusing : public test::MemorySink {
public:
    Result<> add(std::string_view) override { return Error(Error::Kind::busy, "the disk is full"); }
};

TEST_F(Downloads, EndWithTheErrorOfTheirSink) {
    Client client = open();
    ASSERT_EQ(layer_of(client, "good:1"), "");
    server_.forget();
    Refusing sink;
    ASSERT_TRUE(client.download(reference("good:1"), *layer_, 0, sink));
    EXPECT_TRUE(sink.wait(poll_).ends_with("the disk is full"));
    EXPECT_EQ(ranges().size(), 1U);
}

TEST_F(Downloads, ThatAreCancelledSayNothingMore) {
    Client client = open();
    ASSERT_EQ(layer_of(client, "good:1"), "");
    test::MemorySink cancelled;
    ASSERT_TRUE(client.download(reference("slow:1"), *layer_, 0, cancelled));
    while (cancelled.bytes.empty())
        ASSERT_TRUE(poll_.wait());
    client.cancel(cancelled);
    EXPECT_EQ(layer_of(client, "slow:1"), "");
    EXPECT_EQ(cancelled.ends, 0);
}

TEST_F(Downloads, StopWithTheirClient) {
    {
        Client client = open();
        ASSERT_EQ(layer_of(client, "good:1"), "");
        sink_ = {};
        ASSERT_TRUE(client.download(reference("slow:1"), *layer_, 0, sink_));
        while (sink_.bytes.empty())
            ASSERT_TRUE(poll_.wait());
    }
    EXPECT_TRUE(poll_.empty());
    EXPECT_EQ(sink_.ends, 0);
}

}  // namespace
}  // namespace sbx::registry
