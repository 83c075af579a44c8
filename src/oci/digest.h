// A content digest: image-spec, descriptor.md, "Digests". SHA-256 alone, as registries have it.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sbx::oci {

// A Digest that exists is well-formed, so it may stand in a path or a URL.
class Digest {
public:
    static Result<Digest> parse(std::string_view text);  // "sha256:" and 64 lower-case hex digits
    static Result<Digest> from_hex(std::string_view hex);
    static Digest of(std::string_view bytes);

    std::string text() const { return "sha256:" + hex_; }
    const std::string& hex() const { return hex_; }
    std::string short_hex() const { return hex_.substr(0, 12); }

    friend bool operator==(const Digest&, const Digest&) = default;
    friend std::strong_ordering operator<=>(const Digest&, const Digest&) = default;

private:
    explicit Digest(std::string hex) : hex_(std::move(hex)) {}

    std::string hex_;
};

bool is_hex(std::string_view text);  // lower-case digits only, at least one

}  // namespace sbx::oci
