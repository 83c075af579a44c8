// With docker's own registry. What registries do wrong is in tests/kernel/registry.
#include "image/pull.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "store/blobs.h"
#include "support/at_once.h"
#include "support/image_layout.h"
#include "support/registries.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;

std::string layer(const std::string& content) { return test::tar_file("f", content); }

class Pull : public testing::Test {
protected:
    static void SetUpTestSuite() {
        test::ImageLayout layout;
        layout.add_image({.layers = {layer("low"), layer("high")}}, "one");
        layout.add_image({.layers = {layer("low"), layer("new")}}, "two");
        registry().push_layout("team/app:1", layout.path() + ":one");
        registry().push_layout("team/app:2", layout.path() + ":two");
    }
    static test::DockerRegistry& registry() { return test::DockerRegistry::instance(); }
    static std::string name(const std::string& name) { return registry().host() + "/" + name; }

    static PullOptions options() {
        return {.registry = {.retry_delay = std::chrono::milliseconds(2), .environment = {}},
                .registries = {{registry().host(), {.insecure = true}}}};
    }
    Result<store::Image> pull(const std::string& text) {
        return image::pull(text, *workshop_, options());
    }
    // What the newest layer of the image has, or the words of the failure.
    std::string obtain(const std::string& text, PullPolicy policy) {
        const Result<Obtained> obtained = image::obtain(text, policy, *workshop_, options());
        if (!obtained) return obtained.error().text();
        const std::string content = workshop_.content_of(obtained->image, "f");
        return content + (obtained->unreachable ? " unreachable" : "");
    }

    test::TestWorkshop workshop_;
};

TEST_F(Pull, TakesAnImageUnderTheNameItWasAskedFor) {
    const Result<store::Image> image = pull(name("team/app:1"));
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(workshop_.content_of(*image, "f"), "high|low|");
    const store::Images images = store::Images::open(*workshop_.store()).value();
    EXPECT_EQ(images.find(name("team/app:1"))->id, image->id);
    EXPECT_EQ(workshop_.steps.back().phase, LayerStep::Phase::done);
}

TEST_F(Pull, BringsOnlyWhatIsMissing) {
    ASSERT_TRUE(succeeds(pull(name("team/app:1"))));
    workshop_.steps.clear();
    ASSERT_TRUE(succeeds(pull(name("team/app:2"))));
    EXPECT_EQ(workshop_.steps.front().phase, LayerStep::Phase::present);
    EXPECT_EQ(workshop_.steps.front().digest, oci::Digest::of(layer("low")));
    EXPECT_EQ(workshop_.store().names_at("layers/l").size(), 3U);
}

TEST_F(Pull, ByDigestTakesThatImage) {
    const store::Image one = pull(name("team/app:1")).value();
    const std::string by_digest = name("team/app@" + one.manifest.digest.text());
    const Result<store::Image> image = pull(by_digest);
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(image->id, one.id);
    EXPECT_EQ(store::Images::open(*workshop_.store())->find(by_digest)->id, one.id);
}

