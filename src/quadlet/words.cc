#include "quadlet/words.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"

namespace sbx::quadlet {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::optional<std::uint32_t> number(std::string_view digits, unsigned base) {
    std::uint32_t value = 0;
    for (const char c : digits) {
        const std::size_t digit = std::string_view("0123456789abcdef").find(lower({&c, 1}));
        if (digit >= base) return std::nullopt;
        value = value * base + static_cast<std::uint32_t>(digit);
    }
    return value;
}

class Splitter {
public:
    explicit Splitter(const Entry& entry) : entry_(entry), left_(entry.value) {}

    Result<std::vector<std::string>> run() {
        std::vector<std::string> words;
        for (;;) {
            left_.remove_prefix(std::min(left_.find_first_not_of(kSpace), left_.size()));
            if (left_.empty()) return words;
            words.push_back(TRY(word()));
        }
    }

private:
    Result<std::string> word() {
        std::string word;
        char quote = 0;
        while (!left_.empty()) {
            const char c = left_.front();
            if (quote == 0 && kSpace.contains(c)) break;
            left_.remove_prefix(1);
            if (quote == 0 && (c == '"' || c == '\''))
                quote = c;
            else if (quote != 0 && c == quote)
                quote = 0;
            else if (c == '\\')
                word += TRY(escaped());
            else
                word += c;
        }
        if (quote != 0) return wrong(entry_, "a quote is not closed");
        return word;
    }

    Result<std::string> escaped() {
        if (left_.empty()) return wrong(entry_, "nothing follows its '\\'");
        const char c = left_.front();
        constexpr std::string_view kNames = "abfnrtvs\\\"' ";
        constexpr std::string_view kBytes = "\a\b\f\n\r\t\v \\\"' ";
        if (const std::size_t at = kNames.find(c); at != kNames.npos) {
            left_.remove_prefix(1);
            return std::string(1, kBytes[at]);
        }
        if (c >= '0' && c <= '7') return TRY(coded(0, 3, 8));
        if (c == 'x') return TRY(coded(1, 2, 16));
        if (c == 'u') return TRY(coded(1, 4, 16));
        if (c == 'U') return TRY(coded(1, 8, 16));
        return wrong(entry_, fmt::format("'\\{}' stands for nothing", printable({&c, 1})));
    }

    // So many digits, behind so many letters.
    Result<std::string> coded(std::size_t letters, std::size_t digits, unsigned base) {
        const std::string_view text = left_.substr(letters, digits);
        const bool is_byte = digits <= 3;
        const std::optional<std::uint32_t> code =
            text.size() == digits ? number(text, base) : std::nullopt;
        constexpr std::uint32_t kLast = 0x10FFFF;
        if (!code || *code == 0 || *code > (is_byte ? 0xFF : kLast))
            return wrong(entry_, "a '\\' begins no character");
        left_.remove_prefix(letters + digits);
        return is_byte ? std::string(1, static_cast<char>(*code)) : utf8::encode(*code);
    }

    const Entry& entry_;
    std::string_view left_;
};

bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7F && !std::string_view("\"'\\;").contains(c);
}

}  // namespace

Result<std::vector<std::string>> words_of(const Entry& entry) { return Splitter(entry).run(); }

Result<std::vector<std::string>> words_of_all(const UnitFile& unit, std::string_view section,
                                              std::string_view key) {
    std::vector<std::string> all;
    for (const Entry& entry : unit.all(section, key)) {
        std::vector<std::string> words = TRY(words_of(entry));
        std::ranges::move(words, std::back_inserter(all));
    }
    return all;
}

std::string quoted(std::string_view word) {
    if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
    std::string text = "\"";
    for (const char c : word) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < ' ' || byte == 0x7F)
            text += fmt::format("\\x{:02x}", byte);
        else if (c == '"' || c == '\\')
            text += {'\\', c};
        else
            text += c;
    }
    return text + "\"";
}

std::string command_line(const std::vector<std::string>& words) {
    std::vector<std::string> parts;
    parts.reserve(words.size());
    for (const std::string& word : words)
        parts.push_back(quoted(word));
    return join(parts, " ");
}

}  // namespace sbx::quadlet
