#include "cli/oci_ps.h"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/oci.h"
#include "os/file.h"
#include "os/pipe.h"
#include "os/process.h"
#include "runtime/processes.h"
#include "runtime/status.h"

namespace sbx::cli {

namespace {

constexpr std::array<std::string_view, 2> kFormats = {"table", "json"};
constexpr std::size_t kLargestTable = std::size_t{64} << 20;

// What the host's ps prints; its options are the person's.
Result<std::string> table_of_all(std::vector<std::string> options) {
    if (options.empty()) options = {"-ef"};
    const char* program = ::access("/usr/bin/ps", X_OK) == 0 ? "/usr/bin/ps" : "/bin/ps";
    os::Program ps{.argv = {program}};
    ps.argv.insert(ps.argv.end(), options.begin(), options.end());
    os::Pipe pipe = TRY(os::open_pipe());
    ps.output = os::FdView(pipe.write_end);
    ps.errors = os::FdView::number(2);
    os::Process process = TRY(os::start(ps));
    pipe.write_end.reset();
    std::string table = TRY(os::read_to_end(pipe.read_end, kLargestTable));
    if (TRY(process.wait()).code != 0) return Error(Error::Kind::failed, "'{}' failed", program);
    return table;
}

std::vector<std::string_view> words_in(std::string_view line) {
    std::vector<std::string_view> words = split(line, ' ');
    std::erase(words, "");
    return words;
}

struct OciPs : Command {
    std::string format = "table";
    std::string id;
    std::vector<std::string> options;

    void declare(Args& args) override {
        args.choice("-f,--format", kFormats, format, "How to print them");
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
        args.verbatim("OPTION", options, "Options of ps(1), -ef without any");
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        const runtime::Listed found = TRY(runtime::look_up(states, id));
        const std::vector<pid_t> pids = TRY(runtime::processes_of(found.state));
        if (format == "json")
            print_json(app, pids);
        else
            TRY(print_table(app, pids));
        return 0;
    }

    static void print_json(App& app, const std::vector<pid_t>& pids) {
        Json json = Json::array();
        for (const pid_t pid : pids)
            json.push(pid);
        app.print_raw(json.dump() + "\n");
    }

    Result<> print_table(App& app, const std::vector<pid_t>& pids) const {
        const std::string table = TRY(table_of_all(options));
        const std::vector<std::string_view> lines = split(table, '\n');
        const auto headings = words_in(lines.front());
        const auto column = std::ranges::find(headings, "PID") - headings.begin();
        if (column == std::ssize(headings))
            return Error(Error::Kind::usage, "what ps prints with these options has no column PID");
        app.print(lines.front());
        for (const std::string_view line : lines) {
            const auto words = words_in(line);
            if (std::ssize(words) <= column) continue;
            const auto pid = parse_number(words[static_cast<std::size_t>(column)], 1, INT32_MAX);
            if (pid && std::ranges::binary_search(pids, static_cast<pid_t>(*pid))) app.print(line);
        }
        return {};
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_ps() { return std::make_unique<OciPs>(); }

}  // namespace sbx::cli
