#include "cli/oci_state.h"

#include "cli/oci.h"
#include "runtime/status.h"

namespace sbx::cli {

namespace {

struct OciState : Command {
    std::string id;

    void declare(Args& args) override {
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        const runtime::Listed found = TRY(runtime::look_up(states, id));
        const Json document = runtime::state_document(found.state, found.status)
                                  .set("owner", runtime::owner_name(found.state.owner));
        app.print_raw(document.dump(Json::Layout::indented) + "\n");
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_state() { return std::make_unique<OciState>(); }

}  // namespace sbx::cli
