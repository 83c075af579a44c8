#include "cli/progress.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace sbx::cli {
namespace {

using Phase = image::LayerStep::Phase;

image::LayerStep step(Phase phase, std::uint64_t bytes, std::uint64_t size) {
    return {.digest = oci::Digest::of("layer"), .phase = phase, .bytes = bytes, .size = size};
}

const std::string kId = oci::Digest::of("layer").short_hex();

TEST(ProgressLine, HasABarWhereThereIsRoom) {
    EXPECT_EQ(progress_line(step(Phase::fetching, 500, 1000), 100),
              kId + "  [===============               ]  500 B / 1 kB  fetching");
    EXPECT_EQ(progress_line(step(Phase::fetching, 500, 1000), 60),
              kId + "  500 B / 1 kB  fetching");
    EXPECT_EQ(progress_line(step(Phase::done, 1000, 1000), 100), kId + "  1 kB  done");
}

TEST(ProgressLine, NeverIsWiderThanTheTerminal) {
    for (std::size_t columns = 1; columns < 120; ++columns)
        EXPECT_LE(utf8::width(progress_line(step(Phase::unpacking, 1, 3), columns)), columns);
}

TEST(ProgressLine, BearsWithSizesThatDoNotFit) {
    const std::string full = "[" + std::string(30, '=') + "]";
    EXPECT_TRUE(progress_line(step(Phase::fetching, 2000, 1000), 100).contains(full));
    EXPECT_TRUE(progress_line(step(Phase::fetching, 0, 0), 100).contains(full));
}

TEST(ProgressLine, InALogSaysWhatHappened) {
    EXPECT_EQ(progress_line(step(Phase::present, 0, 1000), 0), kId + "  1 kB  is here already");
    EXPECT_EQ(progress_line(step(Phase::waiting, 0, 0), 0),
              kId + "  is being fetched by another sbx");
}

// What standard error gets.
std::string told(Progress::Style style, const std::vector<image::LayerStep>& steps) {
    testing::internal::CaptureStderr();
    {
        Progress progress(style);
        for (const image::LayerStep& one : steps)
            progress.show(one);
    }
    return testing::internal::GetCapturedStderr();
}

TEST(Progress, TellsEachEventOnceInALog) {
    EXPECT_EQ(
        told(Progress::Style::plain,
             {step(Phase::fetching, 0, 9), step(Phase::fetching, 5, 9),
              step(Phase::unpacking, 9, 9), step(Phase::done, 9, 9), step(Phase::done, 9, 9)}),
        kId + "  9 B  unpacking\n" + kId + "  9 B  done\n");
}

TEST(Progress, LeavesTheLastStateOfTheBars) {
    const std::string text =
        told(Progress::Style::bars, {step(Phase::fetching, 0, 9), step(Phase::done, 9, 9)});
    EXPECT_TRUE(text.ends_with(kId + "  9 B  done\x1b[K\n"));
    EXPECT_TRUE(text.contains("\x1b[1A"));  // drawn over the line before
}

TEST(Progress, SaysNothingIfAskedTo) {
    EXPECT_EQ(told(Progress::Style::none, {step(Phase::done, 9, 9)}), "");
    EXPECT_EQ(told(Progress::Style::bars, {}), "");
}

}  // namespace
}  // namespace sbx::cli
