#include "image/ingest.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include "image/layout_source.h"
#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"
#include "os/socket.h"
#include "store/blobs.h"
#include "store/layers.h"
#include "support/at_once.h"
#include "support/image_layout.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::ImageRecipe;
using test::succeeds;
using test::tar_file;

const std::string kOpaque = ".wh..wh..opq";

std::string layer(const std::string& content) { return tar_file("f", content); }

class Ingest : public testing::Test {
protected:
    // Takes in the image that the layout calls "it".
    Result<store::Image> ingest(const Workshop& workshop) const {
        os::Root root = TRY(os::Root::open(layout_.path()));
        LayoutSource source = TRY(LayoutSource::open(std::move(root), "it"));
        return image::ingest(
            source, workshop,
            {.platform = oci::Platform::native(), .name = TRY(oci::Reference::parse("it"))});
    }
    Result<store::Image> ingest() const { return ingest(*workshop_); }
    Result<store::Image> ingest(const ImageRecipe& recipe) {
        layout_.add_image(recipe, "it");
        return ingest();
    }
    // Takes in an image that is in no layout yet, by the digest of its manifest.
    Result<store::Image> ingest_one(const ImageRecipe& recipe) {
        const Json entry = layout_.add_image(recipe);
        layout_.list(entry);
        os::Root root = TRY(os::Root::open(layout_.path()));
        LayoutSource source =
            TRY(LayoutSource::open(std::move(root), *entry["digest"].as_string()));
        return image::ingest(source, *workshop_, {.platform = oci::Platform::native()});
    }
    // In a process of its own, which looks on with `on_step`.
    int ingest_elsewhere(const OnStep& on_step) const {
        os::Poll poll;
        const Workshop& here = *workshop_;
        const Workshop there{
            .store = here.store, .poll = poll, .ids = here.ids, .on_step = on_step};
        return ingest(there) ? 0 : 1;
    }

    store::Blobs blobs() const { return store::Blobs::open(*workshop_.store()).value(); }
    // What an attempt has left of the blob.
    void leave_partial(const std::string& blob, std::string_view bytes) const {
        const Result<store::Blobs::Partial> partial = blobs().begin(oci::Digest::of(blob));
        ASSERT_TRUE(succeeds(partial));
        ASSERT_TRUE(os::write_all(partial->file, bytes));
    }
    std::vector<std::string> partials() const { return workshop_.store().names_at("partial"); }
    std::size_t image_count() const {
        return store::Images::open(*workshop_.store())->all()->size();
    }

    test::ImageLayout layout_;
    test::TestWorkshop workshop_;
};

TEST_F(Ingest, TakesAnImageWithAllThatBelongsToIt) {
    const ImageRecipe recipe{.layers = {layer("low"), layer("high")}};
    const Result<store::Image> image = ingest(recipe);
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(workshop_.content_of(*image, "f"), "high|low|");
    EXPECT_EQ(image->id, oci::Digest::of(recipe.config()));
    EXPECT_EQ(image->bytes, 7U);
    for (const std::string& blob : {recipe.layers[0], recipe.layers[1], recipe.config()})
        EXPECT_EQ(blobs().read(oci::Digest::of(blob), 1 << 20).value_or("none"), blob);
    EXPECT_TRUE(blobs().has(image->manifest.digest));
    EXPECT_TRUE(test::bytes_of(workshop_.store().at("images/index.json"))
                    .contains("\"docker.io/library/it:latest\""));
    EXPECT_EQ(workshop_.store().names_at("tmp"), std::vector<std::string>{});
    EXPECT_EQ(partials(), std::vector<std::string>{});
}

TEST_F(Ingest, TakesNothingThatIsThere) {
    ASSERT_TRUE(succeeds(ingest({.layers = {layer("a")}})));
    workshop_.steps.clear();
    ASSERT_TRUE(succeeds(ingest()));
    ASSERT_EQ(workshop_.steps.size(), 1U);
    EXPECT_EQ(workshop_.steps[0].phase, LayerStep::Phase::present);
    EXPECT_EQ(image_count(), 1U);
}

TEST_F(Ingest, TakesAnImageOfNoLayers) {
    const Result<store::Image> image = ingest({});
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(image->layers, std::vector<std::string>{});
}

TEST_F(Ingest, UnpacksAgainWhatHasOnlyItsBlobLeft) {
    ASSERT_TRUE(succeeds(ingest({.layers = {layer("a")}})));
    const store::Layers layers = store::Layers::open(*workshop_.store()).value();
    const Result<std::vector<store::Layer>> all = layers.all();
    ASSERT_TRUE(succeeds(layers.remove(all->front(), test::one_id())));
    const Result<store::Image> image = ingest();
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(workshop_.content_of(*image, "f"), "a|");
}

