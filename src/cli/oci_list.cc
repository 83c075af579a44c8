#include "cli/oci_list.h"

#include <array>

#include "cli/oci.h"
#include "runtime/status.h"

namespace sbx::cli {

namespace {

constexpr std::array<std::string_view, 2> kFormats = {"table", "json"};

struct OciList : Command {
    std::string format = "table";
    bool quiet = false;

    void declare(Args& args) override {
        args.choice("-f,--format", kFormats, format, "How to print them");
        args.flag("-q,--quiet", quiet, "Print ids alone");
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        const auto [all, damaged] = TRY(runtime::list(states));
        for (const std::string& line : damaged)
            app.warn(line);
        if (quiet)
            for (const runtime::Listed& one : all)
                app.print(one.state.id);
        else if (format == "json")
            app.print_raw(all.empty() ? "null\n" : runtime::list_document(all).dump() + "\n");
        else
            print_table(app, all);
        return 0;
    }

    // As wide as runc makes them, or wider for longer ids and folders.
    static void print_table(App& app, const std::vector<runtime::Listed>& all) {
        std::size_t id_width = 11;
        std::size_t bundle_width = 11;
        for (const runtime::Listed& one : all) {
            id_width = std::max(id_width, one.state.id.size());
            bundle_width = std::max(bundle_width, one.state.bundle.size());
        }
        const auto row = [&](auto id, auto pid, auto status, auto bundle, auto created,
                             auto owner) {
            app.print(fmt::format("{:<{}} {:<11} {:<11} {:<{}} {:<32} {}", id, id_width, pid,
                                  status, bundle, bundle_width, created, owner));
        };
        row("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER");
        for (const auto& [state, status] : all)
            row(state.id, status == runtime::Status::stopped ? 0 : state.pid,
                runtime::name_of(status), state.bundle, rfc3339(state.created),
                runtime::owner_name(state.owner));
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_list() { return std::make_unique<OciList>(); }

}  // namespace sbx::cli
