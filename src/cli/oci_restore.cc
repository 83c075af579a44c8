#include "cli/oci_restore.h"

#include "cli/oci_criu.h"

namespace sbx::cli {

namespace {

struct OciRestore : Command {
    OciCriu options;

    void declare(Args& args) override {
        options.declare(args);
        static constexpr std::string_view kHelp = "Taken for runc's sake";
        args.option("-b,--bundle", "DIR", options.unused, kHelp, Complete::directories);
        for (const char* name : {"--console-socket", "--pid-file"})
            args.option(name, "FILE", options.unused, kHelp, Complete::files);
        for (const char* name : {"--lsm-profile", "--lsm-mount-context"})
            args.option(name, "LABEL", options.unused, kHelp);
        args.flag("-d,--detach", options.unused_flag, kHelp);
        for (const char* name : {"--no-pivot", "--no-subreaper", "--tcp-close"})
            args.flag(name, options.unused_flag, kHelp);
    }

    Result<int> run(App& app) override {
        (void)app;
        return OciCriu::refuse();
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_restore() { return std::make_unique<OciRestore>(); }

}  // namespace sbx::cli
