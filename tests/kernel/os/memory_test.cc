#include "os/memory.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

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
    Process process = spawn(0, [] {
                          const std::int64_t before = resident_file_kb();
                          forget_program_pages();
                          const std::int64_t after = resident_file_kb();
                          ::_exit(after * 2 < before ? 0 : 1);
                      }).value();
    EXPECT_EQ(process.wait()->code, 0);
}

}  // namespace
}  // namespace sbx::os
