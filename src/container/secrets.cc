#include "container/secrets.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "container/environment.h"
#include "os/path.h"
#include "store/secrets.h"

namespace sbx::container {

static constexpr const char* kFolder = "/run/secrets/";

static Error bad(std::string_view text, std::string_view why) {
    return Error(Error::Kind::usage, "--secret {}: {}", excerpt(text), why);
}

static bool is_mode(std::string_view text) {
    return !text.empty() && text.size() <= 4 && text.find_first_not_of("01234567") == text.npos;
}

static Result<> secret_field(std::string_view text, std::string_view field, SecretWish& wish) {
    const auto sides = halves(field, '=');
    if (!sides) return bad(text, fmt::format("'{}' is no KEY=VALUE", excerpt(field)));
    const std::string_view key = sides->before;
    const std::string_view value = sides->after;
    if (key == "type") {
        if (value != "mount" && value != "env") return bad(text, "type is mount or env");
        wish.kind = value == "env" ? SecretWish::Kind::variable : SecretWish::Kind::file;
    } else if (key == "target") {
        if (value.empty()) return bad(text, "the target is empty");
        wish.target = value;
    } else if (key == "uid" || key == "gid") {
        (void)TRY(parse_number(value, 0, UINT32_MAX - 1), "--secret {}: {}", excerpt(text), key);
        wish.options.emplace_back(field);
    } else if (key == "mode") {
        if (!is_mode(value)) return bad(text, "mode is octal, for example 0400");
        wish.options.emplace_back(field);
    } else {
        return bad(text, fmt::format("unknown key '{}'", excerpt(key)))
            .hint("keys are type, target, uid, gid and mode");
    }
    return {};
}

// A name alone is one in the folder of secrets.
static Result<> complete_target(std::string_view text, SecretWish& wish) {
    if (wish.target.empty()) wish.target = wish.name;
    if (wish.kind == SecretWish::Kind::variable) {
        if (!wish.options.empty()) return bad(text, "uid, gid and mode are those of a file");
        if (wish.target.contains('=')) return bad(text, "the name of a variable has no '='");
        return {};
    }
    if (wish.target.starts_with('/')) return {};
    if (wish.target.contains('/') || wish.target == "." || wish.target == "..")
        return bad(text, "the target is a name in /run/secrets, or an absolute path");
    wish.target = kFolder + wish.target;
    return {};
}

Result<SecretWish> parse_secret(std::string_view text) {
    const auto fields = split(text, ',');
    SecretWish wish{.name = std::string(fields.front())};
    if (wish.name.empty()) return bad(text, "it names no secret");
    for (std::size_t i = 1; i < fields.size(); ++i)
        TRY(secret_field(text, fields[i], wish));
    TRY(complete_target(text, wish));
    return wish;
}

Result<> compose_secrets(const std::vector<std::string>& texts, const store::Store& store,
                         Blueprint& blueprint) {
    if (texts.empty()) return {};
    const store::Secrets secrets = TRY(store::Secrets::open(store));
    std::set<std::string> targets;
    for (const std::string& text : texts) {
        const SecretWish wish = TRY(parse_secret(text));
        const std::string name = TRY(secrets.find(wish.name), "--secret {}", excerpt(text)).name;
        if (!targets.insert(wish.target).second)
            return bad(text, fmt::format("'{}' has a secret already", excerpt(wish.target)));
        if (wish.kind == SecretWish::Kind::variable) {
            blueprint.env_secrets[wish.target] = name;
            continue;
        }
        const os::InnerPath to = TRY(os::InnerPath::parse(wish.target), "--secret");
        blueprint.request.spec.mounts.push_back(
            {.destination = to.text(), .type = "secret", .source = name, .options = wish.options});
    }
    return {};
}

bool has_secrets(const Blueprint& blueprint) {
    return !blueprint.env_secrets.empty() ||
           std::ranges::any_of(blueprint.request.spec.mounts,
                               [](const oci::Mount& mount) { return mount.type == "secret"; });
}

static Result<std::string> variable_of(const std::string& variable, const std::string& name,
                                       const store::Secrets& secrets) {
    const std::string value = TRY(secrets.value_of(name));
    if (value.contains('\0'))
        return Error(Error::Kind::usage, "secret '{}' has a byte 0: no variable can hold it", name);
    return fmt::format("{}={}", variable, value);
}

Result<> reveal_secrets(const Blueprint& blueprint, const store::Store& store,
                        sandbox::Plan& plan) {
    const store::Secrets secrets = TRY(store::Secrets::open(store));
    for (sandbox::Mount& mount : plan.mounts)
        if (auto* files = std::get_if<sandbox::Secrets>(&mount))
            for (sandbox::SecretFile& file : files->files)
                file.value = TRY(secrets.value_of(file.name));
    Variables variables;
    for (const std::string& entry : plan.program.env)
        variables.set(entry);
    for (const auto& [variable, name] : blueprint.env_secrets)
        variables.set(TRY(variable_of(variable, name, secrets)));
    plan.program.env = variables.entries();
    return {};
}

Result<Blueprint> with_secret_variables(Blueprint blueprint, const store::Store& store) {
    if (blueprint.env_secrets.empty()) return blueprint;
    const store::Secrets secrets = TRY(store::Secrets::open(store));
    std::vector<std::string>& env = blueprint.request.spec.process.env;
    Variables variables;
    for (const std::string& entry : env)
        variables.set(entry);
    for (const auto& [variable, name] : blueprint.env_secrets) {
        Result<std::string> entry = variable_of(variable, name, secrets);
        if (entry.failed_as(Error::Kind::not_found)) continue;
        variables.set(TRY(std::move(entry)));
    }
    env = variables.entries();
    return blueprint;
}

}  // namespace sbx::container
