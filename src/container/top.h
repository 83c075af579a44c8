// The processes of a container as ps(1) would list them inside, read from outside: no program of
// the container has a part in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/containers.h"

namespace sbx::container {

struct ProcessTable {
    std::vector<std::string> headings;
    std::vector<std::vector<std::string>> rows;  // as the container wrote it: not safe to print
};

// The descriptors of podman-top(1), "pid,args" or a word each, or a few common options of ps(1);
// none for the usual ones. Kind::usage with the names that there are.
Result<std::vector<std::string>> parse_descriptors(const std::vector<std::string>& words);
std::vector<std::string_view> all_descriptors();

// `descriptors` are of parse_descriptors(). Kind::busy where it does not run.
Result<ProcessTable> top(const store::Store& store, const std::string& id,
                         const std::vector<std::string>& descriptors);

// "4m7s": a length of time in seconds as Go writes it.
std::string seconds_text(std::uint64_t seconds);

}  // namespace sbx::container
