// Containers for tests: of a root file system that has busybox alone, in a store of their own.
#pragma once

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "container/compose.h"
#include "container/end.h"
#include "container/life.h"
#include "container/monitor.h"
#include "container/status.h"
#include "os/terminal.h"
#include "sandbox/host.h"
#include "support/store.h"

namespace sbx::test {

// A program's output, read here while it is written.
class Output {
public:
    Output();
    os::FdView write_end() const { return write_end_; }
    void close_write_end() { write_end_.reset(); }

    bool shows(const std::string& text);  // waits for it
    std::string all();                    // to the end

private:
    os::Fd read_end_;
    os::Fd write_end_;
    std::string seen_;
};

// A person's terminal: what they see, what they type.
class Screen {
public:
    Screen();

    bool shows(const std::string& text);  // waits for it; what came before it is forgotten
    void type(std::string_view keys) const;
    void resize(os::WindowSize size) const;
    bool is_raw() const;
    void hang_up() { pty_.master.reset(); }  // as a window that is closed does
    os::FdView slave() const { return pty_.slave; }

private:
    os::Pty pty_;
    std::string seen_;
};

class ContainerTest : public testing::Test {
protected:
    ContainerTest();
    void SetUp() override;     // skips the test where no container can be made
    void TearDown() override;  // removes what is left, also what runs

    container::Options options(const std::string& script) const;  // of the container `box`
    container::Life life(const container::Options& options) const;
    std::optional<container::Life> kept_life(const std::string& name) const;  // of a stored one

    // An sbx that runs it in the foreground, in a process of its own: its code, its complaints.
    os::Process run(const container::Options& options, Output& output) const;
    os::Process run(const container::Options& options, Screen& screen) const;
    int code_of(const container::Options& options) const;  // of a run to the end

    std::optional<store::ContainerRecord> record() const;  // of `box`
    std::optional<container::Status> status() const;
    bool runs() const;
    bool comes_up(Output& output) const;  // waits until it says "up" and is known to run
    os::IdMap ids() const { return sandbox::default_ids(*host_); }

    // Names of what is in the folders of the store that belong to containers: "" for nothing.
    std::string left_over() const;

    TestStore store_;
    Scratch root_;
    std::optional<sandbox::Host> host_;
};

}  // namespace sbx::test
