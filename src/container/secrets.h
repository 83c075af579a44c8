// Secrets of a container: what --secret asks for, and their values when it starts. A container's
// record has names alone.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "container/blueprint.h"
#include "sandbox/plan.h"
#include "store/store.h"

namespace sbx::container {

// NAME[,type=mount|env,target=...,uid=...,gid=...,mode=...], as podman-run(1) has it.
struct SecretWish {
    enum class Kind : std::uint8_t { file, variable };
    std::string name;
    Kind kind = Kind::file;
    std::string target = {};                // a path, or the name of a variable
    std::vector<std::string> options = {};  // of the file: "uid=1", "gid=1", "mode=400"
};
Result<SecretWish> parse_secret(std::string_view text);

// Enters them into the Blueprint: as mounts of type "secret", and as variables. Kind::not_found
// for one that the store does not have.
Result<> compose_secrets(const std::vector<std::string>& texts, const store::Store& store,
                         Blueprint& blueprint);

bool has_secrets(const Blueprint& blueprint);

// Puts their values, as they are now, into the files and variables of the plan.
Result<> reveal_secrets(const Blueprint& blueprint, const store::Store& store, sandbox::Plan& plan);

// The same for the variables of a program that joins the container later; a secret that is gone by
// then is none. What this returns is for that program alone, and never shown.
Result<Blueprint> with_secret_variables(Blueprint blueprint, const store::Store& store);

}  // namespace sbx::container
