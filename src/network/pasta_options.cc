#include "network/pasta_options.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sbx::network {

namespace {

struct Name {
    std::string_view letter;  // "-t"; empty where there is none
    std::string_view word;    // "--tcp-ports"
};

}  // namespace

static constexpr std::string_view kMapGateway = "--map-gw";

static bool says(std::string_view word, const Name& name) {
    if (word.starts_with("--")) return word.substr(0, word.find('=')) == name.word;
    return !name.letter.empty() && word.starts_with(name.letter);
}

static Result<> check(std::string_view word) {
    constexpr auto kPublishing =
        std::to_array<Name>({{"-t", "--tcp-ports"}, {"-u", "--udp-ports"}});
    constexpr auto kOwn = std::to_array<Name>({
        {"", "--config-net"},
        {"", "--dns-forward"},
        {"-F", "--fd"},
        {"-f", "--foreground"},
        {"-h", "--help"},
        {"", "--netns"},
        {"", "--netns-only"},
        {"", "--no-netns-quit"},
        {"-P", "--pid"},
        {"-s", "--socket"},
        {"", "--userns"},
        {"", "--version"},
    });
    const auto is_said = [&](const Name& name) { return says(word, name); };
    if (std::ranges::any_of(kPublishing, is_said))
        return Error(Error::Kind::usage, "'{}' is not for this place", excerpt(word))
            .hint("--publish does that, for every network");
    if (std::ranges::any_of(kOwn, is_said))
        return Error(Error::Kind::usage, "'{}' is for sbx to say", excerpt(word));
    return {};
}

std::string PastaOptions::text() const { return join(words, ","); }

Result<PastaOptions> PastaOptions::parse(std::string_view text) {
    PastaOptions options;
    if (text.empty()) return options;
    for (const std::string_view word : split(text, ',')) {
        const bool is_option = word.size() > 1 && word.starts_with('-') && word != "--";
        const bool may_be_value = !options.words.empty() && !word.empty() && word != "--";
        if (!is_option && !may_be_value)
            return Error(Error::Kind::usage, "'{}': options of pasta belong there, --mtu,1500",
                         excerpt(word));
        if (is_option) TRY(check(word));
        options.words.emplace_back(word);
    }
    return options;
}

std::vector<std::string> PastaOptions::arguments() const {
    const auto has = [&](const Name& name) {
        return std::ranges::any_of(words, [&](const auto& word) { return says(word, name); });
    };
    std::vector<std::string> all = {"--foreground",
                                    "--quiet",
                                    "--config-net",
                                    "--userns",
                                    "/proc/self/fd/0",
                                    "--netns",
                                    "/proc/self/fd/1",
                                    "--no-netns-quit",
                                    "--pid",
                                    "/proc/self/fd/2",
                                    "--dns-forward",
                                    kPastaNames,
                                    "-t",
                                    "none",
                                    "-u",
                                    "none"};
    // Ports of the host's loopback, which it would open to the container of its own accord.
    for (const Name& name : {Name{"-T", "--tcp-ns"}, Name{"-U", "--udp-ns"}})
        if (!has(name)) all.insert(all.end(), {std::string(name.letter), "none"});
    if (!has({"", kMapGateway})) all.emplace_back("--no-map-gw");
    for (const std::string& word : words)
        if (word != kMapGateway) all.push_back(word);
    return all;
}

}  // namespace sbx::network
