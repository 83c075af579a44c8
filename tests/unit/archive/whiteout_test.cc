#include "archive/whiteout.h"

#include <gtest/gtest.h>

namespace sbx::archive {
namespace {

TEST(Whiteout, IsToldFromTheName) {
    EXPECT_EQ(classify_whiteout("passwd")->kind, Whiteout::Kind::none);
    EXPECT_EQ(classify_whiteout("a.wh.b")->kind, Whiteout::Kind::none);
    EXPECT_EQ(classify_whiteout(".wh.passwd")->kind, Whiteout::Kind::hides);
    EXPECT_EQ(classify_whiteout(".wh.passwd")->name, "passwd");
    EXPECT_EQ(classify_whiteout(".wh..hidden")->name, ".hidden");
    EXPECT_EQ(classify_whiteout(".wh..wh..opq")->kind, Whiteout::Kind::opaque);
    EXPECT_EQ(classify_whiteout(".wh..wh.plnk")->kind, Whiteout::Kind::notes);
}

TEST(Whiteout, HasToNameSomething) {
    for (const char* name : {".wh.", ".wh..", ".wh...", ".wh.a/b"})
        EXPECT_FALSE(classify_whiteout(name)) << name;
    EXPECT_EQ(classify_whiteout(".wh..").error().text(),
              "'.wh..' is a whiteout of nothing that has a name");
}

}  // namespace
}  // namespace sbx::archive