TEST_F(Pull, TakesUpWhatAnEarlierOneLeft) {
    const std::string blob = layer(std::string(500'000, 'x'));
    test::ImageLayout layout;
    layout.add_image({.layers = {blob}}, "it");
    registry().push_layout("team/large:1", layout.path() + ":it");
    {
        const store::Blobs blobs = store::Blobs::open(*workshop_.store()).value();
        const store::Blobs::Partial partial = blobs.begin(oci::Digest::of(blob)).value();
        ASSERT_TRUE(os::write_all(partial.file, blob.substr(0, 400'000)));
    }
    ASSERT_TRUE(succeeds(pull(name("team/large:1"))));
    EXPECT_GE(workshop_.steps.front().bytes, 400'000U);
}

TEST_F(Pull, OfOneImageByManyProcesses) {
    const std::vector<int> codes = test::at_once(4, [&](int) {
        os::Poll poll;
        const Workshop here{.store = *workshop_.store(), .poll = poll, .ids = test::one_id()};
        return image::pull(name("team/app:1"), here, options()) ? 0 : 1;
    });
    EXPECT_EQ(codes, std::vector<int>(4, 0));
    EXPECT_EQ(store::Images::open(*workshop_.store())->all()->size(), 1U);
    EXPECT_EQ(workshop_.store().names_at("layers/l").size(), 2U);
    EXPECT_EQ(workshop_.store().names_at("tmp"), std::vector<std::string>{});
    EXPECT_EQ(workshop_.store().names_at("partial"), std::vector<std::string>{});
}

TEST_F(Pull, OfAllTagsTakesEach) {
    const Result<std::vector<store::Image>> images =
        pull_all_tags(name("team/app"), *workshop_, options());
    ASSERT_TRUE(succeeds(images));
    EXPECT_EQ(images->size(), 2U);
    EXPECT_EQ(store::Images::open(*workshop_.store())->all_names()->size(), 2U);
}

TEST_F(Pull, SaysWhatIsNotThere) {
    EXPECT_TRUE(fails_saying(pull(name("team/none:1")), "cannot pull '" + name("team/none:1")));
    EXPECT_TRUE(fails_saying(pull(name("team/app:none")), "cannot pull '"));
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST_F(Pull, OfAnotherPlatformIsRefused) {
    const oci::Platform other{.os = "linux", .architecture = "s390x"};
    PullOptions wanted = options();
    wanted.platform = other;
    const Result<store::Image> image = image::pull(name("team/app:1"), *workshop_, wanted);
    EXPECT_TRUE(fails_saying(image, "not for linux/s390x"));
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST(Policy, IsOneOfFour) {
    EXPECT_EQ(parse_pull_policy("always").value(), PullPolicy::always);
    EXPECT_EQ(parse_pull_policy("missing").value(), PullPolicy::missing);
    EXPECT_EQ(parse_pull_policy("never").value(), PullPolicy::never);
    EXPECT_EQ(parse_pull_policy("newer").value(), PullPolicy::newer);
    EXPECT_TRUE(fails_saying(parse_pull_policy("Always"),
                             "'Always' is none of missing, always, never, newer"));
}

TEST_F(Pull, APolicySaysWhetherTheRegistryIsAsked) {
    test::ImageLayout layout;
    layout.add_image({.layers = {layer("old")}}, "old");
    layout.add_image({.layers = {layer("new")}}, "new");
    registry().push_layout("team/moving:1", layout.path() + ":old");
    const std::string moving = name("team/moving:1");
    EXPECT_EQ(obtain(moving, PullPolicy::never), "there is no image '" + moving + "'");
    EXPECT_EQ(obtain(moving, PullPolicy::missing), "old|");
    registry().push_layout("team/moving:1", layout.path() + ":new");
    EXPECT_EQ(obtain(moving, PullPolicy::missing), "old|");
    EXPECT_EQ(obtain(moving, PullPolicy::never), "old|");
    EXPECT_EQ(obtain(moving, PullPolicy::newer), "new|");
    registry().push_layout("team/moving:1", layout.path() + ":old");
    EXPECT_EQ(obtain(moving, PullPolicy::always), "old|");
}

TEST_F(Pull, WithoutARegistryWhatIsHereServesWhereThatWillDo) {
    const store::Image one = pull(name("team/app:1")).value();
    const store::Images images = store::Images::open(*workshop_.store()).value();
    const std::string gone = "127.0.0.1:1/gone:1";
    ASSERT_TRUE(images.name(oci::Reference::parse(gone).value(), one.id));
    EXPECT_EQ(obtain(gone, PullPolicy::missing), "high|low|");
    EXPECT_EQ(obtain(gone, PullPolicy::newer), "high|low| unreachable");
    EXPECT_TRUE(obtain(gone, PullPolicy::always).starts_with("cannot pull '" + gone));
}

TEST_F(Pull, AnIdIsNeverAskedFor) {
    const store::Image one = pull(name("team/app:1")).value();
    EXPECT_EQ(obtain(one.id.text(), PullPolicy::always), "high|low|");
    const std::string none(64, '0');
    EXPECT_EQ(obtain(none, PullPolicy::always), "there is no image '" + none + "'");
}

}  // namespace
}  // namespace sbx::image
