// What the journal's entries of a container say of it, under the names that docker and podman give.
// https://docs.docker.com/engine/logging/drivers/journald/
#pragma once

#include <string>

#include "base/error.h"

namespace sbx::store {
struct ContainerRecord;
}

namespace sbx::container {

struct LogChoice;

// A tag is text with {{.ID}}, {{.FullID}}, {{.Name}}, {{.ImageName}}, {{.ImageID}},
// {{.ImageFullID}}, {{.Command}} or {{.DaemonName}} in it. Kind::usage where it has another word.
Result<> check_journal_tag(const std::string& tag);

// The fields of each entry, as os::append_journal_field() writes them.
std::string journal_fields(const store::ContainerRecord& record, const LogChoice& choice);

}  // namespace sbx::container
