#include "archive/hash.h"

#include <gtest/gtest.h>

namespace sbx::archive {
namespace {

TEST(HashingReader, KnowsTheHashOfWhatWasRead) {
    TextReader text("abc");
    HashingReader hashed(text);
    ASSERT_TRUE(drain(hashed));
    EXPECT_EQ(std::move(hashed).hex(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HashingReader, StopsBeyondItsLimit) {
    TextReader text("abcd");
    HashingReader hashed(text, 3);
    const Result<> result = drain(hashed);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().text(), "the data are longer than 3 bytes");
}

}  // namespace
}  // namespace sbx::archive
