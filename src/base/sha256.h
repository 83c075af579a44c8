// SHA-256 (FIPS 180-4) and base64 (RFC 4648 4), over OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sbx {

// A hash over bytes as they come by.
class Sha256 {
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void add(std::string_view bytes);
    std::string hex() &&;  // 64 lower-case digits; ends the hash

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

std::string base64(std::string_view bytes);
Result<std::string> unbase64(std::string_view text);  // padded, and nothing around it

}  // namespace sbx
