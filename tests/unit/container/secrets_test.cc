#include "container/secrets.h"

#include <gtest/gtest.h>

#include "store/secrets.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

TEST(ParseSecret, KnowsFilesAndVariables) {
    const SecretWish file = parse_secret("db").value();
    EXPECT_EQ(file.name, "db");
    EXPECT_EQ(file.kind, SecretWish::Kind::file);
    EXPECT_EQ(file.target, "/run/secrets/db");
    EXPECT_EQ(parse_secret("db,target=password").value().target, "/run/secrets/password");
    EXPECT_EQ(parse_secret("db,target=/etc/key,uid=5,mode=0400").value().target, "/etc/key");
    EXPECT_EQ(parse_secret("db,uid=5,gid=6,mode=0400").value().options,
              (Strings{"uid=5", "gid=6", "mode=0400"}));
    const SecretWish variable = parse_secret("db,type=env,target=PASSWORD").value();
    EXPECT_EQ(variable.kind, SecretWish::Kind::variable);
    EXPECT_EQ(variable.target, "PASSWORD");
    EXPECT_EQ(parse_secret("db,type=env").value().target, "db");
}

TEST(ParseSecret, RefusesWhatMeansNothing) {
    EXPECT_TRUE(fails_saying(parse_secret(""), "it names no secret"));
    EXPECT_TRUE(fails_saying(parse_secret(",type=env"), "it names no secret"));
    EXPECT_TRUE(fails_saying(parse_secret("db,colour=red"), "unknown key 'colour'"));
    EXPECT_TRUE(fails_saying(parse_secret("db,type"), "'type' is no KEY=VALUE"));
    EXPECT_TRUE(fails_saying(parse_secret("db,type=file"), "type is mount or env"));
    EXPECT_TRUE(fails_saying(parse_secret("db,mode=999"), "mode is octal"));
    EXPECT_TRUE(fails_saying(parse_secret("db,uid=nina"), "uid"));
    EXPECT_TRUE(fails_saying(parse_secret("db,target="), "the target is empty"));
    EXPECT_TRUE(fails_saying(parse_secret("db,target=a/b"), "or an absolute path"));
    EXPECT_TRUE(fails_saying(parse_secret("db,target=.."), "or an absolute path"));
    EXPECT_TRUE(fails_saying(parse_secret("db,type=env,mode=0400"), "are those of a file"));
    EXPECT_TRUE(fails_saying(parse_secret("db,type=env,target=A=B"), "has no '='"));
}

class ContainerSecrets : public testing::Test {
protected:
    void keep(const std::string& name, const std::string& value) {
        const store::Secrets secrets = *store::Secrets::open(*store_);
        ASSERT_TRUE(succeeds(secrets.create({.id = "aa" + name, .name = name}, value,
                                            store::Secrets::Existing::replaced)));
    }

    Result<> compose(const Strings& texts) { return compose_secrets(texts, *store_, blueprint_); }

    test::TempStore store_;
    Blueprint blueprint_;
};

TEST_F(ContainerSecrets, AreNamesAloneInWhatIsKept) {
    keep("db", "hunter2");
    ASSERT_TRUE(succeeds(compose({"db", "db,type=env,target=DB"})));
    EXPECT_TRUE(has_secrets(blueprint_));
    const std::string kept = to_json(blueprint_).dump();
    EXPECT_EQ(kept.find("hunter2"), std::string::npos);
    EXPECT_NE(kept.find(R"("env_secrets":{"DB":"db"})"), std::string::npos);
}

TEST_F(ContainerSecrets, HaveTheValuesOfTheMoment) {
    keep("db", "old");
    ASSERT_TRUE(succeeds(compose({"db", "db,type=env,target=DB"})));
    keep("db", "new");
    sandbox::Plan plan;
    plan.program.env = {"DB=of the image", "A=b"};
    plan.mounts.push_back(sandbox::Secrets{.to = {}, .files = {{.name = "db", .to = {}}}});
    ASSERT_TRUE(succeeds(reveal_secrets(blueprint_, *store_, plan)));
    EXPECT_EQ(plan.program.env, (Strings{"DB=new", "A=b"}));
    EXPECT_EQ(std::get<sandbox::Secrets>(plan.mounts[0]).files[0].value, "new");
    EXPECT_EQ(sandbox::describe(plan.mounts[0]).find("new"), std::string::npos);
}

TEST_F(ContainerSecrets, HaveToBeThere) {
    EXPECT_FALSE(has_secrets(blueprint_));
    EXPECT_TRUE(fails_saying(compose({"none"}), "--secret none: there is no secret 'none'"));
    keep("db", std::string("a\0b", 3));
    EXPECT_TRUE(fails_saying(compose({"db", "db"}), "has a secret already"));
    Blueprint other;
    ASSERT_TRUE(succeeds(compose_secrets({"db,type=env"}, *store_, other)));
    sandbox::Plan plan;
    EXPECT_TRUE(fails_saying(reveal_secrets(other, *store_, plan), "has a byte 0"));
    ASSERT_TRUE(succeeds(store::Secrets::open(*store_)->remove("db")));
    EXPECT_TRUE(fails_saying(reveal_secrets(other, *store_, plan), "there is no secret 'db'"));
}

}  // namespace
}  // namespace sbx::container
