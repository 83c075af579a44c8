#include "registry/courier.h"

#include "kernel/registry/hostile_client.h"

namespace sbx::registry {
namespace {

class Errands : public HostileClient {
protected:
    void SetUp() override {
        HostileClient::SetUp();
        timers_ = *os::Timers::open(poll_);
        http_ = *Http::open(poll_, *timers_, {});
        courier_.emplace(*http_, *timers_, std::chrono::milliseconds(2));
    }
    void TearDown() override { courier_.reset(); }

    Courier::Id send(const std::string& url, Retries retries) {
        return courier_->send({.url = *Url::parse(url)}, retries, [this](Result<Response> result) {
            result_.emplace(std::move(result));
        });
    }
    std::string manifest(const std::string& name) const {
        return fmt::format("http://{}/v2/{}/manifests/1", server_.host(), name);
    }
    // The status, or the words of the error.
    std::string wait() {
        while (!result_)
            if (!poll_.wait()) break;
        return *result_ ? fmt::format("{}", (*result_)->status) : result_->error().text();
    }

    std::unique_ptr<os::Timers> timers_;
    std::unique_ptr<Http> http_;
    std::optional<Courier> courier_;
    std::optional<Result<Response>> result_;
};

TEST_F(Errands, AreRunAgainUntilTheyAreAnswered) {
    send(manifest("m500-2"), {.after_refusal = 2});
    EXPECT_EQ(wait(), "200");
    EXPECT_EQ(server_.log().size(), 3U);
}

TEST_F(Errands, EndWithTheLastAnswer) {
    send(manifest("m500-90"), {.after_refusal = 2});
    EXPECT_EQ(wait(), "500");
    EXPECT_EQ(server_.log().size(), 3U);
}

TEST_F(Errands, ToNobodyEndInAnErrorThatMayPass) {
    send("http://127.0.0.1:1/", {.after_silence = 2});
    EXPECT_EQ(wait(), "connect to '127.0.0.1:1': Connection refused");
    EXPECT_EQ(result_->error().kind(), Error::Kind::busy);
}

TEST_F(Errands, ThatAreCancelledAreForgotten) {
    const Courier::Id id = send(manifest("m500-91"), {.after_refusal = 1000});
    while (server_.log().empty())
        ASSERT_TRUE(poll_.wait());
    courier_->cancel(id);
    send(manifest("good"), {});
    EXPECT_EQ(wait(), "200");
}

}  // namespace
}  // namespace sbx::registry
