// The files of a cgroup: cgroups(7), admin-guide/cgroup-v2.rst.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::sandbox {

Result<std::string> read_cgroup_file(os::FdView folder, const std::string& file);

// One write, one command: the kernel takes it whole or not at all.
Result<> write_cgroup_file(os::FdView folder, const std::string& file, std::string_view value);

// A file of a cgroup from its beginning, without opening it again: poll(2) then tells, by POLLPRI,
// when it changes after this.
Result<std::string> read_again(os::FdView file);

// "name number" a line: the format of memory.events, cpu.stat and others.
std::map<std::string, std::uint64_t> counters_in(std::string_view text);

}  // namespace sbx::sandbox
