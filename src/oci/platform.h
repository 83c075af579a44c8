// What an image was built for: image-spec, image-index.md, "platform".
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace sbx::oci {

struct Platform {
    std::string os = "linux";
    std::string architecture;
    std::string variant = {};

    static Platform native();
    // "linux/arm64/v8", "arm64", of an architecture that there is.
    static Result<Platform> parse(std::string_view text);
    static Result<Platform> from_json(const Json& json);

    Json to_json() const;
    std::string text() const;  // "linux/arm64/v8"

    // Whether an image for `other` is one for this: a variant that is not given fits any.
    bool accepts(const Platform& other) const;

    friend bool operator==(const Platform&, const Platform&) = default;
};

}  // namespace sbx::oci
