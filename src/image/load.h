// Images from files: `sbx load`, and the transports of `sbx pull oci:...`.
#pragma once

#include <string>
#include <vector>

#include "image/ingest.h"

namespace sbx::image {

struct Loaded {
    store::Image image;
    std::vector<oci::Reference> names;  // that it got
};

// All images of an archive, with the names they have in it. `what` is for errors.
Result<std::vector<Loaded>> load(os::FdView archive, const std::string& what,
                                 const Workshop& workshop, const oci::Platform& platform);

// "oci:DIR[:TAG]", "oci-archive:FILE[:TAG]", "docker-archive:FILE[:NAME]": one image.
struct Transport {
    enum class Kind : std::uint8_t { layout, archive };
    Kind kind = Kind::layout;
    std::string_view prefix = "oci:";  // for errors
    std::string path;
    std::string tag = {};
};
// Nothing where `text` is the name of an image at a registry. "docker://" is taken off such names
// by registry_name().
Result<std::optional<Transport>> parse_transport(std::string_view text);
std::string registry_name(std::string_view text);

Result<store::Image> pull_from(const Transport& transport, const Workshop& workshop,
                               const oci::Platform& platform);

// The name of an image that is called `tag` in the layout or archive at `path`: the tag itself
// where it is a name ("alpine:3.18"), else "localhost/FILE:TAG".
Result<oci::Reference> local_name(const std::string& path, const std::string& tag);

}  // namespace sbx::image
