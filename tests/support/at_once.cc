#include "support/at_once.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/process.h"

namespace sbx::test {

std::vector<int> at_once(int count, const std::function<int(int)>& body) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const os::Fd gate(ends[0]);
    os::Fd bolt(ends[1]);
    std::vector<os::Process> processes;
    for (int number = 0; number < count; ++number) {
        Result<os::Process> process = os::spawn(0, [&] {
            bolt.reset();
            char unused = 0;
            (void)!::read(gate.get(), &unused, 1);  // its end, once nobody holds the bolt
            ::_exit(body(number));
        });
        EXPECT_TRUE(process);
        if (process) processes.push_back(*std::move(process));
    }
    bolt.reset();
    std::vector<int> codes;
    for (os::Process& process : processes)
        codes.push_back(process.wait().value_or(os::ExitStatus{.code = -1}).code);
    return codes;
}

}  // namespace sbx::test
