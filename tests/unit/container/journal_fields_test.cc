#include "container/journal_fields.h"

#include <gtest/gtest.h>

#include "container/log_options.h"
#include "store/containers.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

store::ContainerRecord web() {
    return {.id = std::string(64, 'a'),
            .name = "web",
            .image_id = std::string(64, 'b'),
            .image_name = "docker.io/library/nginx:1",
            .command = {"nginx", "-g"},
            .labels = {{"com.example/role", "front"},
                       {"a", "1\n2"},
                       {"___", "x"},
                       {"2nd_3", "digit"},
                       {"9", "digits"},
                       {"message", "forged"},
                       {"Priority", "0"},
                       {"container.partial.message", "true"},
                       {"container_id_full", "other"}}};
}

TEST(JournalFields, SayWhoseLineItIs) {
    EXPECT_EQ(journal_fields(web(), {}),
              "CONTAINER_ID=aaaaaaaaaaaa\nCONTAINER_ID_FULL=" + std::string(64, 'a') +
                  "\nCONTAINER_NAME=web\nCONTAINER_TAG=aaaaaaaaaaaa\n"
                  "IMAGE_NAME=docker.io/library/nginx:1\nSYSLOG_IDENTIFIER=web\n");
}

TEST(JournalFields, HaveTheTag) {
    const std::string tag =
        "{{.Name}}/{{ .ID }}/{{.ImageName}}/{{.ImageID}}/{{.Command}}/{{.DaemonName}}";
    const std::string filled =
        "web/aaaaaaaaaaaa/docker.io/library/nginx:1/bbbbbbbbbbbb/nginx -g/sbx";
    const std::string fields = journal_fields(web(), {.driver = "journald", .tag = tag});
    EXPECT_NE(fields.find("\nCONTAINER_TAG=" + filled + '\n'), fields.npos) << fields;
    EXPECT_NE(fields.find("\nSYSLOG_IDENTIFIER=" + filled + '\n'), fields.npos);
}

TEST(JournalFields, HaveLabelsUnderNamesThatTheJournalTakes) {
    using namespace std::string_literals;
    const std::string fields =
        journal_fields(web(), {.driver = "journald", .labels = "com.example/role,a,___,none"});
    EXPECT_TRUE(fields.ends_with("COM_EXAMPLE_ROLE=front\nA\n\3\0\0\0\0\0\0\0001\n2\n"s)) << fields;
}

TEST(JournalFields, HaveNoNameThatBeginsWithADigit) {
    const std::string fields = journal_fields(web(), {.driver = "journald", .labels = "9,2nd_3"});
    EXPECT_TRUE(fields.ends_with("=web\nND_3=digit\n")) << fields;
}

TEST(JournalFields, AreNotReplacedByLabels) {
    const std::string labels = "message,Priority,container.partial.message,container_id_full";
    EXPECT_EQ(journal_fields(web(), {.driver = "journald", .labels = labels}),
              journal_fields(web(), {}));
}

TEST(JournalFields, RefuseATagThatSaysNothing) {
    EXPECT_TRUE(succeeds(check_journal_tag("plain }} text")));
    EXPECT_TRUE(fails_saying(check_journal_tag("{{.Size}}"), "'.Size': there are .ID"));
    EXPECT_TRUE(fails_saying(check_journal_tag("{{.Name}}{{"), "never closed"));
}

}  // namespace
}  // namespace sbx::container
