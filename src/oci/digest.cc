#include "oci/digest.h"

#include "base/sha256.h"
#include "base/text.h"

namespace sbx::oci {

static constexpr std::string_view kAlgorithm = "sha256:";
static constexpr std::size_t kDigits = 64;

bool is_hex(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789abcdef") == text.npos;
}

Result<Digest> Digest::from_hex(std::string_view hex) {
    if (hex.size() != kDigits || !is_hex(hex))
        return Error(Error::Kind::usage, "'{}' is not a digest: 64 lower-case hex digits belong",
                     excerpt(hex));
    return Digest(std::string(hex));
}

Result<Digest> Digest::parse(std::string_view text) {
    if (!text.starts_with(kAlgorithm))
        return Error(Error::Kind::usage, "'{}' is not a digest: it has to begin with 'sha256:'",
                     excerpt(text));
    return from_hex(text.substr(kAlgorithm.size()));
}

Digest Digest::of(std::string_view bytes) { return Digest(sha256_hex(bytes)); }

}  // namespace sbx::oci
