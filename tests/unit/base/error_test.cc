#include "base/error.h"

#include <memory>

#include <gtest/gtest.h>

namespace sbx {
namespace {

Result<int> half_of(int number) {
    if (number % 2 != 0) return Error(Error::Kind::usage, "{} is odd", number);
    return number / 2;
}

Result<int> quarter_of(int number) {
    const int half = TRY(half_of(number));
    return TRY(half_of(half), "halving the half of {}", number);
}

TEST(Try, GivesTheValue) { EXPECT_EQ(quarter_of(8).value(), 2); }

TEST(Try, ReturnsTheErrorAsItIs) { EXPECT_EQ(quarter_of(7).error().text(), "7 is odd"); }

TEST(Try, AddsItsContext) {
    const Result<int> result = quarter_of(6);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().text(), "halving the half of 6: 3 is odd");
    EXPECT_TRUE(result.failed_as(Error::Kind::usage));
}

TEST(Try, MovesWhatCannotBeCopied) {
    const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
    const auto pass = [&]() -> Result<std::unique_ptr<int>> { return TRY(make()); };
    EXPECT_EQ(**pass(), 7);
}

TEST(Result, IsTwoWords) { EXPECT_EQ(sizeof(Result<>), 2 * sizeof(void*)); }

TEST(Result, OfSuccessFailedWithNothing) {
    const Result<> result;
    EXPECT_FALSE(result.failed_with(std::errc::no_such_file_or_directory));
    EXPECT_FALSE(result.failed_as(Error::Kind::failed));
}

TEST(Error, OfASystemCallNamesItsObjectsThenTheReason) {
    const Error error = Error::from_errno(ENOENT, "open '{}'", "/x");
    EXPECT_EQ(error.text(), "open '/x': No such file or directory");
    EXPECT_TRUE(error.is(std::errc::no_such_file_or_directory));
    EXPECT_EQ(error.code(), ENOENT);
}

TEST(Error, OfNoSystemCallHasNoCode) { EXPECT_EQ(Error(Error::Kind::usage, "x").code(), 0); }

TEST(Error, TextsAreNotFormatsOnceTheyAreMade) {
    EXPECT_EQ(Error(Error::Kind::usage, "{}", "{}").context("{}").text(), "{}: {}");
}

TEST(Error, KeepsTheInnermostHint) {
    const Error error = Error(Error::Kind::usage, "x").hint("exact").hint("vague").context("y");
    EXPECT_EQ(error.hint(), "exact");
}

TEST(Error, ChangesItsKindAlone) {
    const Error error = Error::from_errno(EACCES, "x").as(Error::Kind::not_executable);
    EXPECT_EQ(error.kind(), Error::Kind::not_executable);
    EXPECT_EQ(error.code(), EACCES);
}

struct Sorted {
    int err;
    Error::Kind kind;
};

class ErrorKinds : public testing::TestWithParam<Sorted> {};

TEST_P(ErrorKinds, FollowFromErrno) {
    EXPECT_EQ(Error::from_errno(GetParam().err, "x").kind(), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    All, ErrorKinds,
    testing::Values(Sorted{ENOENT, Error::Kind::not_found}, Sorted{ESRCH, Error::Kind::not_found},
                    Sorted{EEXIST, Error::Kind::exists}, Sorted{EPERM, Error::Kind::denied},
                    Sorted{EACCES, Error::Kind::denied}, Sorted{ENOSYS, Error::Kind::unsupported},
                    Sorted{EOPNOTSUPP, Error::Kind::unsupported}, Sorted{EBUSY, Error::Kind::busy},
                    Sorted{EIO, Error::Kind::failed}));

TEST(PackedError, ArrivesWhole) {
    const Error sent =
        Error::from_errno(EBUSY, "mount '{}'", "/x").hint("wait").context("starting");
    const Error received = Error::unpack(sent.pack());
    EXPECT_EQ(received.text(), sent.text());
    EXPECT_EQ(received.hint(), "wait");
    EXPECT_EQ(received.kind(), Error::Kind::busy);
    EXPECT_EQ(received.code(), EBUSY);
}

TEST(PackedError, MayHoldANul) {
    const std::string text("a\0b", 3);
    const Error received = Error::unpack(Error(Error::Kind::usage, "{}", text).hint("c").pack());
    EXPECT_EQ(received.text(), text);
    EXPECT_EQ(received.hint(), "c");
}

TEST(PackedError, OfEveryKindArrives) {
    for (int kind = 0; kind <= static_cast<int>(Error::Kind::not_executable); ++kind)
        EXPECT_EQ(Error::unpack(Error(static_cast<Error::Kind>(kind), "x").pack()).kind(),
                  static_cast<Error::Kind>(kind));
}

TEST(ErrorPack, CutsWhatIsTooLongForAMessage) {
    const std::string much(1 << 20, 'x');
    const std::string packed = Error(Error::Kind::usage, "{}", much).hint("a" + much).pack();
    EXPECT_LT(packed.size(), 60'000U);
    const Error received = Error::unpack(packed);
    EXPECT_TRUE(received.text().starts_with("xxxx"));
    EXPECT_TRUE(received.hint().starts_with("axxx"));
}

TEST(PackedError, ThatIsNoneSaysSo) {
    const std::string unknown_kind = "\xff" + Error(Error::Kind::usage, "x").pack().substr(1);
    for (const std::string& bytes : {std::string(), std::string("\0\0\0", 3), unknown_kind})
        EXPECT_EQ(Error::unpack(bytes).text(), "the child sent an unreadable error");
}

}  // namespace
}  // namespace sbx
