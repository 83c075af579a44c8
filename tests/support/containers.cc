#include "support/containers.h"

#include <cstdlib>
#include <functional>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/tree.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::test {

void fill_with_busybox(const std::string& folder) {
    for (const char* name : {"bin", "etc", "tmp"})
        make_folder(folder + "/" + name);
    make_file(folder + "/bin/busybox", bytes_of("/bin/busybox"), 0755);
    make_link(folder + "/bin/sh", "busybox");
    make_file(folder + "/etc/passwd",
              "root:x:0:0:root:/root:/bin/sh\n"
              "user:x:1000:1000::/home/user:/bin/sh\n");
    make_file(folder + "/etc/group", "root:x:0:\nuser:x:1000:\nmore:x:2000:user\n");
}

TinyRoot::TinyRoot() : root_(scratch_.tree()) { fill_with_busybox(root_); }

std::string TinyRoot::beside(std::string_view name) const {
    return fmt::format("{}/{}", scratch_.path(), name);
}

sandbox::Request TinyRoot::request(const std::string& script) const {
    return program({"/bin/sh", "-c", script});
}

sandbox::Request TinyRoot::program(std::vector<std::string> argv) const {
    sandbox::Request request;
    oci::Spec& spec = request.spec;
    spec.root_path = root_;
    spec.process.args = std::move(argv);
    spec.process.env = {"PATH=/bin"};
    spec.process.capabilities.bounding = {"CHOWN", "DAC_OVERRIDE", "FOWNER",
                                          "KILL",  "SETGID",       "SETUID"};
    for (const char* kind : {"mount", "pid", "network", "ipc", "uts", "cgroup"})
        spec.namespaces.push_back({.type = kind});
    spec.mounts = {
        {"/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}},
        {"/dev", "tmpfs", "tmpfs", {}},
        {"/dev/pts", "devpts", "devpts", {"newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}}};
    return request;
}

sandbox::Host find_host_here() {
    const Scratch scratch;
    const os::Fd cache = os::open_directory(os::FdView::cwd(), scratch.path()).value();
    return sandbox::find_host_anew({.cache = cache, .layers = scratch.tree()}).value();
}

const sandbox::Host& this_host() {
    static const sandbox::Host host = find_host_here();
    return host;
}

static std::string whole_of(const os::Fd& memory) {
    EXPECT_EQ(::lseek(memory.get(), 0, SEEK_SET), 0);
    return os::read_to_end(memory, std::size_t{64} << 20).value_or("");
}

static Result<os::ExitStatus> launch_and_wait(const sandbox::Plan& plan,
                                              const sandbox::Surroundings& surroundings) {
    sandbox::Launch launch = TRY(sandbox::Launch::begin(plan, surroundings));
    sandbox::Running running = TRY(std::move(launch).finish());
    return running.init.wait();
}

static Result<os::ExitStatus> enter_and_wait(const sandbox::Program& program,
                                             const sandbox::Inhabited& container) {
    sandbox::Entered entered = TRY(sandbox::enter(program, container));
    return entered.process.wait();
}

using Body = std::function<Result<os::ExitStatus>()>;

[[noreturn]] static void run_into(const Body& body, const os::Fd& output, const os::Fd& errors,
                                  const os::Fd& failure) {
    const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!os::place_at(null, 0) || !os::place_at(output, 1) || !os::place_at(errors, 2)) ::_exit(99);
    const Result<os::ExitStatus> status = body();
    if (!status) (void)os::write_all(failure, status.error().pack());
    ::_exit(status ? status->code : 125);
}

// For tests/real-root/kernel_without.bats: a test that fails where a system call is missing need
// not compare these words.
static void show(const Outcome& outcome) {
    if (std::getenv("SBX_TEST_SHOW_FAILURES") && !outcome.failure.empty())
        fmt::print(stderr, "did not run: {}\n", outcome.failure);
}

static Outcome outcome_of(const Body& body) {
    const os::Fd output(::memfd_create("output", MFD_CLOEXEC));
    const os::Fd errors(::memfd_create("errors", MFD_CLOEXEC));
    const os::Fd failure(::memfd_create("failure", MFD_CLOEXEC));
    Result<os::Process> child = os::spawn(0, [&] { run_into(body, output, errors, failure); });
    EXPECT_TRUE(succeeds(child));
    Outcome outcome{
        .code = child->wait().value().code, .output = whole_of(output), .errors = whole_of(errors)};
    if (const std::string packed = whole_of(failure); !packed.empty()) {
        const Error error = Error::unpack(packed);
        outcome.failure = error.text();
        outcome.hint = error.hint();
        outcome.kind = error.kind();
    }
    show(outcome);
    return outcome;
}

Outcome run(const sandbox::Plan& plan, const sandbox::Surroundings& surroundings) {
    return outcome_of([&] { return launch_and_wait(plan, surroundings); });
}

Outcome enter(const sandbox::Program& program, const sandbox::Inhabited& container) {
    return outcome_of([&] { return enter_and_wait(program, container); });
}

Outcome run(const sandbox::Request& request, const sandbox::Host& host) {
    const Result<sandbox::Plan> plan = sandbox::compile(request, host);
    if (plan) return run(*plan);
    return {.code = 125,
            .failure = plan.error().text(),
            .hint = plan.error().hint(),
            .kind = plan.error().kind()};
}

std::string output_of(const sandbox::Request& request) {
    const Outcome outcome = run(request);
    return outcome.code == 0 ? outcome.output
                             : fmt::format("{} {} {}{}", outcome.code, outcome.failure,
                                           outcome.output, outcome.errors);
}

}  // namespace sbx::test
