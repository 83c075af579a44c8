// Images by name, fetched when that is called for.
#pragma once

#include <cstdint>
#include <string>

#include "image/ingest.h"
#include "oci/reference.h"
#include "registry/client.h"

namespace sbx::image {

enum class PullPolicy : std::uint8_t { missing, always, never, newer };
Result<PullPolicy> parse_pull_policy(std::string_view word);

struct PullOptions {
    registry::Options registry = {};
    registry::RegistrySettingsByHost registries = {};  // of sbx's own configuration
    oci::Platform platform = oci::Platform::native();
};

// The image that `text` names at its registry, whether it is here or not. Short names are resolved
// as registries.conf says. The image gets the name it was asked for.
Result<store::Image> pull(const std::string& text, const Workshop& workshop,
                          const PullOptions& options);

// All tags of a repository. The images, in the order of the tags.
Result<std::vector<store::Image>> pull_all_tags(const std::string& text, const Workshop& workshop,
                                                const PullOptions& options);

// As `policy` says: what is here, or pull(). With `newer` an image that is here serves where the
// registry does not answer.
struct Obtained {
    store::Image image;
    std::optional<Error> unreachable = {};  // why nothing newer could be looked for
};
Result<Obtained> obtain(const std::string& text, PullPolicy policy, const Workshop& workshop,
                        const PullOptions& options);

}  // namespace sbx::image
