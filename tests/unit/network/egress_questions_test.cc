#include "network/egress_questions.h"

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

using Asked = EgressQuestions::Asked;

const EgressQuestions::Clock::time_point kNow =
    EgressQuestions::Clock::time_point() + std::chrono::hours(1);

TEST(EgressQuestions, AreAnsweredOnce) {
    EgressQuestions questions;
    questions.note({.port = 1, .id = 2, .name = "a.example"}, kNow);
    for (const Asked& other : {Asked{.port = 2, .id = 2, .name = "a.example"},
                               Asked{.port = 1, .id = 3, .name = "a.example"},
                               Asked{.port = 1, .id = 2, .name = "b.example"}})
        EXPECT_FALSE(questions.take(other, kNow));
    EXPECT_TRUE(questions.take({.port = 1, .id = 2, .name = "a.example"}, kNow));
    EXPECT_FALSE(questions.take({.port = 1, .id = 2, .name = "a.example"}, kNow));
}

TEST(EgressQuestions, AreForgotten) {
    EgressQuestions questions;
    questions.note({.name = "a.example"}, kNow);
    EXPECT_FALSE(questions.take({.name = "a.example"}, kNow + std::chrono::seconds(61)));
    questions.note({.name = "a.example"}, kNow);
    for (int i = 0; i < 1024; ++i)
        questions.note({.name = "b.example"}, kNow);
    EXPECT_FALSE(questions.take({.name = "a.example"}, kNow)) << "there were too many";
    EXPECT_TRUE(questions.take({.name = "b.example"}, kNow));
}

}  // namespace
}  // namespace sbx::network