// Overlay refuses the same folder twice.
// The person was granted a range of ids since.
TEST_F(Ingest, UnpacksAgainWhatWasUnpackedWithOneOwner) {
    layout_.add_image({.layers = {layer("a")}}, "it");
    os::Poll poll;
    const Workshop alone{.store = (*workshop_).store,
                         .poll = poll,
                         .ids = test::one_id(),
                         .ownership = Ownership::all_mine};
    ASSERT_TRUE(succeeds(ingest(alone)));
    const store::Layers layers = *store::Layers::open(*workshop_.store());
    EXPECT_TRUE(layers.all()->front().one_owner);
    ASSERT_TRUE(succeeds(ingest(alone)));
    EXPECT_TRUE(layers.all()->front().one_owner) << "it serves who has but one id";
    const Result<store::Image> image = ingest();
    ASSERT_TRUE(succeeds(image));
    ASSERT_EQ(layers.all()->size(), 1U);
    EXPECT_FALSE(layers.all()->front().one_owner);
    EXPECT_EQ(workshop_.content_of(*image, "f"), "a|");
}

TEST_F(Ingest, ALayerThatComesTwiceIsListedOnce) {
    const Result<store::Image> image =
        ingest({.layers = {layer("a"), layer("b"), layer("a"), test::tar_end(), test::tar_end()}});
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(workshop_.content_of(*image, "f"), "|a|b|");
    EXPECT_EQ(image->bytes, 2U);
}

TEST_F(Ingest, ALayerThatHidesAllBelowEndsTheList) {
    const std::string hides = tar_file(kOpaque, "") + tar_file("new", "");
    const Result<store::Image> image =
        ingest({.layers = {layer("hidden"), hides, tar_file("top", "")}});
    ASSERT_TRUE(succeeds(image));
    ASSERT_EQ(image->layers.size(), 2U);
    IN_NAMESPACES {
        const test::TempFolder folder;
        const std::string links = store::Layers::links_path(*workshop_.store()) + "/";
        ASSERT_TRUE(succeeds(
            os::mount_overlay(folder.path(), fmt::format("userxattr,lowerdir={0}{1}:{0}{2}", links,
                                                         image->layers[0], image->layers[1]))));
        EXPECT_EQ(test::names_in_folder(folder.path()), (std::vector<std::string>{"new", "top"}));
        ASSERT_EQ(::umount2(folder.path().c_str(), MNT_DETACH), 0);
    };
    EXPECT_TRUE(succeeds(ingest())) << "all layers are there, whether they show or not";
}

