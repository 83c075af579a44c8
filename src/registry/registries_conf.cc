#include "registry/registries_conf.h"

#include <algorithm>

#include "base/text.h"
#include "base/toml.h"
#include "registry/config_file.h"

namespace sbx::registry {

std::optional<std::size_t> covered_by(std::string_view reference, std::string_view prefix) {
    std::size_t end = prefix.size();
    if (prefix.starts_with("*.")) {
        const std::string_view domain = prefix.substr(1);
        const std::size_t at = reference.find(domain);
        if (at == reference.npos || at == 0 || reference.substr(0, at).contains('/'))
            return std::nullopt;
        end = at + domain.size();
    } else if (!reference.starts_with(prefix)) {
        return std::nullopt;
    }
    if (end < reference.size() && !std::string_view("/:@").contains(reference[end]))
        return std::nullopt;
    return end;
}

const Rule* RegistriesConf::find(std::string_view reference) const {
    const Rule* best = nullptr;
    for (const Rule& rule : rules)
        if (covered_by(reference, rule.prefix) &&
            (!best || rule.prefix.size() > best->prefix.size()))
            best = &rule;
    return best;
}

void RegistriesConf::merge(RegistriesConf later) {
    for (Rule& rule : later.rules) {
        const auto same = std::ranges::find(rules, rule.prefix, &Rule::prefix);
        if (same == rules.end())
            rules.push_back(std::move(rule));
        else
            *same = std::move(rule);
    }
    for (auto& [name, repository] : later.aliases)
        aliases.insert_or_assign(name, std::move(repository));
    if (later.unqualified) unqualified = std::move(later.unqualified);
}

static Result<Mirror::Use> parse_use(std::string_view text) {
    if (text == "all") return Mirror::Use::always;
    if (text == "digest-only") return Mirror::Use::by_digest;
    if (text == "tag-only") return Mirror::Use::by_tag;
    return Error(Error::Kind::usage,
                 "'pull-from-mirror' is '{}', where all, digest-only or tag-only belongs",
                 excerpt(text));
}

// A location takes the place of a prefix at the start of a name, so it is the start of one itself.
static Result<std::string> location_in(const Json& table) {
    std::string location = TRY(table.get_or<std::string>("location", ""));
    if (location.contains("://") || location.starts_with('/') || location.ends_with('/'))
        return Error(Error::Kind::usage, "'location' is '{}', where host/path belongs",
                     excerpt(location));
    return location;
}

static Result<Mirror> parse_mirror(const Json& table, Mirror::Use use) {
    Mirror mirror{.location = TRY(location_in(table)), .use = use};
    mirror.insecure = TRY(table.get_or<bool>("insecure", false));
    if (mirror.location.empty()) return Error(Error::Kind::usage, "'location' is missing");
    const std::string wanted = TRY(table.get_or<std::string>("pull-from-mirror", ""));
    if (!wanted.empty()) mirror.use = TRY(parse_use(wanted));
    return mirror;
}

static Result<Rule> parse_rule(const Json& table) {
    Rule rule{.prefix = TRY(table.get_or<std::string>("prefix", ""))};
    rule.location = TRY(location_in(table));
    rule.insecure = TRY(table.get_or<bool>("insecure", false));
    rule.blocked = TRY(table.get_or<bool>("blocked", false));
    if (rule.prefix.empty()) rule.prefix = rule.location;
    if (rule.prefix.empty())
        return Error(Error::Kind::usage, "it has neither 'prefix' nor 'location'");
    const bool by_digest = TRY(table.get_or<bool>("mirror-by-digest-only", false));
    for (const Json& mirror : table["mirror"].items())
        rule.mirrors.push_back(
            TRY(parse_mirror(mirror, by_digest ? Mirror::Use::by_digest : Mirror::Use::always),
                "a mirror of '{}'", rule.prefix));
    return rule;
}

Result<RegistriesConf> RegistriesConf::parse(std::string_view text, const std::string& file) {
    const TomlDocument document = TRY(parse_toml(text, file));
    const Json& root = document.root;
    // To pass over the first version would be to pass over what it blocks.
    if (root.find("registries"))
        return Error(Error::Kind::unsupported, "{}it is of version 1 of the format",
                     document.place_of("registries"))
            .hint("write it with [[registry]] tables: containers-registries.conf(5)");
    RegistriesConf conf;
    std::size_t number = 0;
    for (const Json& table : root["registry"].items()) {
        const std::string place = document.place_of(fmt::format("registry.{}", number++));
        conf.rules.push_back(TRY(parse_rule(table), "{}[[registry]]", place));
    }
    conf.aliases = TRY(root.get_or<Json::Map>("aliases", {}), "{}", file);
    if (root.find("unqualified-search-registries"))
        conf.unqualified =
            TRY(root.get<Json::Strings>("unqualified-search-registries"), "{}", file);
    return conf;
}

// One main file (the person's replaces the machine's), then what is dropped in beside either.
static Result<std::vector<std::string>> files_to_read(const Environment& environment) {
    const std::string named = environment.get("CONTAINERS_REGISTRIES_CONF");
    if (!named.empty()) return std::vector{named};
    const std::string machine = "/etc/containers/registries.conf";
    const std::string home = environment.config_home();
    const std::string person = home + "/containers/registries.conf";
    std::vector<std::string> files{machine};
    if (!home.empty() && TRY(read_config_file(person))) files.front() = person;
    for (const std::string& main : {machine, person})
        for (std::string& file : TRY(files_in(main + ".d", ".conf")))
            files.push_back(std::move(file));
    return files;
}

Result<RegistriesConf> read_registries_conf(const Environment& environment) {
    RegistriesConf all;
    for (const std::string& file : TRY(files_to_read(environment))) {
        const std::optional<std::string> text = TRY(read_config_file(file));
        if (text) all.merge(TRY(RegistriesConf::parse(*text, file)));
    }
    return all;
}

}  // namespace sbx::registry
