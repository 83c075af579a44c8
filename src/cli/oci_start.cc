#include "cli/oci_start.h"

#include "cli/oci.h"
#include "runtime/create.h"

namespace sbx::cli {

namespace {

struct OciStart : Command {
    std::string id;

    void declare(Args& args) override {
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        TRY(runtime::start(states, id));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_start() { return std::make_unique<OciStart>(); }

}  // namespace sbx::cli
