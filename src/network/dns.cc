#include "network/dns.h"

#include <algorithm>

#include "base/text.h"
#include "network/checksum.h"

namespace sbx::network {

namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kLargest = 512;  // of a message without EDNS
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestLabel = 63;
constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypePtr = 12;
constexpr std::uint16_t kTypeAaaa = 28;
constexpr std::uint16_t kInternet = 1;

std::uint16_t word_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) << 8 |
                                      static_cast<std::uint8_t>(bytes[at + 1]));
}

std::string word(std::size_t number) {
    std::string bytes(2, '\0');
    put_word(bytes, 0, number);
    return bytes;
}

Question::Kind kind_of(std::uint16_t type) {
    switch (type) {
        case kTypeA: return Question::Kind::v4;
        case kTypeAaaa: return Question::Kind::v6;
        case kTypePtr: return Question::Kind::pointer;
        default: return Question::Kind::other;
    }
}

}  // namespace

// The labels at the beginning of `bytes`, and how long they are there. None is compressed: nothing
// is before it that it could be a part of.
struct Labels {
    std::string name;
    std::size_t size = 0;
};
static std::optional<Labels> parse_labels(std::string_view bytes) {
    Labels labels;
    for (;;) {
        if (labels.size >= bytes.size()) return std::nullopt;
        const std::size_t length = static_cast<std::uint8_t>(bytes[labels.size++]);
        if (length == 0) return labels;
        if (length > kLongestLabel || labels.size + length >= bytes.size() ||
            labels.size + length >= kLongestName)
            return std::nullopt;
        const std::string_view label = bytes.substr(labels.size, length);
        if (label.contains('.')) return std::nullopt;  // which would be another name's text
        labels.name += (labels.name.empty() ? "" : ".") + lower(label);
        labels.size += length;
    }
}

std::optional<Question> parse_question(std::string_view message) {
    constexpr unsigned kAnswerOrOtherWork = 0xfa00;  // QR, OPCODE, TC
    constexpr unsigned kRecursion = 0x0100;
    if (message.size() < kHeader) return std::nullopt;
    const unsigned flags = word_at(message, 2);
    // One question, no answers; what is added (EDNS) is passed over.
    const bool is_query = (flags & kAnswerOrOtherWork) == 0 && word_at(message, 4) == 1 &&
                          word_at(message, 6) == 0 && word_at(message, 8) == 0;
    if (!is_query) return std::nullopt;
    const std::string_view rest = message.substr(kHeader);
    std::optional<Labels> labels = parse_labels(rest);
    if (!labels || rest.size() < labels->size + 4) return std::nullopt;
    if (word_at(rest, labels->size + 2) != kInternet) return std::nullopt;
    return Question{.id = word_at(message, 0),
                    .recursion = (flags & kRecursion) != 0,
                    .name = std::move(labels->name),
                    .kind = kind_of(word_at(rest, labels->size)),
                    .section = std::string(rest.substr(0, labels->size + 4))};
}

static std::string header_of(const Question& question, Outcome outcome, std::size_t answers) {
    constexpr unsigned kAnswer = 0x8480;  // by who knows, and who would ask others
    constexpr unsigned kNoSuchName = 3;
    unsigned flags = kAnswer | (question.recursion ? 0x0100U : 0U);
    if (outcome == Outcome::no_such_name) flags |= kNoSuchName;
    return word(question.id) + word(flags) + word(1) + word(answers) + word(0) + word(0);
}

static std::string record_of(std::uint16_t type, std::string_view data) {
    constexpr std::size_t kNameOfQuestion = 0xc000 | kHeader;
    return word(kNameOfQuestion) + word(type) + word(kInternet) + std::string(4, '\0') +
           word(data.size()) + std::string(data);
}

std::string answer_to(const Question& question, Outcome outcome,
                      std::span<const Address> addresses) {
    std::string records;
    std::size_t count = 0;
    for (const Address& address : addresses) {
        const bool v6 = address.is_v6();
        if (question.kind != (v6 ? Question::Kind::v6 : Question::Kind::v4)) continue;
        const std::string record = record_of(v6 ? kTypeAaaa : kTypeA, address.bytes());
        if (kHeader + question.section.size() + records.size() + record.size() > kLargest) break;
        records += record;
        ++count;
    }
    return header_of(question, outcome, count) + question.section + records;
}

std::string pointer_to(const Question& question, std::string_view name) {
    std::string labels;
    for (const std::string_view label : split(name, '.')) {
        if (label.empty() || label.size() > kLongestLabel)
            return answer_to(question, Outcome::known);
        labels += static_cast<char>(label.size());
        labels += label;
    }
    labels += '\0';
    return header_of(question, Outcome::known, 1) + question.section + record_of(kTypePtr, labels);
}

static std::optional<Address> reversed_v4(std::string_view name) {
    std::vector<std::string_view> parts = split(name, '.');
    if (parts.size() != sizeof(std::uint32_t)) return std::nullopt;
    return Address::parse(fmt::format("{}.{}.{}.{}", parts[3], parts[2], parts[1], parts[0]));
}

static std::optional<Address> reversed_v6(std::string_view name) {
    constexpr std::size_t kDigits = 32;
    constexpr std::size_t kGroup = 4;
    std::vector<std::string_view> parts = split(name, '.');
    if (parts.size() != kDigits) return std::nullopt;
    std::ranges::reverse(parts);
    std::string text;
    for (std::size_t i = 0; i < kDigits; ++i) {
        if (parts[i].size() != 1) return std::nullopt;
        if (i > 0 && i % kGroup == 0) text += ':';
        text += parts[i];
    }
    return Address::parse(text);
}

std::optional<Address> reversed(std::string_view name) {
    constexpr std::string_view kV4 = ".in-addr.arpa";
    constexpr std::string_view kV6 = ".ip6.arpa";
    if (name.ends_with(kV4)) return reversed_v4(name.substr(0, name.size() - kV4.size()));
    if (name.ends_with(kV6)) return reversed_v6(name.substr(0, name.size() - kV6.size()));
    return std::nullopt;
}

}  // namespace sbx::network
