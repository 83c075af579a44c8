#include "cli/oci_delete.h"

#include "cli/oci.h"
#include "runtime/remove.h"

namespace sbx::cli {

namespace {

struct OciDelete : Command {
    bool force = false;
    std::string id;

    void declare(Args& args) override {
        args.flag("-f,--force", force, "Kill it first where it runs; none is no failure");
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        const auto forced = force ? runtime::Force::yes : runtime::Force::no;
        for (const std::string& warning : TRY(runtime::remove(states, id, forced)))
            app.warn(warning);
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_delete() { return std::make_unique<OciDelete>(); }

}  // namespace sbx::cli
