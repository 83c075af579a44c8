#include "support/container_test.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/text.h"
#include "container/foreground.h"
#include "os/file.h"
#include "store/layers.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::test {

// Reads on until `text` is there, or nothing comes for ten seconds.
static bool read_until(os::FdView from, const std::string& text, std::string& seen) {
    constexpr int kPatienceMs = 10'000;
    while (!seen.contains(text)) {
        pollfd waiting{.fd = from.get(), .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, kPatienceMs) <= 0) return false;
        std::string bytes(4096, '\0');
        const ssize_t n = ::read(from.get(), bytes.data(), bytes.size());
        if (n <= 0) return false;
        seen.append(bytes, 0, static_cast<std::size_t>(n));
    }
    return true;
}

Output::Output() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    read_end_ = os::Fd(ends[0]);
    write_end_ = os::Fd(ends[1]);
}

bool Output::shows(const std::string& text) { return read_until(read_end_, text, seen_); }

std::string Output::all() {
    while (read_until(read_end_, seen_ + "?", seen_)) {
    }
    return seen_;
}

Screen::Screen()
    : pty_(os::open_pty(os::Fd(::open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC))).value()) {}

bool Screen::shows(const std::string& text) {
    const bool there = read_until(pty_.master, text, seen_);
    if (there) seen_.erase(0, seen_.find(text) + text.size());
    EXPECT_TRUE(there) << "on the screen is: " << printable(seen_);
    return there;
}

void Screen::type(std::string_view keys) const {
    EXPECT_TRUE(succeeds(os::write_all(pty_.master, keys)));
}

void Screen::resize(os::WindowSize size) const {
    EXPECT_TRUE(succeeds(os::set_window_size(pty_.master, size)));
}

bool Screen::is_raw() const {
    termios mode{};
    EXPECT_EQ(::tcgetattr(pty_.slave.get(), &mode), 0);
    return (mode.c_lflag & (ICANON | ECHO | ISIG)) == 0;
}

static void make_root(const std::string& path) {
    fill_with_busybox(path);
    for (const char* name : {"cat", "kill", "seq", "sleep", "stty", "touch"})
        make_link(path + "/bin/" + name, "busybox");
}

ContainerTest::ContainerTest() {
    make_root(root_.tree());
    EXPECT_TRUE(succeeds(store::Layers::open(store_)));
    Result<sandbox::Host> host = sandbox::find_host(
        {.cache = store_.store().runtime(), .layers = store_.data() + "/layers"});
    EXPECT_TRUE(succeeds(host));
    host_.emplace(*std::move(host));
}

void ContainerTest::SetUp() {
    skip_unless(host_->no_namespaces.empty(), host_->no_namespaces);
    skip_unless(exists("/bin/busybox"), "there is no busybox");
}

void ContainerTest::TearDown() {
    const store::Containers containers = store::Containers::open(store_).value();
    const std::vector<store::ContainerRecord> all = containers.all().value();
    for (const store::ContainerRecord& record : all)
        EXPECT_TRUE(succeeds(container::remove(store_, record.id, ids(), container::Force::kill)));
}

container::Options ContainerTest::options(const std::string& script) const {
    return {.name = "box",
            .log_driver = "passthrough",  // without a monitor, unless it has a terminal
            .rootfs = root_.tree(),
            .command = {"/bin/sh", "-c", script}};
}

container::Life ContainerTest::life(const container::Options& options) const {
    Result<container::Blueprint> blueprint =
        container::compose(options, std::nullopt, {.working_directory = "/"}, store_);
    EXPECT_TRUE(succeeds(blueprint));
    return {store_, *host_, *std::move(blueprint)};
}

std::optional<container::Life> ContainerTest::kept_life(const std::string& name) const {
    const store::Containers containers = store::Containers::open(store_).value();
    const Result<std::string> id = containers.resolve(name);
    if (!id) return std::nullopt;
    Result<container::Blueprint> blueprint =
        container::blueprint_from(*containers.read(*id), *containers.read_spec(*id));
    EXPECT_TRUE(succeeds(blueprint));
    return container::Life(store_, *host_, *std::move(blueprint));
}

[[noreturn]] static void be_sbx(container::Life life) {
    const Result<sandbox::Plan> plan = life.plan();
    const auto create = [&] { return life.create(); };
    const Result<int> code =
        plan ? container::run_in_foreground(life, *plan, {}, create) : Result<int>(125);
    if (code) ::_exit(*code);
    (void)os::write_all(os::FdView::number(2), code.error().text());
    ::_exit(container::exit_code_of(code.error()));
}

os::Process ContainerTest::run(const container::Options& options, Output& output) const {
    Result<os::Process> sbx = os::spawn(0, [&] {
        const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        (void)os::place_at(null, 0);
        for (int fd = 1; fd <= 2; ++fd)
            (void)os::place_at(output.write_end(), fd);
        output = Output();  // its own copies are closed: the reader is to see the end
        be_sbx(life(options));
    });
    output.close_write_end();
    return *std::move(sbx);
}

os::Process ContainerTest::run(const container::Options& options, Screen& screen) const {
    container::Options with_terminal = options;
    with_terminal.tty = true;
    with_terminal.interactive = true;
    Result<os::Process> sbx = os::spawn(0, [&] {
        screen.hang_up();  // its own copy of the outer side
        (void)os::make_controlling_terminal(screen.slave());
        for (int fd = 0; fd <= 2; ++fd)
            (void)os::place_at(screen.slave(), fd);
        be_sbx(life(with_terminal));
    });
    return *std::move(sbx);
}

int ContainerTest::code_of(const container::Options& options) const {
    Output output;
    os::Process sbx = run(options, output);
    const std::string words = output.all();
    const Result<os::ExitStatus> end = sbx.wait();
    EXPECT_TRUE(succeeds(end));
    return end->code;
}

std::optional<store::ContainerRecord> ContainerTest::record() const {
    const store::Containers containers = store::Containers::open(store_).value();
    const Result<std::string> id = containers.resolve("box");
    if (!id) return std::nullopt;
    Result<store::ContainerRecord> record = containers.read(*id);
    return record ? std::optional(*std::move(record)) : std::nullopt;
}

std::optional<container::Status> ContainerTest::status() const {
    const auto found = record();
    if (!found) return std::nullopt;
    return container::status_of(store::Containers::open(store_).value(), *found);
}

bool ContainerTest::runs() const {
    const auto now = status();
    return now && now->state == container::State::running;
}

bool ContainerTest::comes_up(Output& output) const {
    return output.shows("up\n") && comes_true([this] { return runs(); });
}

std::string ContainerTest::left_over() const {
    std::string text;
    for (const std::string& folder :
         {store_.data() + "/containers", store_.data() + "/container-names",
          store_.data() + "/volumes", store_.data() + "/tmp", store_.data() + "/trash",
          store_.runtime() + "/containers"}) {
        const Result<os::Fd> open = os::open_directory(os::FdView::cwd(), folder);
        if (!open) continue;
        const Result<std::vector<std::string>> names = os::names_in(*open);
        for (const std::string& name : *names)
            text += folder + "/" + name + "\n";
    }
    return text;
}

}  // namespace sbx::test
