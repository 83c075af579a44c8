// The name of an image: [domain/]path[:tag][@digest], by the grammar of github.com/distribution/
// reference, which docker and podman follow.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "oci/digest.h"

namespace sbx::oci {

// What a Reference that exists holds is well-formed: it may stand in a URL, and its text is safe on
// a terminal.
class Reference {
public:
    // A short name gets docker.io, and there a single word gets library/: "alpine" is
    // docker.io/library/alpine. Without tag and digest the tag is "latest". An image id, with or
    // without "sha256:", is no name.
    static Result<Reference> parse(std::string_view text);

    const std::string& domain() const { return domain_; }  // "docker.io", "localhost:5000"
    const std::string& path() const { return path_; }      // "library/alpine"
    const std::string& tag() const { return tag_; }        // empty where a digest alone is given
    const std::optional<Digest>& digest() const { return digest_; }

    std::string repository() const { return domain_ + "/" + path_; }
    std::string text() const;      // all of it: "docker.io/library/alpine:latest"
    std::string familiar() const;  // as people write it, and meaning the same: "alpine:latest"

    Reference with_digest(Digest digest) const;

    friend bool operator==(const Reference&, const Reference&) = default;

private:
    std::string domain_;
    std::string path_;
    std::string tag_;
    std::optional<Digest> digest_;
};

// Whether `text` names its registry itself: its first part has a '.', a ':' or is "localhost".
bool has_domain(std::string_view text);

}  // namespace sbx::oci
