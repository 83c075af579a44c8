#include "container/journal_fields.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "container/log_options.h"
#include "os/journal.h"
#include "store/containers.h"

namespace sbx::container {

static constexpr std::size_t kShortId = 12;

// Nothing for a word that there is not.
static std::optional<std::string> value_of(std::string_view word,
                                           const store::ContainerRecord& record) {
    if (word == ".ID") return record.id.substr(0, kShortId);
    if (word == ".FullID") return record.id;
    if (word == ".Name") return record.name;
    if (word == ".ImageName") return record.image_name;
    if (word == ".ImageID") return record.image_id.substr(0, kShortId);
    if (word == ".ImageFullID") return record.image_id;
    if (word == ".Command") return join(record.command, " ");
    if (word == ".DaemonName") return "sbx";
    return std::nullopt;
}

static Result<std::string> fill_in(std::string_view tag, const store::ContainerRecord& record) {
    std::string filled;
    for (;;) {
        const std::size_t begin = tag.find("{{");
        filled += tag.substr(0, begin);
        if (begin == tag.npos) return filled;
        const std::size_t end = tag.find("}}", begin);
        if (end == tag.npos) return Error(Error::Kind::usage, "'{{{{' is never closed");
        const std::string_view word = trim(tag.substr(begin + 2, end - begin - 2));
        const std::optional<std::string> value = value_of(word, record);
        if (!value)
            return Error(Error::Kind::usage,
                         "'{}': there are .ID, .FullID, .Name, .ImageName, .ImageID, "
                         ".ImageFullID, .Command and .DaemonName",
                         excerpt(word));
        filled += *value;
        tag.remove_prefix(end + 2);
    }
}

Result<> check_journal_tag(const std::string& tag) {
    (void)TRY(fill_in(tag, {}));
    return {};
}

// What sbx itself enters with a line. A label has no other say in it.
static constexpr std::array<std::string_view, 9> kOwn = {
    "CONTAINER_ID",  "CONTAINER_ID_FULL", "CONTAINER_NAME",
    "CONTAINER_TAG", "IMAGE_NAME",        "SYSLOG_IDENTIFIER",
    "PRIORITY",      "MESSAGE",           "CONTAINER_PARTIAL_MESSAGE"};

static bool is_own(const std::string& name) { return std::ranges::find(kOwn, name) != kOwn.end(); }

// "com.example/role" is COM_EXAMPLE_ROLE. The journal takes no name that begins with a digit or an
// underscore; empty where no letter is left.
static std::string field_name(std::string_view label) {
    constexpr std::size_t kLongest = 64;
    std::string name;
    for (const char c : label) {
        const bool small = c >= 'a' && c <= 'z';
        const bool letter = small || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        const char upper = static_cast<char>(c - 'a' + 'A');
        if (name.empty() && !letter) continue;
        name += small ? upper : letter || digit ? c : '_';
    }
    return name.substr(0, kLongest);
}

std::string journal_fields(const store::ContainerRecord& record, const LogChoice& choice) {
    const std::string short_id = record.id.substr(0, kShortId);
    const std::string tag = fill_in(choice.tag, record).value_or(choice.tag);
    std::string fields;
    os::append_journal_field("CONTAINER_ID", short_id, fields);
    os::append_journal_field("CONTAINER_ID_FULL", record.id, fields);
    os::append_journal_field("CONTAINER_NAME", record.name, fields);
    os::append_journal_field("CONTAINER_TAG", tag.empty() ? short_id : tag, fields);
    os::append_journal_field("IMAGE_NAME", record.image_name, fields);
    os::append_journal_field("SYSLOG_IDENTIFIER", tag.empty() ? record.name : tag, fields);
    for (const std::string_view label : split(choice.labels, ',')) {
        const auto found = record.labels.find(std::string(label));
        if (found == record.labels.end()) continue;
        if (const std::string name = field_name(label); !name.empty() && !is_own(name))
            os::append_journal_field(name, found->second, fields);
    }
    return fields;
}

}  // namespace sbx::container
