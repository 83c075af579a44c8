#include "base/sha256.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

namespace sbx {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
    EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Sha256::hex() && {
    std::array<unsigned char, 32> sum{};
    EVP_DigestFinal_ex(state_->context, sum.data(), nullptr);
    std::string text;
    for (const unsigned char byte : sum)
        text += fmt::format("{:02x}", byte);
    return text;
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return std::move(hash).hex();
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

// OpenSSL passes over white space at both ends, and takes '=' for a zero anywhere.
static bool is_base64(std::string_view text) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t digits = std::min(text.find_first_not_of(kDigits), text.size());
    const std::string_view padding = text.substr(digits);
    return text.size() % 4 == 0 && (padding.empty() || padding == "=" || padding == "==");
}

Result<std::string> unbase64(std::string_view text) {
    if (!is_base64(text)) return Error(Error::Kind::usage, "not valid base64");
    std::string bytes(3 * (text.size() / 4 + 1), '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    const std::ptrdiff_t padding = std::ranges::count(text, '=');
    bytes.resize(static_cast<std::size_t>(size - padding));
    return bytes;
}

}  // namespace sbx
