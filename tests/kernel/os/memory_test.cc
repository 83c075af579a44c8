#include "os/memory.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "os/file.h"

namespace sbx::os {
namespace {

// Kilobytes of files that are mapped and in memory: proc_pid_status(5).
std::int64_t resident_file_kb() {
    const std::string status = read_proc("/proc/self/status").value();
    constexpr std::string_view kName = "RssFile:";
    const std::size_t at = status.find(kName) + kName.size();
    const std::string_view line = std::string_view(status).substr(at, status.find("kB", at) - at);
    return parse_number(trim(line), 0, INT64_MAX).value();
}

TEST(ProgramPages, AreGivenBackAndCanBeHadAgain) {
    const std::int64_t before = resident_file_kb();
    forget_program_pages();
    EXPECT_LT(resident_file_kb(), before);
}

}  // namespace
}  // namespace sbx::os
