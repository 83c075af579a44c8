#include "cli/oci_create.h"

#include "cli/oci.h"
#include "cli/oci_creation.h"
#include "sandbox/assumed_host.h"

namespace sbx::cli {

namespace {

struct OciCreate : Command {
    OciCreation options;

    void declare(Args& args) override {
        options.declare(args);
        args.example("sbx oci create --bundle box box", "Make a container of the bundle ./box");
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        const runtime::Creation* wanted = TRY(options.wanted(app));
        for (const std::string& warning :
             TRY(runtime::create(states, *wanted, sandbox::assumed_host())))
            app.warn(warning);
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_create() { return std::make_unique<OciCreate>(); }

}  // namespace sbx::cli
