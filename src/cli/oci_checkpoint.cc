#include "cli/oci_checkpoint.h"

#include "cli/oci_criu.h"

namespace sbx::cli {

namespace {

struct OciCheckpoint : Command {
    OciCriu options;

    void declare(Args& args) override {
        options.declare(args);
        static constexpr std::string_view kHelp = "Taken for runc's sake";
        args.option("--parent-path", "DIR", options.unused, kHelp, Complete::directories);
        args.option("--page-server", "ADDRESS:PORT", options.unused, kHelp);
        args.option("--status-fd", "FD", options.unused, kHelp);
        for (const char* name :
             {"--leave-running", "--pre-dump", "--tcp-skip-in-flight", "--link-remap"})
            args.flag(name, options.unused_flag, kHelp);
    }

    Result<int> run(App& app) override {
        (void)app;
        return OciCriu::refuse();
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_checkpoint() { return std::make_unique<OciCheckpoint>(); }

}  // namespace sbx::cli