TEST_F(Ingest, ALayerThatIsNotTheOneOfTheConfigurationIsRefused) {
    const Result<store::Image> image =
        ingest({.layers = {layer("a")}, .diff_ids = {oci::Digest::of("b").text()}});
    EXPECT_TRUE(fails_saying(image, "unpacked it is '" + oci::Digest::of(layer("a")).text() +
                                        "', where the configuration says '" +
                                        oci::Digest::of("b").text() + "'"));
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST_F(Ingest, ABlobIsNotTwoLayers) {
    EXPECT_TRUE(fails_saying(
        ingest({.layers = {layer("a"), layer("a")},
                .diff_ids = {oci::Digest::of(layer("a")).text(), oci::Digest::of("b").text()}}),
        "has two diff ids"));
}

TEST_F(Ingest, ABlobWithOtherBytesNeverEnters) {
    layout_.add_image({.layers = {layer("a"), layer("b")}}, "it");
    test::make_file(layout_.blob_path(layer("a")), layer("x"));
    EXPECT_TRUE(fails_saying(ingest(), "layer '" + oci::Digest::of(layer("a")).text() +
                                           "': the content is not what its digest says"));
    EXPECT_EQ(workshop_.left_over(), "");
    EXPECT_FALSE(
        test::exists(workshop_.store().at("partial/" + oci::Digest::of(layer("a")).hex())));
    test::make_file(layout_.blob_path(layer("a")), layer("a"));
    EXPECT_TRUE(succeeds(ingest()));
}

TEST_F(Ingest, ABlobThatIsMissingOrCutShortIsNamed) {
    layout_.add_image({.layers = {layer("a")}}, "it");
    test::make_file(layout_.blob_path(layer("a")), layer("a").substr(0, 600));
    EXPECT_TRUE(fails_saying(ingest(), "has 600 bytes, where 1024 belong"));
    ASSERT_EQ(::unlink(layout_.blob_path(layer("a")).c_str()), 0);
    EXPECT_TRUE(fails_saying(ingest(), "No such file"));
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST_F(Ingest, ALayerThatCannotBeUnpackedLeavesNothing) {
    for (const std::string& bad :
         {std::string(3000, 'x'), tar_file(".wh..", ""), "\x1f\x8b\x08" + std::string(2000, 'x')}) {
        EXPECT_TRUE(fails_saying(ingest_one({.layers = {bad}}), "unpacking: ")) << bad;
        EXPECT_EQ(workshop_.left_over(), "");
        EXPECT_EQ(partials(), std::vector<std::string>{}) << "to fail the next attempt as well";
    }
}

TEST_F(Ingest, TakesUpWhatAnEarlierAttemptLeft) {
    const std::string blob = layer(std::string(100'000, 'x'));
    leave_partial(blob, blob.substr(0, 60'000));
    const Result<store::Image> image = ingest({.layers = {blob}});
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(workshop_.content_of(*image, "f").size(), 100'001U);
    EXPECT_EQ(blobs().read(oci::Digest::of(blob), 1 << 20).value_or("none"), blob);
}

TEST_F(Ingest, TakesUpWhatIsWholeAlready) {
    leave_partial(layer("a"), layer("a"));
    layout_.add_image({.layers = {layer("a")}}, "it");
    ASSERT_EQ(::unlink(layout_.blob_path(layer("a")).c_str()), 0);
    EXPECT_TRUE(succeeds(ingest())) << "nothing of it has to be brought";
}

TEST_F(Ingest, BeginsAgainWhereMoreWasLeftThanBelongs) {
    leave_partial(layer("a"), layer("a") + "and more");
    ASSERT_TRUE(succeeds(ingest({.layers = {layer("a")}})));
    EXPECT_EQ(blobs().read(oci::Digest::of(layer("a")), 1 << 20).value_or("none"), layer("a"));
}

TEST_F(Ingest, ABadBeginningFailsOneAttemptAlone) {
    const std::string blob = layer("a");
    layout_.add_image({.layers = {blob}}, "it");
    leave_partial(blob, layer("x").substr(0, 600));
    EXPECT_TRUE(fails_saying(ingest(), "the content is not what its digest says"));
    leave_partial(blob, std::string(600, 'x'));
    EXPECT_TRUE(fails_saying(ingest(), "unpacking: "));
    EXPECT_TRUE(succeeds(ingest()));
    EXPECT_EQ(blobs().read(oci::Digest::of(blob), 1 << 20).value_or("none"), blob);
}

TEST_F(Ingest, IsDoneByManyProcessesAtOnce) {
    layout_.add_image({.layers = {layer("a"), layer(std::string(200'000, 'b')), layer("c")}}, "it");
    const std::vector<int> codes =
        test::at_once(5, [&](int) { return ingest_elsewhere([](const LayerStep&) {}); });
    EXPECT_EQ(codes, std::vector<int>(5, 0));
    EXPECT_EQ(image_count(), 1U);
    EXPECT_EQ(workshop_.store().names_at("layers/l").size(), 3U);
    EXPECT_EQ(workshop_.store().names_at("tmp"), std::vector<std::string>{});
    EXPECT_EQ(partials(), std::vector<std::string>{});
}

TEST_F(Ingest, WaitsForABlobThatAnotherBrings) {
    layout_.add_image({.layers = {layer("a")}}, "it");
    Result<store::Blobs::Partial> partial = blobs().begin(oci::Digest::of(layer("a")));
    ASSERT_TRUE(succeeds(partial));
    os::SocketPair line = os::open_socket_pair().value();
    Result<os::Process> waiting = os::spawn(0, [&] {
        ::_exit(ingest_elsewhere([&](const LayerStep& step) {
            if (step.phase == LayerStep::Phase::waiting) (void)os::send_message(line.other, "w");
        }));
    });
    ASSERT_TRUE(succeeds(os::receive_message(line.one)));
    ASSERT_TRUE(succeeds(blobs().drop(*std::move(partial), oci::Digest::of(layer("a")))));
    EXPECT_EQ(waiting->wait()->code, 0);
    EXPECT_EQ(image_count(), 1U);
}

// At each of the steps that it tells of.
TEST_F(Ingest, AKilledOneLeavesWhatTheNextTakesUp) {
    layout_.add_image({.layers = {layer("a"), layer("b")}}, "it");
    for (int deadly = 0; deadly < 4; ++deadly) {
        const std::vector<int> codes = test::at_once(1, [&](int) {
            int steps = 0;
            return ingest_elsewhere([&](const LayerStep&) {
                if (steps++ == deadly) ::raise(SIGKILL);
            });
        });
        if (codes.front() == 0 && deadly >= 2) break;  // two layers at once take fewer at times
        EXPECT_EQ(codes.front(), 128 + SIGKILL) << deadly;
        EXPECT_EQ(image_count(), 0U);
        // A layer whose last unpacker still lives is waited for, and the other one published
        // before.
        EXPECT_LE(blobs().all()->size(), 1U);
    }
    ASSERT_TRUE(succeeds(ingest()));
    ASSERT_TRUE(succeeds(workshop_.store()->sweep(test::one_id())));
    EXPECT_EQ(workshop_.store().names_at("tmp"), std::vector<std::string>{});
}

}  // namespace
}  // namespace sbx::image
