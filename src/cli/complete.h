// Completion of a command line, from the same declarations that parse it, and from what is in the
// store at this moment.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/args.h"

namespace sbx::cli {

struct Candidate {
    std::string text;
    std::string help = {};

    friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct Completion {
    std::vector<Candidate> candidates = {};
    bool files = false;        // the shell's own file names as well
    bool directories = false;  // of these, folders alone
};

// The live values of a kind: names of images, containers, volumes.
using LiveValues = std::function<std::vector<Candidate>(Complete kind, const std::string& begun)>;

// `words` are those of the command line behind "sbx"; the last one is being typed, and may be
// empty.
Completion complete(const std::vector<std::string>& words, const LiveValues& live);

}  // namespace sbx::cli
