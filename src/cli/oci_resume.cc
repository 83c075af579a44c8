#include "cli/oci_resume.h"

#include "cli/oci.h"
#include "runtime/pause.h"

namespace sbx::cli {

namespace {

struct OciResume : Command {
    std::string id;

    void declare(Args& args) override {
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        TRY(runtime::resume(states, id));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_resume() { return std::make_unique<OciResume>(); }

}  // namespace sbx::cli
