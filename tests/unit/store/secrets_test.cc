#include "store/secrets.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::fails_saying;
using test::succeeds;
using Existing = Secrets::Existing;

class SecretsTest : public testing::Test {
protected:
    static Secret secret(const std::string& name, const std::string& id = "aa11") {
        return {.id = id,
                .name = name,
                .created = *parse_rfc3339("2024-05-06T07:08:09Z"),
                .updated = *parse_rfc3339("2024-05-06T07:08:09Z"),
                .labels = {{"a", "b"}}};
    }

    test::TempStore store_;
    Secrets secrets_ = *Secrets::open(*store_);
};

TEST_F(SecretsTest, AreKeptAsTheyAre) {
    const std::string value("line\nbytes \0\xff\n\n", 15);
    ASSERT_TRUE(succeeds(secrets_.create(secret("db"), value, Existing::refused)));
    EXPECT_EQ(*secrets_.value_of("db"), value);
    const Secret found = *secrets_.find("db");
    EXPECT_EQ(found.id, "aa11");
    EXPECT_EQ(found.name, "db");
    EXPECT_EQ(found.labels.at("a"), "b");
    EXPECT_EQ(rfc3339(found.created), "2024-05-06T07:08:09Z");
}

TEST_F(SecretsTest, CanBeReadByTheirUserAlone) {
    ASSERT_TRUE(succeeds(secrets_.create(secret("db"), "x", Existing::refused)));
    EXPECT_EQ(test::mode_of(store_.at("secrets/db")), 0600U);
    EXPECT_EQ(test::mode_of(store_.at("secrets")), 0700U);
}

TEST_F(SecretsTest, OfWritersThatWereKilledGoWithTheNextChange) {
    ASSERT_TRUE(succeeds(secrets_.create(secret("db"), "x", Existing::refused)));
    test::make_file(store_.at("secrets/.db.12345"), "in clear");
    ASSERT_TRUE(succeeds(secrets_.create(secret("other"), "y", Existing::refused)));
    EXPECT_EQ(store_.names_at("secrets"), (std::vector<std::string>{"db", "other"}));
    test::make_file(store_.at("secrets/.db.12345"), "in clear");
    ASSERT_TRUE(succeeds(secrets_.remove("other")));
    EXPECT_EQ(store_.names_at("secrets"), std::vector<std::string>{"db"});
}

TEST_F(SecretsTest, AreReplacedWhereThatIsMeant) {
    ASSERT_TRUE(succeeds(secrets_.create(secret("db"), "old", Existing::refused)));
    const Result<Secret> again = secrets_.create(secret("db"), "new", Existing::refused);
    EXPECT_TRUE(fails_saying(again, "there is a secret 'db' already"));
    EXPECT_EQ(*secrets_.value_of("db"), "old");
    Secret other = secret("db", "bb22");
    other.created = other.updated = now();
    ASSERT_TRUE(succeeds(secrets_.create(other, "new", Existing::replaced)));
    EXPECT_EQ(*secrets_.value_of("db"), "new");
    EXPECT_EQ(rfc3339(secrets_.find("db")->created), "2024-05-06T07:08:09Z");
    EXPECT_EQ(secrets_.find("db")->updated, other.updated);
}

TEST_F(SecretsTest, AreFoundByNameAndId) {
    ASSERT_TRUE(succeeds(secrets_.create(secret("one", "aa11"), "1", Existing::refused)));
    ASSERT_TRUE(succeeds(secrets_.create(secret("two", "ab22"), "2", Existing::refused)));
    EXPECT_EQ(secrets_.find("aa")->name, "one");
    EXPECT_EQ(secrets_.find("ab22")->name, "two");
    EXPECT_TRUE(fails_saying(secrets_.find("a"), "more than one secret's id begins with 'a'"));
    for (const char* none : {"", "three", "../volumes", "/etc/passwd", ".lock"})
        EXPECT_TRUE(secrets_.find(none).failed_as(Error::Kind::not_found)) << none;
    EXPECT_EQ(*secrets_.all_names(), (std::vector<std::string>{"one", "two"}));
}

TEST_F(SecretsTest, HaveNamesAndSizesThatTheyMayHave) {
    for (const char* name : {"", "..", "a/b", ".lock"})
        EXPECT_TRUE(fails_saying(secrets_.create(secret(name), "x", Existing::replaced),
                                 "is not a name for a secret"));
    EXPECT_TRUE(fails_saying(secrets_.create(secret("a"), "", Existing::refused), "is empty"));
    const std::string most(Secrets::kLargest, 'x');
    EXPECT_TRUE(succeeds(secrets_.create(secret("a"), most, Existing::refused)));
    EXPECT_TRUE(fails_saying(secrets_.create(secret("b"), most + "x", Existing::refused),
                             "has 512001 bytes, more than 512000"));
    EXPECT_EQ(secrets_.value_of("a")->size(), most.size());
}

TEST_F(SecretsTest, ThatAreDamagedShowNothingAndCanBeRemoved) {
    for (const char* bad : {"hunter2", "{}\nhunter2", "hunter2\nx", ""}) {
        test::make_file(store_.at("secrets/db"), bad);
        const Result<std::string> value = secrets_.value_of("db");
        EXPECT_TRUE(fails_saying(value, "'secrets/db' is damaged")) << bad;
        EXPECT_EQ(value.error().text().find("hunter2"), std::string::npos);
    }
    EXPECT_TRUE(secrets_.all()->empty());
    EXPECT_TRUE(secrets_.has("db"));
    ASSERT_TRUE(succeeds(secrets_.remove("db")));
    EXPECT_FALSE(secrets_.has("db"));
    EXPECT_TRUE(succeeds(secrets_.remove("db"))) << "absent is fine";
}

}  // namespace
}  // namespace sbx::store
