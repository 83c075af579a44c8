#include "registry/tag_list.h"

#include "base/text.h"
#include "kernel/registry/hostile_client.h"

namespace sbx::registry {
namespace {

class Tags : public HostileClient {
protected:
    std::string tags_of(const std::string& name) {
        Client client = open();
        const Result<std::vector<std::string>> tags = client.tags(reference(name));
        return tags ? join(*tags, " ") : tags.error().text();
    }
};

TEST_F(Tags, AreReadPageByPage) { EXPECT_EQ(tags_of("tags"), "t0 t1 t2"); }

TEST_F(Tags, AreNotReadFromAnotherHost) {
    EXPECT_TRUE(tags_of("tagsaway").contains("continues its list of tags at another host"));
    EXPECT_TRUE(log_of("other").empty());
}

TEST_F(Tags, AreNotReadInACircle) {
    EXPECT_TRUE(tags_of("tagsloop").ends_with("a page of tags that leads to itself"));
}

TEST_F(Tags, BehindABadLinkAreNotRead) {
    EXPECT_EQ(tags_of("tagsbad"), fmt::format("listing the tags of '{}/tagsbad': 'nonsense' is not "
                                              "a list of links",
                                              server_.host()));
}

}  // namespace
}  // namespace sbx::registry
