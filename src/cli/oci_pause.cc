#include "cli/oci_pause.h"

#include "cli/oci.h"
#include "runtime/pause.h"

namespace sbx::cli {

namespace {

struct OciPause : Command {
    std::string id;

    void declare(Args& args) override {
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        TRY(runtime::pause(states, id));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_pause() { return std::make_unique<OciPause>(); }

}  // namespace sbx::cli
