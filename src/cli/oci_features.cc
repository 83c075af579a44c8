#include "cli/oci_features.h"

#include "cli/app.h"
#include "runtime/features.h"

namespace sbx::cli {

namespace {

struct OciFeatures : Command {
    void declare(Args& args) override { (void)args; }

    Result<int> run(App& app) override {
        app.print_raw(runtime::features().dump(Json::Layout::indented) + "\n");
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_features() { return std::make_unique<OciFeatures>(); }

}  // namespace sbx::cli
